/**
 * Elementwise arithmetic. Each block is one operation: its formula, its forward, and its gradients, in the letters
 * x, a, b for inputs, y for the output, dy for the gradient with respect to y.
 * Operands broadcast, so a gradient is summed back to its operand's shape (sumTo).
 */
import { applyBinary, applyTernary, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { zerosLike } from "../../tensor/create.ts";
import { converted, type DType, isFloatingPoint, rounded, scalarName } from "../../tensor/dtype.ts";
import { divFloor, divTrunc } from "../../tensor/kernels/division.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, ge, gt, le, lt, ne } from "./compare.ts";
import { to } from "./shape.ts";
import { sumTo } from "./shared/broadcast.ts";
import { divisible } from "./shared/division.ts";
import { functionOfX, functionOfY, staircase } from "./shared/functions.ts";
import { checkTakes, isNumber } from "./shared/implemented.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";

export type { Operand } from "./shared/promotion.ts";

/** Of what a sum or a difference is made. */
export interface AddOptions {
  /** A factor for the second operand. Default: 1. */
  alpha?: number;
}

/** y = a + factor · b, rounded once: the factor is alpha for a sum, -alpha for a difference */
function addition(name: "add" | "sub", input: Operand, other: Operand, options?: AddOptions): Applied {
  const { alpha } = readOptions(options, { alpha: 1 });
  const factor = name === "add" ? alpha : -alpha;
  const [a, b] = promoted(input, other);
  if (name === "sub") checkNotBool(input, other);
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyBinary(additionOf(a.dtype, factor), a, b, name),
    grads: [
      [a, (dy) => sumTo(dy, shapeA)],
      [b, (dy) => sumTo(factor === 1 ? dy : factor === -1 ? neg(dy) : mul(dy, factor), shapeB)],
    ],
  };
}

/** @throws for a truth, of which nothing can be subtracted */
function checkNotBool(...operands: Operand[]): void {
  const bools = operands.filter((x) => typeof x !== "number" && x.dtype === "bool");
  const [which, instead] =
    bools.length > 1
      ? ["two bool tensors", "Use logicalXor() instead."]
      : ["a bool tensor", "If you are trying to invert a mask, use logicalNot() instead."];
  check(bools.length === 0, () => `Subtraction, the \`-\` operator, with ${which} is not supported. ${instead}`);
}

/** The kernel for a + factor · b. */
function additionOf(dtype: DType, factor: number): BinaryKernel {
  check(
    isFloatingPoint(dtype) || Number.isInteger(factor),
    () =>
      "For integral input tensors, argument alpha must not be a floating point number. " +
      `It is ${factor}: convert first, with x.to("float32")`,
  );
  if (dtype === "bool" && factor !== 0) return kernels.maximum; // True + True is True
  if (factor === 1) return kernels.add;
  return factor === -1 ? kernels.sub : kernels.addMultiple(rounded(factor, dtype));
}

/**
 * y = a + alpha · b, rounded once. Mirrors `torch.add`.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(x.add(tensor([10, 20]))); // broadcast to each row
 * console.log(x.add_(1, { alpha: 5 })); // x + 5 · 1, in place
 */
export const add = defineOp("add", (input: Operand, other: Operand, options?: AddOptions) =>
  addition("add", input, other, options),
);

/** y = a - alpha · b, rounded once. Mirrors `torch.sub`. @example tensor([5, 6]).sub(tensor([1, 2]), { alpha: 2 }) */
export const sub = defineOp("sub", (input: Operand, other: Operand, options?: AddOptions) =>
  addition("sub", input, other, options),
);

/** y = a · b. Mirrors `torch.mul`. @example tensor([1, 2]).mul(tensor([[10], [100]])) */
export const mul = defineOp("mul", (input: Operand, other: Operand): Applied => {
  const [a, b] = promoted(input, other);
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyBinary(kernels.mul, a, b, "mul"),
    grads: [
      [a, (dy) => sumTo(mul(dy, b), shapeA), [b]],
      [b, (dy) => sumTo(mul(dy, a), shapeB), [a]],
    ],
  };
});

/** How a quotient is rounded. */
export interface DivOptions {
  /** Default: not at all. "trunc" rounds towards 0, and "floor" down, to the next whole number. */
  roundingMode?: "trunc" | "floor";
}

/**
 * y = a / b, of whole numbers, too; rounded it stays of their dtype, and has the gradient 0. Mirrors `torch.div`.
 * @throws for whole numbers that are divided by 0 and rounded
 * @example
 * const x = tensor([7, -7], { dtype: "int32" });
 * console.log(x.div(4), x.div(4, { roundingMode: "floor" }), x.div(4, { roundingMode: "trunc" }));
 */
