/** The queue of jobs: they are done in order, however many they are, whoever does them. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import {
  getBackend,
  optim,
  rand,
  setBackend,
  setNumThreads,
  Tensor,
  TensorDataset,
  tensor,
  where,
  zeros,
} from "../../../../src/index.ts";
import * as host from "../../../../src/tensor/host.ts";
import * as starting from "../../../../src/tensor/kernels/wasm/start-worker.ts";
import { isPending } from "../../../../src/tensor/memory/pending.ts";

vi.mock("../../../../src/tensor/host.ts", { spy: true });
vi.mock("../../../../src/tensor/kernels/wasm/start-worker.ts", { spy: true });

afterEach(() => {
  setNumThreads(1);
  vi.restoreAllMocks();
});

/** Another thread that never comes: nothing is done before somebody waits. */
function waitForNobody(): void {
  vi.mocked(host.cores).mockReturnValue(2);
  vi.mocked(starting.startWorker).mockReturnValue(undefined);
  setNumThreads(2);
}

const SIZE = 20_000;

/** x, and then 1 more in each of so many jobs, each of what the one before has yet to write. */
function counted(x: Tensor, jobs: number): Tensor {
  let y = x;
  for (let k = 0; k < jobs; k++) y = y.add(1);
  return y;
}

it.each([2, 3])("more jobs than the queue has room for, and than it can number, by %i threads", async (threads) => {
  vi.mocked(host.cores).mockReturnValue(3);
  setNumThreads(threads);
  const zero = rand([SIZE]).mul(0);
  await sleep(20); // the others are starting
  for (const jobs of [1, 63, 64, 65, 200, 33_000]) {
    const y = counted(zero, jobs);
    expect(isPending()).toBe(true);
    expect(y.data.every((value) => value === jobs)).toBe(true);
    expect(isPending()).toBe(false);
  }
});

it("what JavaScript writes comes after the jobs that were added before", () => {
  waitForNobody();
  const x = rand([SIZE]);
  const [before, y] = [Float32Array.from(x.data), counted(x, 20)];
  x.storage.data.fill(7);
  expect(y.data.every((value, k) => Math.abs(value - before[k] - 20) < 1e-4)).toBe(true);
});

it("zeros do not come into memory that a waiting job reads, though it is nobody's any more", () => {
  waitForNobody();
  const x = zeros(SIZE, { requiresGrad: true });
  const optimizer = new optim.SGD([x], { lr: 1 });
  x.mul(3).sum().backward();
  optimizer.step();
  optimizer.zeroGrad();
  const others = Array.from({ length: 5 }, () => Tensor.zeros([SIZE], "float32"));
  expect(x.data.every((value) => value === -3)).toBe(true);
  expect(others.every((other) => other.data.every((value) => value === 0))).toBe(true);
});

it("a number that one tensor has for all elements of another is there when it is asked for", () => {
  waitForNobody();
  const [zero, three] = [rand([SIZE]).mul(0), rand([SIZE]).mul(0).add(3)];
  expect(three.data[5]).toBe(3);
  const two = three.sub_(1).select(0, 5);
  expect(
    counted(zero, 3)
      .pow(two)
      .data.every((value) => value === 9),
  ).toBe(true);
  const isLarge = Array.from({ length: 20 }, () => counted(zero, 3).gt(2).select(0, 5)); // some in memory that held zeros
  for (const one of isLarge) expect(where(one, counted(zero, 7), zero).sum().item()).toBe(7 * SIZE);
});

it("a batch does not come into memory that a waiting job reads, though it is nobody's any more", () => {
  waitForNobody();
  const x = zeros(SIZE, { requiresGrad: true });
  const optimizer = new optim.SGD([x], { lr: 1 });
  const dataset = new TensorDataset(tensor([[5, 5]]));
  x.mul(3).sum().backward();
  optimizer.step();
  optimizer.zeroGrad();
  const [batch] = dataset.getBatch(new Array(SIZE / 2).fill(0));
  expect(x.data.every((value) => value === -3)).toBe(true);
  expect(batch.data.every((value) => value === 5)).toBe(true);
});

it("another backend finds all jobs done", () => {
  waitForNobody();
  const [before, y] = [getBackend(), counted(rand([SIZE]).mul(0), 5)];
  setBackend("js");
  const z = y.mul(2);
  setBackend(before);
  expect(z.data.every((value) => value === 10)).toBe(true);
});

it("a part, a value, nested arrays and text of a tensor are there when they are asked for", () => {
  waitForNobody();
  const ask: ((x: Tensor) => unknown)[] = [
    (x) => x.select(0, 5).item(),
    (x) => x.narrow(0, 5, 1).data[0],
    (x) => (x.view(2, SIZE / 2).toArray() as number[][])[1][3],
    (x) => Number(/\d+/.exec(String(x))),
    (x) => x.storage.data[SIZE - 1],
  ];
  for (const question of ask) expect(question(counted(rand([SIZE]).mul(0), 30))).toBe(30);
});

it("the number of threads may change while jobs wait", () => {
  vi.mocked(host.cores).mockReturnValue(3);
  const zero = rand([SIZE]).mul(0);
  let y = zero;
  for (const threads of [2, 1, 3, 2, 1]) {
    setNumThreads(threads);
    y = counted(y, 5);
  }
  expect(y.data.every((value) => value === 25)).toBe(true);
});
