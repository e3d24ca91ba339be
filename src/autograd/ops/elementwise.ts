/**
 * Elementwise arithmetic. Each block is one operation: its formula, its forward, and its gradients, in the letters
 * x, a, b for inputs, y for the output, dy for the gradient with respect to y.
 * Operands broadcast, so a gradient is summed back to its operand's shape (sumTo).
 */
import { applyBinary, applyTernary, applyUnary } from "../../tensor/apply.ts";
import { full } from "../../tensor/create.ts";
import { type DType, isFloatingPoint, resultType, scalarName, scalarType } from "../../tensor/dtype.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, ge, gt, le, lt, sign } from "./compare.ts";
import { sumTo, to } from "./shape.ts";

/** What arithmetic takes: a number stands for a scalar of the other operand's dtype. */
export type Operand = Tensor | number;

/** Both operands as tensors of the dtype that the result will have. */
export function promoted(left: Operand, right: Operand): [a: Tensor, b: Tensor] {
  const a = typeof left === "number" ? scalar(left, right as Tensor) : left;
  const b = typeof right === "number" ? scalar(right, a) : right;
  const dtype = resultType(a, b);
  return [to(a, dtype), to(b, dtype)];
}

const scalar = (value: number, beside: Tensor) => full([], value, { dtype: scalarType(value, beside.dtype) });

/** Whole numbers become float32 where a result has fractions. */
export const floating = (x: Tensor): Tensor => (isFloatingPoint(x.dtype) ? x : to(x, "float32"));

export interface AddOptions {
  /** A factor for the second operand. Default: 1. */
  alpha?: number;
}

/** y = a + alpha · b, rounded once */
export const add = defineOp("add", (left: Operand, right: Operand, { alpha = 1 }: AddOptions = {}): Applied => {
  const [a, b] = promoted(left, right);
  if (!isFloatingPoint(a.dtype) && !Number.isInteger(alpha)) {
    throw new Error("For integral input tensors, argument alpha must not be a floating point number.");
  }
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyBinary(additionOf(a.dtype, alpha), a, b, "add"),
    grads: [
      [a, (dy) => sumTo(dy, shapeA)],
      [b, (dy) => sumTo(alpha === 1 ? dy : mul(dy, alpha), shapeB)],
    ],
  };
});

function additionOf(dtype: DType, alpha: number): BinaryKernel {
  if (dtype === "bool") return kernels.maximum; // True + True is True
  if (alpha === 1) return kernels.add;
  return kernels.addMultiple(dtype === "float32" ? Math.fround(alpha) : alpha);
}

/** y = a - b */
export const sub = defineOp("sub", (left: Operand, right: Operand): Applied => {
  const [a, b] = promoted(left, right);
  if (a.dtype === "bool") throw new Error("Subtraction, the `-` operator, with two bool tensors is not supported.");
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyBinary(kernels.sub, a, b, "sub"),
    grads: [
      [a, (dy) => sumTo(dy, shapeA)],
      [b, (dy) => sumTo(neg(dy), shapeB)],
    ],
  };
});

/** y = a · b */
export const mul = defineOp("mul", (left: Operand, right: Operand): Applied => {
  const [a, b] = promoted(left, right);
  return {
    y: applyBinary(kernels.mul, a, b, "mul"),
    grads: [
      [a, (dy) => sumTo(mul(dy, b), a.shape), [b]],
      [b, (dy) => sumTo(mul(dy, a), b.shape), [a]],
    ],
  };
});

/** y = a / b, also of whole numbers: PyTorch's true division */
export const div = defineOp("div", (left: Operand, right: Operand): Applied => {
  const [a, b] = promoted(left, right).map(floating);
  return {
    y: applyBinary(kernels.div, a, b, "div"),
    grads: [
      [a, (dy) => sumTo(div(dy, b), a.shape), [b]],
      [b, (dy) => sumTo(neg(mul(dy, div(div(a, b), b))), b.shape), [a, b]],
    ],
  };
});

/** y = aᵇ, da = dy · b · aᵇ⁻¹ (0 where b = 0), db = dy · y · log a (0 where a = 0 and b ≥ 0) */
export const pow = defineOp("pow", (left: Operand, right: Operand): Applied => {
  const [a, b] = promoted(left, right);
  if (!isFloatingPoint(a.dtype) && typeof right === "number" && right < 0) {
    throw new Error("Integers to negative integer powers are not allowed.");
  }
  const y = applyBinary(kernels.pow, a, b, "pow");
  return {
    y,
    saves: [a, b],
    grads: [
      [a, (dy) => sumTo(where(eq(b, 0), 0, mul(dy, mul(b, pow(a, sub(b, 1))))), a.shape)],
      [b, (dy) => sumTo(where(mul(eq(a, 0), ge(b, 0)), 0, mul(dy, mul(y, log(a)))), b.shape), [y]],
    ],
  };
});

/** y = -x */
export const neg = defineOp("neg", (x: Tensor): Applied => {
  if (x.dtype === "bool") throw new Error("Negation, the `-` operator, on a bool tensor is not supported.");
  return { y: applyUnary(kernels.neg, x), grads: [[x, (dy) => neg(dy)]] };
});