export const div = defineOp("div", (input: Operand, other: Operand, options?: DivOptions): Applied => {
  if (options?.roundingMode !== undefined) return roundedQuotient(input, other, options.roundingMode);
  const [a, b] = promoted(input, other).map(floating);
  const { shape } = a;
  return {
    y: applyBinary(kernels.div, a, b, "div"),
    grads: [
      [a, (dy) => sumTo(div(dy, b), shape), [b]],
      [b, (dy) => sumTo(neg(mul(dy, div(div(a, b), b))), b.shape), [a, b]],
    ],
  };
});

function roundedQuotient(input: Operand, other: Operand, mode: string): Applied {
  const otherMode = () => `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`;
  check(mode === "trunc" || mode === "floor", otherMode);
  const [a, b] = divisible(input, other, `div_${mode}`);
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyBinary(mode === "trunc" ? divTrunc : divFloor, a, b, "div"),
    grads: [
      [a, (dy) => sumTo(zerosLike(dy), shapeA)],
      [b, (dy) => sumTo(zerosLike(dy), shapeB)],
    ],
  };
}

/** Numbers to whose power it is a root: of -∞ then NaN, where a tensor as exponent gives ∞ or 0. As in PyTorch. */
const roots = new Map<number, "sqrt" | "rsqrt">([
  [0.5, "sqrt"],
  [-0.5, "rsqrt"],
]);

/**
 * y = aᵇ, da = dy · b · aᵇ⁻¹ (0 where b = 0), db = dy · y · log a (0 where a = 0 and b ≥ 0). Mirrors `torch.pow`.
 * @example console.log(tensor([1, 2, 3]).pow(2), tensor([4, 9]).pow(0.5))
 */
export const pow = defineOp("pow", (input: Operand, other: Operand): Applied => {
  const [a, b] = promoted(input, other);
  check(a.dtype !== "bool", '"pow" not implemented for \'Bool\': convert first, with x.to("int32")');
  check(
    isFloatingPoint(a.dtype) || typeof other !== "number" || other >= 0,
    'Integers to negative integer powers are not allowed. Convert first, with x.to("float32")',
  );
  const ofNumber = (dy: Tensor, power: number) =>
    power === 0 ? zerosLike(dy) : mul(dy, mul(pow(a, power - 1), power));
  const ofTensor = (dy: Tensor) => sumTo(where(eq(b, 0), 0, mul(dy, mul(b, pow(a, sub(b, 1))))), a.shape);
  const root = typeof other === "number" && isFloatingPoint(a.dtype) ? roots.get(other) : undefined;
  const y = root ? applyUnary(kernels[root], a) : applyBinary(kernels.pow, a, b, "pow");
  return {
    y,
    saves: [a, b],
    grads: [
      [a, (dy) => (typeof other === "number" ? ofNumber(dy, other) : ofTensor(dy))],
      [b, (dy) => sumTo(mul(dy, mul(y, log(where(mul(eq(a, 0), ge(b, 0)), 1, a)))), b.shape), [y]],
    ],
  };
});

/** y = x²; a bool gives int32. Mirrors `torch.square`. @example tensor([-3, 2]).square() */
export function square(input: Tensor): Tensor {
  const x = input.dtype === "bool" ? to(input, "int32") : input;
  return mul(x, x);
}

/** y = -x. Mirrors `torch.neg`. @example tensor([1, -2]).neg() */
export const neg = defineOp("neg", (x: Tensor): Applied => {
  check(
    x.dtype !== "bool",
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use logicalNot() instead.",
  );
  return { y: applyUnary(kernels.neg, x), grads: [[x, (dy) => neg(dy)]] };
});

/** y = |x|, dx = dy · sign x, which is 0 at 0. Mirrors `torch.abs`. @example tensor([-1.5, 2]).abs() */
export const abs = defineOp("abs", (x: Tensor): Applied => {
  return { y: applyUnary(kernels.abs, x), saves: [x], grads: [[x, (dy) => mul(dy, sign(x))]] };
});

/** y = -1, 0 or 1, dx = 0. Mirrors `torch.sign`. @example tensor([-5, 0, 2]).sign() */
export const sign = staircase("sign");

/**
 * y = eˣ. Mirrors `torch.exp`.
 * @example
 * const x = tensor([0, 1]);
 * console.log(x.exp());
 * x.exp_(); // x itself
 * console.log(x);
 */
export const exp = functionOfY("exp", (dy, y) => mul(dy, y));

