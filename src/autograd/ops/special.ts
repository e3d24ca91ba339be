/** Special functions: those that statistics and information theory need, each its kernel and its derivative. */
import { applyBinary, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint, rounded } from "../../tensor/dtype.ts";
import * as gamma from "../../tensor/kernels/gamma.ts";
import { mapped, paired } from "../../tensor/kernels/rows.ts";
import * as special from "../../tensor/kernels/special.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, ge, le } from "./compare.ts";
import { add, div, exp, log, mul, neg, pow, square, sub, where } from "./elementwise.ts";
import { cos, sin } from "./functions.ts";
import { sumTo } from "./shared/broadcast.ts";
import { functionOf } from "./shared/functions.ts";
import { checkTakes } from "./shared/implemented.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";

/** log |Γ(x)|; lgamma (n + 1) is log n!. lgamma' = digamma. Mirrors `torch.lgamma`. @example tensor([1, 5, 0.5]).lgamma() */
export const lgamma = functionOf("lgamma", gamma.lgamma, (dy, x) => mul(dy, digamma(x)));

/** ψ(x), the derivative of lgamma; digamma' = polygamma(1, x). Mirrors `torch.digamma`. @example tensor([1, 0.5]).digamma() */
export const digamma = functionOf("digamma", gamma.digamma, (dy, x) => mul(dy, polygamma(1, x)));

/**
 * y = the n-th derivative of digamma at x, dx = dy · polygamma(n + 1, x). Mirrors `torch.polygamma`.
 * @throws for an n below 0
 * @example polygamma(1, tensor([1, 2]))
 */
export const polygamma = defineOp("polygamma", (n: Int, input: Tensor): Applied => {
  check(n >= 0, "polygamma(n, x) does not support negative n.");
  const x = floating(input);
  return {
    y: applyUnary(mapped(gamma.polygamma(n)), x),
    saves: [x],
    grads: [[x, (dy) => mul(dy, polygamma(n + 1, x))]],
  };
});

/** x = erfinv (erf x), erfinv' = √π/2 · e^(erfinv² x). Mirrors `torch.erfinv`. @example tensor([0, 0.5, 1]).erfinv() */
export const erfinv = functionOf("erfinv", special.erfinv, (dy, x) =>
  mul(dy, mul(exp(square(erfinv(x))), Math.sqrt(Math.PI) / 2)),
);

/** Where the argument of logit is cut. */
export interface LogitOptions {
  /** x is limited to [eps, 1 - eps]. Default: it is not limited. */
  eps?: number;
}

/**
 * y = log (x / (1 - x)), of which sigmoid is the inverse; dx = dy / (x (1 - x)), where x is limited 0. Mirrors `torch.logit`.
 * @example console.log(tensor([0.5, 0.9, 1]).logit(), tensor([0.5, 0.9, 1]).logit({ eps: 1e-6 }))
 */
export const logit = defineOp("logit", (input: Tensor, options?: LogitOptions): Applied => {
  const x = floating(input);
  const { eps } = readOptions(options, { eps: -1 });
  const [low, high] = eps < 0 ? [0, 1] : [eps, 1 - eps].map((bound) => rounded(bound, x.dtype));
  const kernel = mapped((p) => {
    const limited = eps < 0 ? p : p < low ? low : p > high ? high : p;
    return Math.log(limited / (1 - limited));
  });
  const outside = eps < 0 ? Number.NaN : 0;
  const pullBack = (dy: Tensor) => where(mul(ge(x, low), le(x, high)), div(dy, mul(x, sub(1, x))), outside);
  return { y: applyUnary(kernel, x), saves: [x], grads: [[x, pullBack]] };
});

/** sinc x = sin πx / πx, 1 at 0; sinc' = (cos πx - sinc x) / x, 0 at 0. Mirrors `torch.sinc`. @example tensor([0, 0.5, 1]).sinc() */
export const sinc = functionOf("sinc", special.sinc, (dy, x) => {
  const angle = mul(x, Math.PI);
  const divisor = mul(square(x), Math.PI);
  const slope = div(sub(mul(angle, cos(angle)), sin(angle)), divisor);
  return where(eq(divisor, 0), 0, mul(dy, slope));
});

/**
 * y = a · log b, 0 where a = 0; da = dy · log b, 0 where a = 0 and b ≤ 0, and db = dy · a / b. Mirrors `torch.xlogy`.
 * @example tensor([0, 2]).xlogy(tensor([0, 3]))
 */
export const xlogy = defineOp("xlogy", (input: Operand, other: Operand): Applied => {
  const [a, b] = promoted(input, other).map(floating);
  return {
    y: applyBinary(paired(special.xlogy), a, b, "xlogy"),
    saves: [a, b],
    grads: [
      [a, (dy) => sumTo(where(mul(eq(a, 0), le(b, 0)), 0, xlogy(dy, b)), a.shape)],
      [b, (dy) => sumTo(div(mul(dy, a), b), b.shape)],
    ],
  };
});

/**
 * y = a · log (1 + b), 0 where a = 0; da = dy · log (1 + b), 0 where a = 0 and b ≤ -1, and db = dy · a / (1 + b).
 * Mirrors `torch.special.xlog1py`.
 * @example xlog1py(tensor([0, 2]), tensor([-1, 3]))
 */
export const xlog1py = defineOp("xlog1py", (input: Operand, other: Operand): Applied => {
  const [a, b] = promoted(input, other).map(floating);
  return {
    y: applyBinary(paired(special.xlog1py), a, b, "xlog1py"),
    saves: [a, b],
    grads: [
      [a, (dy) => sumTo(where(mul(eq(a, 0), le(b, -1)), 0, xlog1py(dy, b)), a.shape)],
      [b, (dy) => sumTo(div(mul(dy, a), add(b, 1)), b.shape)],
    ],
  };
});

/** y = -x · log x, 0 at 0 and -∞ below; entr' = -1 - log x. Mirrors `torch.special.entr`. @example entr(tensor([-1, 0, 0.5, 1])) */
export const entr = functionOf("entr", special.entr, (dy, x) => mul(dy, neg(add(log(x), 1))));

/** y = the logarithm of a sum of two powers, da = dy · its share in the sum: 1 / (1 + power (b - a)) */
const logarithmOfSum = (name: string, f: (a: number, b: number) => number, power: (x: Tensor) => Tensor) =>
  defineOp(name, (input: Tensor, other: Tensor): Applied => {
    const [a, b] = promoted(input, other);
    checkTakes(`${name}_cpu`, a, isFloatingPoint);
    const share = (dy: Tensor, own: Tensor, others: Tensor) =>
      sumTo(div(dy, add(power(sub(others, own)), 1)), own.shape);
    return {
      y: applyBinary(paired(f), a, b, name),
      saves: [a, b],
      grads: [
        [a, (dy) => share(dy, a, b)],
        [b, (dy) => share(dy, b, a)],
      ],
    };
  });

/**
 * y = log (eᵃ + eᵇ), without powers that are too large. Mirrors `torch.logaddexp`.
 * @throws for whole numbers and bools
 * @example tensor([1000, -1]).logaddexp(tensor([1000, 2]))
 */
export const logaddexp = logarithmOfSum("logaddexp", special.logaddexp, exp);

/**
 * y = log₂ (2ᵃ + 2ᵇ), likewise. Mirrors `torch.logaddexp2`.
 * @throws for whole numbers and bools
 * @example tensor([1000, 3]).logaddexp2(tensor([1000, 3]))
 */
export const logaddexp2 = logarithmOfSum("logaddexp2", special.logaddexp2, (x) => pow(2, x));
