/** Functions with gradients of one's own. */
import { describe, expect, it } from "vitest";
import { defineFunction, gradcheck, gradgradcheck, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { expectExact } from "../support/fixtures.ts";

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
    const x = tensor([-1, 2], { requiresGrad: true });
    const y = step(x);
    y.mul(tensor([5, 7]))
      .sum()
      .backward();
    expectExact(y, [0, 1]);
    expectExact(x.grad, [5, 7]);
  });

  it("leaves nothing in the graph of what forward computed with", () => {
    const x = tensor([2], { requiresGrad: true });
    const y = defineFunction("none", (x: Tensor) => ({ y: x.exp(), grads: [] }))(x);
    expect(y.requiresGrad).toBe(false);
  });

  it("may keep what its pull-back gives: the leaf's gradient has memory of its own", () => {
    const kept: Tensor[] = [];
    const cached = tensor([8, 8]);
    const keeping = defineFunction("keeping", (x: Tensor) => ({
      y: x.mul(4),
      grads: [
        [
          x,
          (dy) => {
            kept.push(dy.mul(4));
            return kept[kept.length - 1];
          },
        ],
      ],
    }));
    const caching = defineFunction("caching", (x: Tensor) => ({ y: x.mul(8), grads: [[x, () => cached]] }));
    for (const f of [keeping, caching]) {
      const x = tensor([1, 2], { requiresGrad: true });
      for (let i = 0; i < 2; i++) f(x).sum().backward();
      expectExact(x.grad, f === keeping ? [8, 8] : [16, 16]);
    }
    for (const gradient of kept) expectExact(gradient, [4, 4]);
    expectExact(cached, [8, 8]);
  });

  it("notices a saved tensor that was changed", () => {
    const x = tensor([2], { requiresGrad: true });
    const copy = x.clone();
    const y = cube(copy);
    copy.add_(1);
    expect(() => y.backward()).toThrow("modified by an inplace operation");
  });

  it("may give its input back, which then stays a tensor of its own", () => {
    const same = defineFunction("same", (x: Tensor) => ({ y: x, grads: [[x, (dy) => dy.mul(10)]] }));
    const x = tensor([2], { requiresGrad: true });
    const y = same(x);
    y.backward();
    expect(y).not.toBe(x);
    expectExact(x.grad, [10]);
  });

  it("refuses a gradient of another shape, in PyTorch's words", () => {
    const wrong = defineFunction("wrong", (x: Tensor) => ({ y: x.sum(), grads: [[x, (dy) => dy]] }));
    expect(() => wrong(zeros([3], { requiresGrad: true })).backward()).toThrow(
      "Function wrongBackward returned an invalid gradient at index 0 - got [] but expected shape compatible with [3]",
    );
  });
});
