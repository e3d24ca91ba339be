/** Threads: that they take part, that results do not depend on them, and what happens when they fail. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as lucidgrad from "../../../../src/index.ts";
import type { ConvolutionShape } from "../../../../src/tensor/kernels/convolution.ts";
import { convolutionKernels } from "../../../../src/tensor/kernels/wasm/convolution.ts";
import * as host from "../../../../src/tensor/kernels/wasm/host.ts";
import { fastestTile } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";
import * as modules from "../../../../src/tensor/kernels/wasm/modules.ts";
import { Threads } from "../../../../src/tensor/kernels/wasm/threads.ts";
import { runProgram } from "./run-program.ts";

const { getNumThreads, manualSeed, nn, optim, rand, randint, setNumThreads } = lucidgrad;

vi.mock("../../../../src/tensor/kernels/wasm/host.ts", { spy: true });

const IDLE = 1;
const BUSY = 2;

afterEach(() => {
  vi.restoreAllMocks();
  setNumThreads(1);
});

const fused = modules.hasFusedMultiplyAdd();
const team = () => new Threads(modules.scratchForThreads(fused));

type Product = Parameters<modules.ThreadFunctions["product"]>;

/** Calls of `product` that multiply 64 × 64 matrices of ones, each into a place of its own. */
function calls({ scratch }: Threads, count: number): Product[] {
  const bytes = 4 * 64 * 64;
  scratch.reserve((count + 1) * bytes + count * 4e5);
  scratch.floats.fill(0);
  scratch.floats.fill(1, 0, 64 * 64);
  return Array.from({ length: count }, (_, i): Product => {
    const [c, packing] = [(i + 1) * bytes, (count + 1) * bytes + i * 4e5];
    return [c, 4 * 64, 0, 4 * 64, 4, 0, 4, 4 * 64, 64, 64, 64, 0, packing];
  });
}

/** Makes so many calls, the first one here, and tells whether all were made. */
function runCalls(threads: Threads, count: number): boolean {
  const [own, ...others] = calls(threads, count);
  return threads.run("product", others, () => threads.scratch.functions.product(...own));
}

/** Calls `work` until other threads have been given so many calls, while they start. */
async function untilGiven(count: number, work: () => void): Promise<void> {
  const stores = vi.spyOn(Atomics, "store");
  const isGiven = ([, , state]: unknown[]) => state === BUSY;
  for (let round = 0; stores.mock.calls.filter(isGiven).length < count; round++) {
    expect(round, "rounds until the others have started").toBeLessThan(1000);
    work();
    await sleep(2);
  }
  stores.mockRestore();
}

it("threads make their part once they are there, and before that it is made here", async () => {
  const threads = team();
  await untilGiven(6, () => {
    expect(runCalls(threads, 3)).toBe(true);
    expect(threads.scratch.floats.subarray(64 * 64, 4 * 64 * 64).every((value) => value === 64)).toBe(true);
  });
});

/** Bit for bit. Not `toEqual`, which takes minutes to say how long arrays differ. */
const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).every((value, i) => Object.is(value, b[i]));

/** The weights after a few steps of training, large enough for threads. */
function train() {
  manualSeed(5);
  const [first, last] = [new nn.Linear(784, 256), new nn.Linear(256, 10)];
  const model = new nn.Sequential(first, new nn.BatchNorm1d(256), new nn.ReLU(), last);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    new nn.CrossEntropyLoss().forward(model.forward(rand([64, 784])), randint(0, 10, [64])).backward();
    optimizer.step();
  }
  return Object.values(model.stateDict()).map(({ data }) => data);
}

it("training gives the same weights bit for bit with 1, 2 and 3 threads", async () => {
  setNumThreads(1);
  const expected = train();
  for (const count of [2, 3]) {
    setNumThreads(count);
    await untilGiven(10 * (count - 1), () => {
      for (const [i, value] of train().entries()) expect(isSame(value, expected[i])).toBe(true);
    });
  }
});

/** Every look at the clock finds it a second later. */
function fastClock(): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
  vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
}

/** What starts a thread, or does not. */
type Start = typeof host.startWorker;

