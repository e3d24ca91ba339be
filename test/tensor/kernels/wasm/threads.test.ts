/** Threads: that they take part, that results do not depend on them, and what happens when they fail. */
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  getNumThreads,
  manualSeed,
  nn,
  optim,
  rand,
  randint,
  setNumThreads,
  type Tensor,
} from "../../../../src/index.ts";
import type { ConvolutionShape } from "../../../../src/tensor/kernels/convolution.ts";
import { convolutionKernels } from "../../../../src/tensor/kernels/wasm/convolution.ts";
import * as host from "../../../../src/tensor/kernels/wasm/host.ts";
import { fastestTile } from "../../../../src/tensor/kernels/wasm/micro-kernel.ts";
import {
  assembleForThreads,
  assembleKernels,
  hasFusedMultiplyAdd,
  type ThreadFunctions,
} from "../../../../src/tensor/kernels/wasm/modules.ts";
import { Scratch } from "../../../../src/tensor/kernels/wasm/scratch.ts";
import { Threads } from "../../../../src/tensor/kernels/wasm/threads.ts";

vi.mock("../../../../src/tensor/kernels/wasm/host.ts", { spy: true });

const IDLE = 1;
const BUSY = 2;

afterEach(() => {
  vi.restoreAllMocks();
  setNumThreads(1);
});

function team(): Threads {
  const module = assembleForThreads(hasFusedMultiplyAdd());
  return new Threads(module, new Scratch(module, { shared: true }));
}

type Product = Parameters<ThreadFunctions["product"]>;

/** Calls of `product` that multiply n × n matrices of ones, each into a place of its own. */
function calls(threads: Threads, count: number, n = 64): Product[] {
  const bytes = 4 * n * n;
  threads.scratch.reserve((count + 1) * bytes + count * 4e5);
  threads.scratch.floats.fill(1);
  return Array.from({ length: count }, (_, i): Product => {
    const c = (i + 1) * bytes;
    return [c, 4 * n, 0, 4 * n, 4, 0, 4, 4 * n, n, n, n, 0, (count + 1) * bytes + i * 4e5];
  });
}

/** Makes the calls, the first one here. */
const runAll = (threads: Threads, [own, ...others]: Product[]): boolean =>
  threads.run("product", others, () => threads.scratch.functions.product(...own));

/** How often another thread was given a call since `spy` was set up. */
const callsGiven = (spy: { mock: { calls: unknown[][] } }): number =>
  spy.mock.calls.filter(([, , state]) => state === BUSY).length;

describe("threads", () => {
  it("make their part once they are there, and before that it is made here", async () => {
    const stores = vi.spyOn(Atomics, "store");
    const threads = team();
    const work = calls(threads, 3);
    for (let i = 0; callsGiven(stores) < 6; i++) {
      expect(i, "rounds until the others have started").toBeLessThan(1000);
      threads.scratch.floats.fill(0, 64 * 64);
      threads.scratch.floats.fill(1, 0, 64 * 64);
      expect(runAll(threads, work)).toBe(true);
      expect(threads.scratch.floats.subarray(64 * 64, 4 * 64 * 64).every((value) => value === 64)).toBe(true);
      if (i > 0) await sleep(5);
    }
  });
});

/** Bit for bit. Not `toEqual`, which takes minutes to say how long arrays differ. */
const isSame = (a: Tensor, b: Tensor): boolean => a.data.every((value, i) => Object.is(value, b.data[i]));

