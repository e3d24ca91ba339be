/** A checkpoint changes no gradient, only what is in memory until backward. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  checkpointSequential,
  grad,
  manualSeed,
  nn,
  noGrad,
  ones,
  rand,
  type Tensor,
  tensor,
} from "../../src/index.ts";
import { expectClose, expectExact } from "../support/index.ts";

const tolerance = { rtol: 1e-12, atol: 1e-12 };
const leaf = (...values: number[]) => tensor(values, { dtype: "float64", requiresGrad: true });

type Block = (x: Tensor) => Tensor;
const plain = (f: Block, x: Tensor) => f(x);
const both = [plain, (f: Block, x: Tensor) => checkpoint(f, x)];

/** What a function of the way gives with and without checkpoints. */
function expectSame(run: (call: (f: Block, x: Tensor) => Tensor) => (Tensor | null)[]): void {
  const [expected, found] = both.map(run);
  expect(found).toHaveLength(expected.length);
  for (const [i, x] of expected.entries()) expectExact(found[i], x as Tensor);
}

describe("the gradients are the same", () => {
  it("of the input, of weights, and of what was computed before", () => {
    expectSame((call) => {
      const [x, w, b] = [leaf(1, 2), leaf(3, 4), leaf(5, 6)];
      const before = w.mul(2);
      const y = call((x) => x.mul(before).add(b).tanh().mul(w).exp(), x.mul(0.1));
      y.add(before).add(w).sum().backward();
      return [y, x.grad, w.grad, b.grad];
    });
  });

  it("with dropout, and the next random numbers, too", () => {
    expectSame((call) => {
      manualSeed(1);
      const x = rand([50], { requiresGrad: true });
      const y = call((x) => nn.functional.dropout(x, 0.5), x.mul(2));
      const between = rand([3]);
      y.pow(2).sum().backward();
      return [y, between, x.grad, rand([3])];
    });
  });

  it("where no input needs one, in a checkpoint of a checkpoint, and of a batch norm", () => {
    expectSame((call) => {
      manualSeed(2);
      const [linear, norm] = [new nn.Linear(3, 4), new nn.BatchNorm1d(4)];
      const y = call((x) => call((x) => norm.forward(linear.forward(x)), x.mul(2)).pow(3), rand([5, 3]));
      y.sum().backward();
      return [y, ...[linear, norm].flatMap((layer) => layer.parameters()).map(({ grad }) => grad)];
    });
  });

  it("of grad, with hooks called once, and of gradients", () => {
    expectSame((call) => {
      const [x, w] = [leaf(1, 2), leaf(3, 4)];
      w.registerHook((dw) => dw.mul(10));
      const y = call((x) => x.pow(3).mul(w.pow(2)), x);
      const [dx] = grad(y.sum(), x, { createGraph: true });
      (dx as Tensor).sum().backward();
      return [dx, x.grad, w.grad];
    });
  });
});

it("is asked twice if the graph is kept, and not again if it is not", () => {
  let calls = 0;
  const x = leaf(1, 2);
  const y = checkpoint((x: Tensor) => {
    calls++;
    return x.exp();
  }, x).sum();
  y.backward(undefined, { retainGraph: true });
  y.backward();
  expect(calls).toBe(3);
  expectClose(x.grad, [2 * Math.E, 2 * Math.E ** 2], tolerance);
  expect(() => y.backward()).toThrow("second time");
});

it("gives several results, with values that are no tensors among them", () => {
  const [x, w] = [leaf(1, 2), leaf(3, 4)];
  const run = (x: Tensor) => [x.mul(w), "text", x.sum(), tensor([1], { dtype: "int32" })] as const;
  const [product, text, sum, whole] = checkpoint(run, x);
  expect([product.shape, text, sum.shape, whole.requiresGrad]).toEqual([[2], "text", [], false]);
  product.sum().mul(sum).backward();
  expectClose(x.grad, [3 * 3 + 11, 4 * 3 + 11], tolerance);
  expectClose(w.grad, [3, 6], tolerance);
});

it("keeps nothing that was computed on the way", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  const [kept, forgotten] = both.map((call) => {
    const refs: WeakRef<Tensor>[] = [];
    const run = (x: Tensor) => {
      const inside = x.exp();
      refs.push(new WeakRef(inside));
      return inside.mul(inside).mul(leaf(3, 4));
    };
    return { y: call(run, leaf(1, 2)), refs };
  });
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  expect([kept, forgotten].map(({ refs }) => refs[0].deref() !== undefined)).toEqual([true, false]);
  expect([kept, forgotten].map(({ y }) => y.gradFn?.name)).toEqual(["MulBackward0", "CheckpointBackward0"]);
});

it("is the function itself where nothing is recorded", () => {
  const x = leaf(1, 2);
  expect(noGrad(() => checkpoint((x: Tensor) => x.exp(), x)).requiresGrad).toBe(false);
  const constant = ones([2]);
  expect(checkpoint((x: Tensor) => x, constant)).toBe(constant);
  expect(checkpoint((x: Tensor, factor: number) => x.mul(factor), x, 3, { preserveRngState: false }).requiresGrad).toBe(
    true,
  );
});

it("an input may come back; what it reads may not be changed before backward", () => {
  const x = leaf(1, 2).mul(1);
  expect(checkpoint((x: Tensor) => x, x).storage).not.toBe(x.storage);
  const y = checkpoint((x: Tensor) => x.exp(), x);
  x.add_(1);
  expect(() => y.sum().backward()).toThrow("modified by an inplace operation");
});

it("refuses a function that gives something else when it is called again", () => {
  let calls = 0;
  const y = checkpoint((x: Tensor) => (calls++ === 0 ? x.exp() : [x.exp(), x.exp()]), leaf(1)) as Tensor;
  expect(() => y.backward()).toThrow("the function gave 1 tensors that need gradients, but 2 when it was called again");
});

describe("checkpointSequential", () => {
  it.each([1, 2, 3, 5])("of %i segments gives the same gradients", (segments) => {
    manualSeed(3);
    const layers = [new nn.Linear(3, 4), new nn.Tanh(), (x: Tensor) => x.mul(2), new nn.Linear(4, 2), new nn.Tanh()];
    const parameters = layers.flatMap((layer) => (layer instanceof nn.Module ? layer.parameters() : []));
    const x = rand([2, 3]);
    const gradients = (y: Tensor) => {
      for (const parameter of parameters) parameter.grad = null;
      y.pow(2).sum().backward();
      return parameters.map(({ grad }) => grad as Tensor);
    };
    const expected = gradients(checkpointSequential(layers, 1, x));
    const found = gradients(checkpointSequential(layers, segments, x));
    for (const [i, dx] of expected.entries()) expectExact(found[i], dx);
  });

  it("calls again all segments but the last, and refuses more of them than steps", () => {
    const calls: string[] = [];
    const steps = ["a", "b", "c", "d", "e"].map((name) => (x: Tensor) => {
      calls.push(name);
      return x.exp();
    });
    checkpointSequential(steps, 2, leaf(0)).sum().backward();
    expect(calls.join("")).toBe("abcdeab");
    expect(() => checkpointSequential(steps, 6, leaf(0))).toThrow("6 segments of 5 steps: one has no step");
  });
});
