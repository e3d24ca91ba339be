/** A check that cannot fail checks nothing: gradcheck is shown wrong gradients here, and finds each. */
import { expect, it } from "vitest";
import { gradcheck, gradgradcheck } from "../../src/autograd/gradcheck.ts";
import { defineOp } from "../../src/autograd/op.ts";
import { exp, mul } from "../../src/autograd/ops/elementwise.ts";
import { permute } from "../../src/autograd/ops/shape.ts";
import { noGrad, randn, type Tensor, tensor } from "../../src/index.ts";
import { copyOf } from "../../src/tensor/apply.ts";

const x = (): Tensor => randn([2, 2], { dtype: "float64", requiresGrad: true });

/** The operation y = x with a wrong gradient. */
const wrong = (pullBack: (dy: Tensor) => Tensor) =>
  defineOp("wrong", (x: Tensor) => ({ y: copyOf(x), grads: [[x, pullBack]] }));

it.each([
  ["is wrong by 1 %", wrong((dy) => mul(dy, 1.01))],
  ["has the wrong sign", wrong((dy) => mul(dy, -1))],
  ["arrives at the wrong places, which a plain sum would not notice", wrong((dy) => permute(dy, [1, 0]))],
  ["is lost", defineOp("lost", (x: Tensor) => ({ y: copyOf(x), grads: [] }))],
])("gradcheck fails for a gradient that %s", (_, f) => {
  expect(() => gradcheck(f, [x()])).toThrow(/^Jacobian mismatch for element \d of input 0, of shape \[2, 2\]/);
});

it("gradgradcheck fails for a gradient that is right but not differentiable", () => {
  const unrecorded = (x: Tensor) => noGrad(() => exp(x));
  const f = defineOp("exp with a constant gradient", (x: Tensor) => {
    return { y: unrecorded(x), saves: [x], grads: [[x, (dy) => mul(dy, unrecorded(x))]] };
  });
  expect(gradcheck(f, [x()])).toBe(true);
  expect(() => gradgradcheck(f, [x()])).toThrow("Jacobian mismatch");
});

it.each([gradcheck, gradgradcheck])("%o leaves its input as it was when the function fails", (check) => {
  const input = tensor([1, 2], { dtype: "float64", requiresGrad: true });
  let calls = 0;
  const failing = (x: Tensor) => {
    if (++calls === 3) throw new Error("stop");
    return exp(x);
  };
  expect(() => check(failing, [input])).toThrow("stop");
  expect(input.toArray()).toEqual([1, 2]);
});

it("says what it cannot check", () => {
  const [constant, single] = [tensor([1], { dtype: "float64" }), tensor([1], { requiresGrad: true })];
  expect(() => gradcheck(exp, [constant])).toThrow("at least one input tensor to require gradient");
  expect(() => gradcheck(exp, [single])).toThrow("gradcheck needs float64 inputs");
});