/** y = ln x. Mirrors `torch.log`. @example tensor([1, Math.E, 0]).log() */
export const log = functionOfX("log", (dy, x) => div(dy, x));

/** y = √x. Mirrors `torch.sqrt`. @example tensor([4, 9, -1]).sqrt() */
export const sqrt = functionOfY("sqrt", (dy, y) => div(dy, mul(y, 2)));

/** y = tanh x, dx = dy · (1 - y²). Mirrors `torch.tanh`. @example tensor([-1, 0, 100]).tanh() */
export const tanh = functionOfY("tanh", (dy, y) => tanhBackward(dy, y));

/** dx = dy · (1 - y²), in one pass */
const tanhBackward = defineOp("tanhBackward", (dy: Tensor, y: Tensor): Applied => {
  return {
    y: applyBinary(kernels.tanhBackward, dy, y, "tanhBackward"),
    saves: [y],
    grads: [
      [dy, (ddx) => tanhBackward(ddx, y)],
      [y, (ddx) => mul(ddx, mul(mul(dy, y), -2)), [dy]],
    ],
  };
});

/** y = 1 / (1 + e⁻ˣ), dx = dy · y · (1 - y). Mirrors `torch.sigmoid`. @example tensor([-100, 0, 2]).sigmoid() */
export const sigmoid = functionOfY("sigmoid", (dy, y) => sigmoidBackward(dy, y));

/** dx = dy · y · (1 - y), in one pass */
const sigmoidBackward = defineOp("sigmoidBackward", (dy: Tensor, y: Tensor): Applied => {
  return {
    y: applyBinary(kernels.sigmoidBackward, dy, y, "sigmoidBackward"),
    saves: [y],
    grads: [
      [dy, (ddx) => sigmoidBackward(ddx, y)],
      [y, (ddx) => mul(ddx, mul(dy, sub(1, mul(y, 2)))), [dy]],
    ],
  };
});

/** y = max(x, 0), dx = dy where x > 0, else 0. Mirrors `torch.relu`. @example tensor([-1, 0, 2]).relu() */
export const relu = defineOp("relu", (x: Tensor): Applied => {
  check(x.dtype !== "bool", 'Boolean inputs not supported for relu: convert first, with x.to("float32")');
  const y = applyUnary(kernels.relu, x);
  return { y, saves: [y], grads: [[x, (dy) => reluBackward(dy, y)]] };
});

/** dx = dy where y > 0, else 0, for y = relu x: where dy passes does not change with y, whose gradient is 0 */
const reluBackward = defineOp("reluBackward", (dy: Tensor, y: Tensor): Applied => {
  const dx = applyBinary(kernels.reluBackward, dy, y, "reluBackward");
  return {
    y: dx,
    grads: [
      [dy, (ddx) => reluBackward(ddx, y), [y]],
      [y, (ddx) => zerosLike(ddx)],
    ],
  };
});

/**
 * y = x limited to [min, max], which are numbers or tensors; null is no limit, and where min > max it is max. dx = dy where
 * min ≤ x ≤ max, else 0, and dy is that of the limit. Mirrors `torch.clamp`.
 * @example
 * const x = tensor([-2, 0.5, 3]);
 * console.log(x.clamp(-1, 1), x.clamp(null, tensor([-5, 0, 5])));
 */
export const clamp = defineOp("clamp", (input: Tensor, min: Operand | null, max: Operand | null = null): Applied => {
  check(min !== null || max !== null, "torch.clamp: At least one of 'min' or 'max' must not be None");
  for (const bound of [min, max]) if (Number.isInteger(bound)) converted(Number(bound), input.dtype);
  const { x, low, high } = withLimits(input, min, max);
  let y = x;
  if (low) y = applyBinary(kernels.maximum, y, low, "clamp");
  if (high) y = applyBinary(kernels.minimum, y, high, "clamp");
  const grads: [Tensor, (dy: Tensor) => Tensor][] = [];
  const aboveLow = (dy: Tensor) => (low ? where(ge(x, low), dy, 0) : dy);
  const within = (dy: Tensor) => (high ? where(le(x, high), aboveLow(dy), 0) : aboveLow(dy));
  grads.push([x, (dy) => sumTo(within(dy), x.shape)]);
  if (low) {
    const counts = (dy: Tensor) => (high ? where(lt(low, high), dy, 0) : dy);
    grads.push([low, (dy) => sumTo(where(lt(x, low), counts(dy), 0), low.shape)]);
  }
  if (high) {
    const crossed = (dy: Tensor) => (low ? where(lt(high, low), dy, 0) : 0);
    grads.push([high, (dy) => sumTo(where(gt(x, high), dy, crossed(dy)), high.shape)]);
  }
  return { y, saves: [x, ...(low ? [low] : []), ...(high ? [high] : [])], grads };
});