const cannotBeStarted: Start = (_, failed) => failed("no such file");
const mayNotBeStarted: Start = () => {
  throw new Error("Access to this API has been restricted");
};
const neverAnswers: Start = (message) => Atomics.store((message as { control: Int32Array }).control, 0, IDLE);

/** Has threads start in this way, and returns the warnings that follow. */
function startingThreads(start: Start): string[] {
  vi.mocked(host.startWorker).mockImplementation(start);
  const warnings: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((text) => warnings.push(text));
  return warnings;
}

describe("a thread that fails: one warning, and products go on here", () => {
  it.each<[string, Start, string]>([
    ["cannot be started", cannotBeStarted, "no such file"],
    ["may not be started", mayNotBeStarted, "Access to this API has been restricted"],
    ["never comes", () => undefined, "did not start"],
    ["does not come back with its part", neverAnswers, "did not answer"],
  ])("because it %s", (_, start, reason) => {
    const warnings = startingThreads(start);
    fastClock();
    const threads = team();
    for (let i = 0; i < 20 && !threads.hasFailed; i++) expect(runCalls(threads, 2)).toBe(!threads.hasFailed);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    expect(runCalls(threads, 2)).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  it("because it stops while it waits", () => {
    let stop: (reason: string) => void = () => undefined;
    const warnings = startingThreads((_, failed) => {
      stop = failed;
    });
    const threads = team();
    expect(runCalls(threads, 2)).toBe(true);
    stop("it stopped");
    expect(runCalls(threads, 2)).toBe(false);
    expect(warnings).toEqual([expect.stringContaining("it stopped")]);
  });

  it("and the product that was under way is made again", () => {
    const warnings = startingThreads(neverAnswers);
    const [a, b] = [rand([200, 100]), rand([100, 200])];
    setNumThreads(1);
    const expected = a.matmul(b);
    setNumThreads(40); // more than have been started so far
    fastClock();
    for (let i = 0; i < 2; i++) expect(isSame(a.matmul(b).data, expected.data)).toBe(true);
    expect(warnings).toHaveLength(1);
  });
});

describe("a convolution of which a thread fails is made again", () => {
  const same: ConvolutionShape = {
    ...{ images: 16, groups: 1, channels: 16, outChannels: 16 },
    ...{ size: [28, 28], kernelSize: [3, 3], outSize: [28, 28], stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
  };
  const [x, w] = [rand([16 * 16 * 784]).data, rand([16 * 16 * 9]).data];

  /** The results of all three kernels with two threads, the other of which is not a real one. */
  function results(threads: Threads | null): Float32Array[] {
    if (threads) threads.count = 2;
    const working = () => (threads?.hasFailed ? null : threads);
    const kernels = convolutionKernels(modules.scratchForKernels(fused), fastestTile(fused), working);
    const [y, dx, dw] = [x, x, w].map(({ length }) => new Float32Array(length));
    kernels.convolution(y, x, w, null, same);
    kernels.convolutionInput(dx, x, w, same);
    kernels.convolutionWeight(dw, x, x, same);
    return [y, dx, dw];
  }

  it.each([
    ["at the start", cannotBeStarted],
    ["later", neverAnswers],
  ])("%s", (_, start) => {
    const expected = results(null);
    const warnings = startingThreads(start);
    fastClock();
    for (const [k, found] of results(team()).entries()) expect(isSame(found, expected[k])).toBe(true);
    expect(warnings).toHaveLength(1);
  });
});

it("setNumThreads takes whole numbers above 0", () => {
  setNumThreads(3);
  expect(getNumThreads()).toBe(3);
  for (const count of [0, -1, 1.5, Number.NaN]) {
    expect(() => setNumThreads(count)).toThrow("set_num_threads expects a positive integer");
  }
  expect(getNumThreads()).toBe(3);
});

it("threads keep no process alive", () => {
  const program = `
    setNumThreads(3);
    for (const end = Date.now() + 300; Date.now() < end; ) rand([256, 256]).matmul(rand([256, 256]));
    console.log("done");`;
  const { stdout, stderr, status } = runProgram(program);
  expect({ stdout, stderr, status }).toEqual({ stdout: "done\n", stderr: "", status: 0 });
});
