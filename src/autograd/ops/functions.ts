/**
 * Mathematical functions, element by element: each is its kernel and its derivative, written in x or in y = f(x), whichever
 * is shorter. Whole numbers become float32. exp, log, sqrt, tanh and sigmoid, which networks are made of, are in
 * elementwise.ts.
 */
import { applyBinary, applyUnary, copyOf } from "../../tensor/apply.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import type { UnaryKernel } from "../../tensor/kernels/elementwise.ts";
import { type KernelName, kernels } from "../../tensor/kernels/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, div, exp, floating, mul, neg, promoted, sub } from "./elementwise.ts";
import { sumTo } from "./shape.ts";

/** y = f(x), dx = dy · f'(x) */
const functionOfX = (name: KernelName<UnaryKernel>, derivative: (x: Tensor) => Tensor) =>
  defineOp(name, (input: Tensor): Applied => {
    const x = floating(input);
    return { y: applyUnary(kernels[name], x), saves: [x], grads: [[x, (dy) => mul(dy, derivative(x))]] };
  });

/** y = f(x), dx = dy · f'(x), which is a function of y */
const functionOfY = (name: KernelName<UnaryKernel>, derivative: (y: Tensor) => Tensor) =>
  defineOp(name, (input: Tensor): Applied => {
    const x = floating(input);
    const y = applyUnary(kernels[name], x);
    return { y, saves: [y], grads: [[x, (dy) => mul(dy, derivative(y))]] };
  });

const square = (x: Tensor): Tensor => mul(x, x);

/** sin' = cos */
export const sin = functionOfX("sin", (x) => cos(x));
/** cos' = -sin */
export const cos = functionOfX("cos", (x) => neg(sin(x)));
/** tan' = 1 + tan² */
export const tan = functionOfY("tan", (y) => add(square(y), 1));
/** asin' = 1 / √(1 - x²) */
export const asin = functionOfX("asin", (x) => rsqrt(sub(1, square(x))));
/** acos' = -1 / √(1 - x²) */
export const acos = functionOfX("acos", (x) => neg(rsqrt(sub(1, square(x)))));
/** atan' = 1 / (1 + x²) */
export const atan = functionOfX("atan", (x) => reciprocal(add(square(x), 1)));
/** sinh x = (eˣ - e⁻ˣ) / 2, sinh' = cosh */
export const sinh = functionOfX("sinh", (x) => cosh(x));
/** cosh x = (eˣ + e⁻ˣ) / 2, cosh' = sinh */
export const cosh = functionOfX("cosh", (x) => sinh(x));
/** asinh' = 1 / √(x² + 1) */
export const asinh = functionOfX("asinh", (x) => rsqrt(add(square(x), 1)));
/** acosh' = 1 / √(x² - 1) */
export const acosh = functionOfX("acosh", (x) => rsqrt(sub(square(x), 1)));
/** atanh' = 1 / (1 - x²) */
export const atanh = functionOfX("atanh", (x) => reciprocal(sub(1, square(x))));
/** erf x = 2/√π ∫ e^(-t²) dt from 0 to x, the share of a normal distribution within √2 x standard deviations */
export const erf = functionOfX("erf", (x) => mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)));
/** erfc x = 1 - erf x */
export const erfc = functionOfX("erfc", (x) => mul(exp(neg(square(x))), -2 / Math.sqrt(Math.PI)));
/** expm1 x = eˣ - 1, exact near 0 */
export const expm1 = functionOfY("expm1", (y) => add(y, 1));
/** log1p x = ln (1 + x), exact near 0 */
export const log1p = functionOfX("log1p", (x) => reciprocal(add(x, 1)));
/** log2' = 1 / (x ln 2) */
export const log2 = functionOfX("log2", (x) => div(1 / Math.LN2, x));
/** log10' = 1 / (x ln 10) */
export const log10 = functionOfX("log10", (x) => div(1 / Math.LN10, x));
/** rsqrt x = 1 / √x, rsqrt' = -y³ / 2 */
export const rsqrt = functionOfY("rsqrt", (y) => mul(mul(square(y), y), -0.5));
/** reciprocal x = 1 / x, reciprocal' = -y² */
export const reciprocal = functionOfY("reciprocal", (y) => neg(square(y)));

/** y = the angle of the point (b, a), da = dy · b / (a² + b²), db = -dy · a / (a² + b²) */
export const atan2 = defineOp("atan2", (left: Tensor, right: Tensor): Applied => {
  const [a, b] = promoted(left, right).map(floating);
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

/** To whole numbers: a staircase, whose gradient is 0. Whole numbers stay as they are. */
const rounding = (name: KernelName<UnaryKernel>) =>
  defineOp(name, (x: Tensor): Applied => {
    const y = isFloatingPoint(x.dtype) ? applyUnary(kernels[name], x) : copyOf(x);
    return { y, grads: [[x, (dy) => mul(dy, 0)]] };
  });

/** The largest whole number ≤ x. */
export const floor = rounding("floor");
/** The smallest whole number ≥ x. */
export const ceil = rounding("ceil");
/** x without what is behind the point. */
export const trunc = rounding("trunc");
/** The nearest whole number; halves go to the even neighbour. */
export const round = rounding("round");