/** y = |x|, dx = dy · sign x, which is 0 at 0 */
export const abs = defineOp(
  "abs",
  (x: Tensor): Applied => ({
    y: applyUnary(kernels.abs, x),
    saves: [x],
    grads: [[x, (dy) => mul(dy, sign(x))]],
  }),
);

/** y = eˣ */
export const exp = defineOp("exp", (input: Tensor): Applied => {
  const x = floating(input);
  const y = applyUnary(kernels.exp, x);
  return { y, saves: [y], grads: [[x, (dy) => mul(dy, y)]] };
});

/** y = ln x */
export const log = defineOp("log", (input: Tensor): Applied => {
  const x = floating(input);
  return { y: applyUnary(kernels.log, x), saves: [x], grads: [[x, (dy) => div(dy, x)]] };
});

/** y = √x */
export const sqrt = defineOp("sqrt", (input: Tensor): Applied => {
  const x = floating(input);
  const y = applyUnary(kernels.sqrt, x);
  return { y, saves: [y], grads: [[x, (dy) => div(dy, mul(y, 2))]] };
});

/** y = tanh x, dx = dy · (1 - y²) */
export const tanh = defineOp("tanh", (input: Tensor): Applied => {
  const x = floating(input);
  const y = applyUnary(kernels.tanh, x);
  return { y, saves: [y], grads: [[x, (dy) => mul(dy, sub(1, mul(y, y)))]] };
});

/** y = 1 / (1 + e⁻ˣ), dx = dy · y · (1 - y) */
export const sigmoid = defineOp("sigmoid", (input: Tensor): Applied => {
  const x = floating(input);
  const y = applyUnary(kernels.sigmoid, x);
  return { y, saves: [y], grads: [[x, (dy) => mul(dy, mul(y, sub(1, y)))]] };
});

/** y = max(x, 0), dx = dy where x > 0, else 0 */
export const relu = defineOp("relu", (x: Tensor): Applied => {
  if (x.dtype === "bool") throw new Error("Boolean inputs not supported for relu");
  const y = applyUnary(kernels.relu, x);
  return { y, saves: [y], grads: [[x, (dy) => reluBackward(dy, y)]] };
});

/** dx = dy where y > 0, else 0, for y = relu x: where dy passes does not change with y, so y gets no gradient */
const reluBackward = defineOp("reluBackward", (dy: Tensor, y: Tensor): Applied => {
  const dx = applyBinary(kernels.reluBackward, dy, y, "reluBackward");
  return { y: dx, saves: [y], grads: [[dy, (ddx) => reluBackward(ddx, y)]] };
});

/** y = x limited to [min, max], dx = dy where min ≤ x ≤ max, else 0 */
export const clamp = defineOp("clamp", (x: Tensor, min: number | null, max: number | null = null): Applied => {
  if (min === null && max === null) {
    throw new Error("torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  let y = x;
  if (min !== null) y = applyBinary(kernels.maximum, ...promoted(y, min), "clamp");
  if (max !== null) y = applyBinary(kernels.minimum, ...promoted(y, max), "clamp");
  const inside = () => mul(ge(x, min ?? -Infinity), le(x, max ?? Infinity));
  return { y, saves: [x], grads: [[x, (dy) => where(inside(), dy, 0)]] };
});

/** y = the larger or the smaller of a and b, dy to that one, half each where they are equal */
const extremum = (name: "maximum" | "minimum", loses: typeof lt) =>
  defineOp(name, (left: Operand, right: Operand): Applied => {
    const [a, b] = promoted(left, right);
    return {
      y: applyBinary(kernels[name], a, b, name),
      saves: [a, b],
      grads: [
        [a, (dy) => sumTo(share(dy, a, b, loses), a.shape)],
        [b, (dy) => sumTo(share(dy, b, a, loses), b.shape)],
      ],
    };
  });

/** The larger of a and b, element by element. Mirrors `torch.maximum`. */
export const maximum = extremum("maximum", lt);

/** The smaller of a and b, element by element. Mirrors `torch.minimum`. */
export const minimum = extremum("minimum", gt);

/** None of dy where a loses to b, half of it where they are equal, else all; so both get all of it where one is NaN. */
const share = (dy: Tensor, a: Tensor, b: Tensor, loses: typeof lt): Tensor =>
  where(eq(a, b), mul(dy, 0.5), where(loses(a, b), 0, dy));

/** y = condition ? a : b, element by element */
export const where = defineOp("where", (condition: Tensor, left: Operand, right: Operand): Applied => {
  if (condition.dtype !== "bool") {
    throw new Error(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${scalarName[condition.dtype]}`,
    );
  }
  const [a, b] = promoted(left, right);
  return {
    y: applyTernary(kernels.where, condition, a, b, "where"),
    saves: [condition],
    grads: [
      [a, (dy) => sumTo(where(condition, dy, 0), a.shape)],
      [b, (dy) => sumTo(where(condition, 0, dy), b.shape)],
    ],
  };
});