/** A few steps of training, large enough for threads. */
function train(): Tensor[] {
  manualSeed(5);
  const model = new nn.Sequential(
    new nn.Linear(784, 256),
    new nn.BatchNorm1d(256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
  );
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  for (let step = 0; step < 5; step++) {
    optimizer.zeroGrad();
    new nn.CrossEntropyLoss().forward(model.forward(rand([64, 784])), randint(0, 10, [64])).backward();
    optimizer.step();
  }
  return Object.values(model.stateDict());
}

it("training gives the same weights bit for bit with 1, 2 and 3 threads", async () => {
  setNumThreads(1);
  const expected = train();
  for (const count of [2, 3]) {
    setNumThreads(count);
    const stores = vi.spyOn(Atomics, "store");
    for (let i = 0; callsGiven(stores) < 10 * (count - 1); i++) {
      expect(i, "trainings until the others have started").toBeLessThan(200);
      for (const [i, value] of train().entries()) expect(isSame(value, expected[i])).toBe(true);
      await sleep(1); // the others are starting
    }
    stores.mockRestore();
  }
});

describe("a thread that fails: one warning, and products go on here", () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    vi.spyOn(console, "warn").mockImplementation((text) => warnings.push(text));
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

  function expectFailure(threads: Threads, reason: string): void {
    expect(runAll(threads, calls(threads, 2))).toBe(false);
    expect(threads.hasFailed).toBe(true);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    expect(runAll(threads, calls(threads, 2))).toBe(false);
    expect(warnings).toHaveLength(1);
  }

  it("because it cannot be started", () => {
    vi.mocked(host.startWorker).mockImplementation((_, failed) => failed("no such file"));
    expectFailure(team(), "no such file");
  });

  it("because it may not be started", () => {
    vi.mocked(host.startWorker).mockImplementation(() => {
      throw new Error("Access to this API has been restricted");
    });
    expectFailure(team(), "Access to this API has been restricted");
  });

  it("because it never comes", () => {
    vi.mocked(host.startWorker).mockImplementation(() => undefined);
    fastClock();
    const threads = team();
    for (let i = 0; i < 20 && !threads.hasFailed; i++) runAll(threads, calls(threads, 2));
    expectFailure(threads, "did not start");
  });

  it("because it does not come back with its part", () => {
    vi.mocked(host.startWorker).mockImplementation((message) => {
      Atomics.store((message as { control: Int32Array }).control, 0, IDLE);
    });
    fastClock();
    expectFailure(team(), "did not answer");
  });

  it("because it stops while it waits", async () => {
    let stop: (reason: string) => void = () => undefined;
    vi.mocked(host.startWorker).mockImplementation((_, failed) => {
      stop = failed;
    });
    const threads = team();
    runAll(threads, calls(threads, 2));
    stop("it stopped");
    expectFailure(threads, "it stopped");
  });

  it("and the product that was under way is made again", () => {
    vi.mocked(host.startWorker).mockImplementation((message) => {
      Atomics.store((message as { control: Int32Array }).control, 0, IDLE);
    });
    const [a, b] = [rand([200, 100]), rand([100, 200])];
    setNumThreads(1);
    const expected = a.matmul(b);
    setNumThreads(40); // more than have been started so far
    fastClock();
    for (let i = 0; i < 2; i++) expect(isSame(a.matmul(b), expected)).toBe(true);
    expect(warnings).toHaveLength(1);
  });
});

describe("a convolution of which a thread fails is made again", () => {
  const fused = hasFusedMultiplyAdd();
  const same: ConvolutionShape = {
    ...{ images: 16, groups: 1, channels: 16, outChannels: 16 },
    ...{ size: [28, 28], kernelSize: [3, 3], outSize: [28, 28], stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
  };
  const [x, w] = [rand([16 * 16 * 784]).data, rand([16 * 16 * 9]).data];

  /** Kernels with two threads, the other of which is not a real one, and the results of all three. */
  function results(threads: Threads | null): Float32Array[] {
    if (threads) threads.count = 2;
    const working = () => (threads?.hasFailed ? null : threads);
    const scratch = new Scratch(assembleKernels(fused), { shared: false });
    const kernels = convolutionKernels(scratch, fastestTile(fused), working);
    const [y, dx, dw] = [x, x, w].map(({ length }) => new Float32Array(length));
    kernels.convolution(y, x, w, null, same);
    kernels.convolutionInput(dx, x, w, same);
    kernels.convolutionWeight(dw, x, x, same);
    return [y, dx, dw];
  }

  it.each(["at the start", "later"])("%s", (when) => {
    const expected = results(null);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.mocked(host.startWorker).mockImplementation((message, failed) => {
      if (when === "at the start") failed("no such file");
      else Atomics.store((message as { control: Int32Array }).control, 0, IDLE);
    });
    vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
    if (when === "later") {
      let now = 0;
      vi.spyOn(performance, "now").mockImplementation(() => {
        now += 1000;
        return now;
      });
    }
    for (const [k, found] of results(team()).entries()) {
      expect(found.findIndex((value, i) => !Object.is(value, expected[k][i]))).toBe(-1);
    }
    expect(warn).toHaveBeenCalledTimes(1);
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
    import { rand, setNumThreads } from ${JSON.stringify(new URL("../../../../src/index.ts", import.meta.url).href)};
    setNumThreads(3);
    for (const end = Date.now() + 300; Date.now() < end; ) rand([256, 256]).matmul(rand([256, 256]));
    console.log("done");`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
  expect({ stdout, stderr, status }).toEqual({ stdout: "done\n", stderr: "", status: 0 });
});
