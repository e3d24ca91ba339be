/** Functions with gradients of one's own. */
import { describe, expect, it } from "vitest";
import { defineFunction, gradcheck, gradgradcheck, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { expectExact } from "../support/index.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

const cube = defineFunction("cube", (x: Tensor) => ({
  y: x.pow(3),
  saves: [x],
  grads: [[x, (dy) => dy.mul(x.pow(2)).mul(3)]],
}));

/** Forward a step, backward as if it were not there: a straight-through estimator. */
const step = defineFunction("step", (x: Tensor) => ({ y: x.gt(0).to("float32"), grads: [[x, (dy) => dy]] }));

describe("defineFunction", () => {
  it("has the gradients it was given, and theirs", () => {
    const x = randn([2, 3], { dtype: "float64", requiresGrad: true });
    expect(gradcheck(cube, [x])).toBe(true);
    expect(gradgradcheck(cube, [x])).toBe(true);
    expect(cube(x).gradFn?.name).toBe("CubeBackward0");
  });

  it("does not ask whether they are right", () => {
    const x = leaf(-1, 2);
    const y = step(x);
    y.backward(tensor([5, 7]));
    expectExact(y, [0, 1]);
    expectExact(x.grad, [5, 7]);
  });

  it("leaves nothing in the graph of what forward computed with", () => {
    const x = leaf(2);
    const y = defineFunction("none", (x: Tensor) => ({ y: x.exp(), grads: [] }))(x);
    expect(y.requiresGrad).toBe(false);
  });

  it("may keep what its pull-back gives: the leaf's gradient has memory of its own", () => {
    const kept: Tensor[] = [];
    const cached = tensor([8, 8]);
    const keep = (dx: Tensor) => {
      kept.push(dx);
      return dx;
    };
    const keeping = defineFunction("keeping", (x: Tensor) => ({ y: x.mul(4), grads: [[x, (dy) => keep(dy.mul(4))]] }));
    const caching = defineFunction("caching", (x: Tensor) => ({ y: x.mul(8), grads: [[x, () => cached]] }));
    for (const f of [keeping, caching]) {
      const x = leaf(1, 2);
      for (let i = 0; i < 2; i++) f(x).sum().backward();
      expectExact(x.grad, f === keeping ? [8, 8] : [16, 16]);
    }
    for (const gradient of kept) expectExact(gradient, [4, 4]);
    expectExact(cached, [8, 8]);
  });

  it("may keep the gradient that it is given", () => {
    const seen: Tensor[] = [];
    const pullBack = (dy: Tensor) => {
      seen.push(dy);
      return dy;
    };
    const watched = defineFunction("watched", (x: Tensor) => ({ y: x.clone(), grads: [[x, pullBack]] }));
    const x = leaf(1, 2);
    for (let i = 0; i < 2; i++) watched(x).sum().backward();
    expectExact(seen[0].add(seen[1]), [2, 2]);
    expectExact(x.grad, [2, 2]);
  });

  it("notices a saved tensor that was changed", () => {
    const x = leaf(2);
    const copy = x.clone();
    const y = cube(copy);
    copy.add_(1);
    expect(() => y.backward()).toThrow("modified by an inplace operation");
  });

  it("may give its input back, which then stays a tensor of its own", () => {
    const same = defineFunction("same", (x: Tensor) => ({ y: x, grads: [[x, (dy) => dy.mul(10)]] }));
    const x = leaf(2);
    const y = same(x);
    y.backward();
    expect(y).not.toBe(x);
    expectExact(x.grad, [10]);
  });

  it("refuses a gradient of another shape, in PyTorch's words", () => {
    const wrong = defineFunction("wrong", (x: Tensor) => ({ y: x.sum(), grads: [[x, (dy) => dy]] }));
    const message =
      "wrongBackward returned an invalid gradient at index 0 - got [] but expected shape compatible with [3]";
    expect(() => wrong(zeros([3], { requiresGrad: true })).backward()).toThrow(message);
  });

  it("refuses what is no tensor; null is no gradient", () => {
    const giving = (dx: unknown) =>
      defineFunction("wrong", (x: Tensor) => ({ y: x.sum(), grads: [[x, () => dx as Tensor]] }));
    const message =
      "wrongBackward returned an invalid gradient at index 0 - got number but expected a tensor, or null for no gradient";
    expect(() => giving(0)(zeros([3], { requiresGrad: true })).backward()).toThrow(message);
    const x = zeros([3], { requiresGrad: true });
    giving(null)(x).backward();
    expect(x.grad).toBeNull();
  });

  it.each(["int32", "float32", "bool"] as const)(
    "gives a gradient of dtype %s the input's, as PyTorch does",
    (dtype) => {
      const x = zeros([2], { dtype: "float64", requiresGrad: true });
      const gradient = tensor([1, 0], { dtype });
      defineFunction("constant", (x: Tensor) => ({ y: x.clone(), grads: [[x, () => gradient]] }))(x)
        .sum()
        .backward();
      expectExact(x.grad, [1, 0]);
      expect(x.grad?.dtype).toBe("float64");
    },
  );
});