/** All in the dtype of the result. */
function withLimits(input: Tensor, min: Operand | null, max: Operand | null) {
  let [x, low]: [Tensor, Tensor | null] = min === null ? [input, null] : promoted(input, min);
  if (max === null) return { x, low, high: null };
  const [wider, high] = promoted(x, max);
  low = low && to(low, wider.dtype);
  if (min instanceof Tensor && max instanceof Tensor) checkTakes("clamp_cpu", wider, isNumber);
  return { x: wider, low, high };
}

/** y = x, or min where that is larger: clamp without an upper limit. Mirrors `torch.clamp_min`. @example tensor([-1, 2]).clampMin(0) */
export const clampMin = (x: Tensor, min: Operand): Tensor => clamp(x, min);

/** y = x, or max where that is smaller: clamp without a lower limit. Mirrors `torch.clamp_max`. @example tensor([-1, 2]).clampMax(0) */
export const clampMax = (x: Tensor, max: Operand): Tensor => clamp(x, null, max);

/** y = the larger or the smaller of a and b, dy to that one, half each where they are equal */
const extremum = (name: "maximum" | "minimum", loses: typeof lt) =>
  defineOp(name, (input: Operand, other: Operand): Applied => {
    const [a, b] = promoted(input, other);
    return {
      y: applyBinary(kernels[name], a, b, name),
      saves: [a, b],
      grads: [
        [a, (dy) => sumTo(share(dy, a, b, loses), a.shape)],
        [b, (dy) => sumTo(share(dy, b, a, loses), b.shape)],
      ],
    };
  });

/**
 * The larger of a and b, element by element; half of dy to each where they are equal. Mirrors `torch.maximum`.
 * @example console.log(tensor([-1, 2]).maximum(0), maximum(tensor([1, 5, 3]), tensor([4, 2, 3])))
 */
export const maximum = extremum("maximum", lt);

/**
 * The smaller of a and b, element by element; half of dy to each where they are equal. Mirrors `torch.minimum`.
 * @example tensor([-1, 2]).minimum(tensor([3, 1]))
 */
export const minimum = extremum("minimum", gt);

/** y = the larger or the smaller of a and b, or the one that is a number; dy to that one, to a where they are equal */
const numberOf = (name: "fmax" | "fmin", wins: typeof ge) =>
  defineOp(name, (input: Tensor, other: Tensor): Applied => {
    const [a, b] = promoted(input, other);
    const isA = () => maximum(wins(a, b), ne(b, b));
    return {
      y: applyBinary(kernels[name], a, b, name),
      saves: [a, b],
      grads: [
        [a, (dy) => sumTo(where(isA(), dy, 0), a.shape)],
        [b, (dy) => sumTo(where(isA(), 0, dy), b.shape)],
      ],
    };
  });

/**
 * The larger of a and b, the other where one is NaN; dy to a where they are equal. Mirrors `torch.fmax`.
 * @example tensor([1, Number.NaN]).fmax(tensor([2, 3]))
 */
export const fmax = numberOf("fmax", ge);

/**
 * The smaller of a and b, the other where one is NaN; dy to a where they are equal. Mirrors `torch.fmin`.
 * @example tensor([1, Number.NaN]).fmin(tensor([2, 3]))
 */
export const fmin = numberOf("fmin", le);

/** None of dy where a loses to b, half of it where they are equal, else all; so both get all of it where one is NaN. */
const share = (dy: Tensor, a: Tensor, b: Tensor, loses: typeof lt): Tensor =>
  where(eq(a, b), mul(dy, 0.5), where(loses(a, b), 0, dy));

/**
 * y = condition ? a : b, element by element. The method is called on a: `a.where(condition, b)`. Mirrors `torch.where`.
 * @example where(tensor([true, false]), tensor([1, 2]), 0)
 */
export const where = defineOp("where", (condition: Tensor, input: Operand, other: Operand): Applied => {
  check(
    condition.dtype === "bool",
    () => `where expected condition to be a boolean tensor, but got a tensor with dtype ${scalarName[condition.dtype]}`,
  );
  const [a, b] = promoted(input, other);
  const [shapeA, shapeB] = [a.shape, b.shape];
  return {
    y: applyTernary(kernels.where, condition, a, b, "where"),
    saves: [condition],
    grads: [
      [a, (dy) => sumTo(where(condition, dy, 0), shapeA)],
      [b, (dy) => sumTo(where(condition, 0, dy), shapeB)],
    ],
  };
});
