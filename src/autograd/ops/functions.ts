/**
 * Mathematical functions, element by element: each is its kernel, of the same name, and its derivative, written in x or in
 * y = f(x), whichever is shorter. exp, log, sqrt, tanh and sigmoid, which networks are made of, are in elementwise.ts.
 */
import { applyBinary } from "../../tensor/apply.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import * as special from "../../tensor/kernels/special.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, div, exp, mul, neg, square, sub } from "./elementwise.ts";
import { sumTo } from "./shared/broadcast.ts";
import { functionOf, functionOfX, functionOfY } from "./shared/functions.ts";
import { checkTakes } from "./shared/implemented.ts";
import { floating, promoted } from "./shared/promotion.ts";

/** sin' = cos. Mirrors `torch.sin`. @example tensor([0, Math.PI / 2]).sin() */
export const sin = functionOfX("sin", (dy, x) => mul(dy, cos(x)));

/** cos' = -sin. Mirrors `torch.cos`. @example tensor([0, Math.PI]).cos() */
export const cos = functionOfX("cos", (dy, x) => mul(dy, neg(sin(x))));

/** tan' = 1 + tan². Mirrors `torch.tan`. @example tensor([0, Math.PI / 4]).tan() */
export const tan = functionOfY("tan", (dy, y) => mul(dy, add(square(y), 1)));

/** asin' = 1 / √(1 - x²). Mirrors `torch.asin`. @example tensor([0, 1, 2]).asin() */
export const asin = functionOfX("asin", (dy, x) => mul(dy, rsqrt(sub(1, square(x)))));

/** acos' = -1 / √(1 - x²). Mirrors `torch.acos`. @example tensor([1, 0, -1]).acos() */
export const acos = functionOfX("acos", (dy, x) => mul(dy, neg(rsqrt(sub(1, square(x))))));

/** atan' = 1 / (1 + x²). Mirrors `torch.atan`. @example tensor([0, 1, Infinity]).atan() */
export const atan = functionOfX("atan", (dy, x) => mul(dy, reciprocal(add(square(x), 1))));

/** sinh x = (eˣ - e⁻ˣ) / 2, sinh' = cosh. Mirrors `torch.sinh`. @example tensor([0, 1]).sinh() */
export const sinh = functionOfX("sinh", (dy, x) => mul(dy, cosh(x)));

/** cosh x = (eˣ + e⁻ˣ) / 2, cosh' = sinh. Mirrors `torch.cosh`. @example tensor([0, 1]).cosh() */
export const cosh = functionOfX("cosh", (dy, x) => mul(dy, sinh(x)));

/** asinh' = 1 / √(x² + 1). Mirrors `torch.asinh`. @example tensor([0, 1]).asinh() */
export const asinh = functionOfX("asinh", (dy, x) => mul(dy, rsqrt(add(square(x), 1))));

/** acosh' = 1 / √(x² - 1). Mirrors `torch.acosh`. @example tensor([1, 2]).acosh() */
export const acosh = functionOfX("acosh", (dy, x) => mul(dy, rsqrt(sub(square(x), 1))));

/** atanh' = 1 / (1 - x²). Mirrors `torch.atanh`. @example tensor([0, 0.5, 1]).atanh() */
export const atanh = functionOfX("atanh", (dy, x) => mul(dy, reciprocal(sub(1, square(x)))));

/**
 * erf x = 2/√π ∫ e^(-t²) dt from 0 to x, the share of a normal distribution within √2 x standard deviations.
 * Mirrors `torch.erf`.
 * @example tensor([0, 0.5, 3]).erf()
 */
export const erf = functionOfX("erf", (dy, x) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))));

/** erfc x = 1 - erf x. Mirrors `torch.erfc`. @example tensor([0, 0.5, 3]).erfc() */
export const erfc = functionOf("erfc", special.erfc, (dy, x) =>
  mul(dy, mul(exp(neg(square(x))), -2 / Math.sqrt(Math.PI))),
);

/** expm1 x = eˣ - 1, exact near 0. Mirrors `torch.expm1`. @example tensor([1e-8]).expm1().item() */
export const expm1 = functionOfY("expm1", (dy, y) => mul(dy, add(y, 1)));

/** y = 2ˣ, exp2' = y · ln 2. Mirrors `torch.exp2`. @example tensor([-1, 0, 3]).exp2() */
export const exp2 = functionOfY("exp2", (dy, y) => mul(dy, mul(y, Math.LN2)));

/** log1p x = ln (1 + x), exact near 0. Mirrors `torch.log1p`. @example tensor([1e-8]).log1p().item() */
export const log1p = functionOfX("log1p", (dy, x) => mul(dy, reciprocal(add(x, 1))));

/** log2' = 1 / (x ln 2). Mirrors `torch.log2`. @example tensor([1, 2, 8]).log2() */
export const log2 = functionOfX("log2", (dy, x) => mul(dy, div(1 / Math.LN2, x)));

/** log10' = 1 / (x ln 10). Mirrors `torch.log10`. @example tensor([1, 10, 1000]).log10() */
export const log10 = functionOfX("log10", (dy, x) => mul(dy, div(1 / Math.LN10, x)));

/** rsqrt x = 1 / √x, rsqrt' = -y³ / 2. Mirrors `torch.rsqrt`. @example tensor([4, 100]).rsqrt() */
export const rsqrt = functionOfY("rsqrt", (dy, y) => mul(dy, mul(mul(square(y), y), -0.5)));

/** reciprocal x = 1 / x, reciprocal' = -y². Mirrors `torch.reciprocal`. @example tensor([2, 4, 0]).reciprocal() */
export const reciprocal = functionOfY("reciprocal", (dy, y) => mul(dy, neg(square(y))));

/**
 * y = the angle of the point (b, a), da = dy · b / (a² + b²), db = -dy · a / (a² + b²). Mirrors `torch.atan2`.
 * @example tensor([1, 1, -1]).atan2(tensor([1, -1, -1]))
 */
export const atan2 = defineOp("atan2", (input: Tensor, other: Tensor): Applied => {
  const [a, b] = promoted(input, other).map(floating);
  const inverse = () => reciprocal(add(square(a), square(b)));
  return {
    y: applyBinary(kernels.atan2, a, b, "atan2"),
    saves: [a, b],
    grads: [
      [a, (dy) => sumTo(mul(dy, mul(b, inverse())), a.shape)],
      [b, (dy) => sumTo(mul(dy, mul(neg(a), inverse())), b.shape)],
    ],
  };
});

/**
 * y = √(a² + b²), da = dy · a / y, db = dy · b / y. Mirrors `torch.hypot`.
 * @throws for whole numbers and bools
 * @example tensor([3, 5]).hypot(tensor([4, 12]))
 */
export const hypot = defineOp("hypot", (input: Tensor, other: Tensor): Applied => {
  const [a, b] = promoted(input, other);
  checkTakes("hypot_cpu", a, isFloatingPoint);
  const y = applyBinary(kernels.hypot, a, b, "hypot");
  return {
    y,
    saves: [y],
    grads: [
      [a, (dy) => sumTo(mul(dy, div(a, y)), a.shape), [a]],
      [b, (dy) => sumTo(mul(dy, div(b, y)), b.shape), [b]],
    ],
  };
});
