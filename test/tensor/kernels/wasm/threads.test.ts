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
import * as host from "../../../../src/tensor/host.ts";
import type { Jobs } from "../../../../src/tensor/kernels/wasm/jobs.ts";
import * as starting from "../../../../src/tensor/kernels/wasm/start-worker.ts";
import { STAGE_START } from "../../../../src/tensor/memory/memory.ts";
import { isPoisoned } from "../../../../src/tensor/memory/poison.ts";
import { makeJobs } from "./make-jobs.ts";

vi.mock("../../../../src/tensor/host.ts", { spy: true });
vi.mock("../../../../src/tensor/kernels/wasm/start-worker.ts", { spy: true });

afterEach(() => {
  vi.restoreAllMocks();
  setNumThreads(1);
});

const x = Float32Array.from({ length: 200_000 }, (_, k) => k);
const blocks = Math.ceil(x.length / 1000);
/** How many blocks one thread does that has no others: all at once, unless poison makes every job wait in the queue. */
const alone = isPoisoned ? blocks : 0;

/** -x, in 200 blocks. @returns how many of them this thread has done */
function negate(jobs: Jobs): number {
  const done = vi.spyOn(Atomics, "add");
  const out = new Float32Array(x.length);
  jobs.run("neg", x.length, 1000, [x.length, jobs.output(out), jobs.input(x), 0, 1]);
  jobs.finish();
  expect(out.findIndex((value, k) => value !== -k)).toBe(-1);
  const count = done.mock.calls.length;
  done.mockRestore();
  return count;
}

it.each([2, 3])("%i threads take blocks once they are there", async (threads) => {
  const jobs = makeJobs(threads);
  for (let round = 0; negate(jobs) === blocks; round++) {
    expect(round, "rounds until another has started").toBeLessThan(2000);
    await sleep(1);
  }
  for (let round = 0; round < 200; round++) negate(jobs);
});

it("are no more than there is memory for, on a machine of a thousand cores", () => {
  const start = vi.mocked(starting.startWorker).mockImplementation(() => {});
  const jobs = makeJobs(1000);
  negate(jobs);
  const scratches = start.mock.calls.map(([message]) => (message as { scratch: number }).scratch);
  expect(new Set(scratches).size).toBe(jobs.threads - 1);
  expect(jobs.threads).toBeGreaterThan(16);
  expect(Math.max(...scratches) + 512).toBeLessThanOrEqual(STAGE_START);
});

it("end when only one is to work, and others start when more are again", async () => {
  const { startWorker } = await vi.importActual<typeof starting>("../../../../src/tensor/kernels/wasm/start-worker.ts");
  let ended = 0;
  vi.mocked(starting.startWorker).mockImplementation((message, failed) =>
    startWorker(message, (reason) => {
      ended++;
      failed(reason);
    }),
  );
  const warn = vi.spyOn(console, "warn");
  const jobs = makeJobs(3);
  negate(jobs);
  jobs.threads = 1;
  for (let round = 0; ended < 2; round++) {
    expect(round, "rounds until they have ended").toBeLessThan(2000);
    await sleep(5);
  }
  expect(negate(jobs)).toBe(alone);
  jobs.threads = 2;
  for (let round = 0; negate(jobs) === blocks; round++) {
    expect(round, "rounds until another has started").toBeLessThan(2000);
    await sleep(1);
  }
  expect(warn).not.toHaveBeenCalled();
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

it("training gives the same weights bit for bit with 1 and 2 threads", async () => {
  setNumThreads(1);
  const expected = train();
  vi.mocked(host.cores).mockReturnValue(3);
  for (const count of [2, 3]) {
    setNumThreads(count);
    for (let i = 0; i < 10; i++) {
      for (const [k, value] of train().entries()) expect(isSame(value, expected[k])).toBe(true);
      await sleep(5); // the others are starting
    }
  }
});

describe("a thread that fails: one warning, and this one does all blocks", () => {
  let warnings: string[];
  beforeEach(() => {
    warnings = [];
    vi.spyOn(console, "warn").mockImplementation((text) => warnings.push(text));
  });

  function expectFailure(jobs: Jobs, reason: string): void {
    negate(jobs);
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    jobs.threads = 3; // has no effect
    expect(negate(jobs)).toBe(alone);
    expect(warnings).toHaveLength(1);
  }

  it("because it cannot be started", () => {
    vi.mocked(starting.startWorker).mockImplementation((_, failed) => failed("no such file"));
    expectFailure(makeJobs(2), "no such file");
  });

  it("because it may not be started", () => {
    vi.mocked(starting.startWorker).mockImplementation(() => {
      throw new Error("Access to this API has been restricted");
    });
    expectFailure(makeJobs(2), "Access to this API has been restricted");
  });

  it("because it stops", () => {
    let stop: (reason: string) => void = () => undefined;
    vi.mocked(starting.startWorker).mockImplementation((_, failed) => {
      stop = failed;
    });
    const jobs = makeJobs(2);
    expect(negate(jobs)).toBe(blocks);
    stop("it stopped");
    expectFailure(jobs, "it stopped");
  });
});

it("a thread that stops in the middle of a block is an error, since nobody knows what it has written", () => {
  vi.mocked(starting.startWorker).mockImplementation(() => undefined);
  const jobs = makeJobs(2);
  const exchange = Atomics.compareExchange;
  let taken = 0;
  vi.spyOn(Atomics, "compareExchange").mockImplementation(((
    words: Int32Array,
    at: number,
    old: number,
    next: number,
  ) => {
    if (taken++ === 1) exchange(words, at, old, next); // a block, as if another had been quicker
    return exchange(words, at, old, next);
  }) as typeof Atomics.compareExchange);
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
  vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
  expect(() => negate(jobs)).toThrow("was stopped in the middle of its work");
});

it("setNumThreads takes whole numbers above 0", () => {
  vi.mocked(host.cores).mockReturnValue(4);
  setNumThreads(3);
  expect(getNumThreads()).toBe(3);
  for (const count of [0, -1, 1.5, Number.NaN]) {
    expect(() => setNumThreads(count)).toThrow("set_num_threads expects a positive integer");
  }
  expect(getNumThreads()).toBe(3);
});

it.each([
  [4, 4],
  [1000, 64],
])("of %i cores at most %i are used and counted", (cores, most) => {
  vi.mocked(host.cores).mockReturnValue(cores);
  setNumThreads(1e9);
  expect(getNumThreads()).toBe(most);
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
