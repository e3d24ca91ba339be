/** Special functions: those that statistics and information theory need, each its kernel and its derivative. */
import { applyBinary, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, le } from "./compare.ts";
import { div, exp, mul, square, where } from "./elementwise.ts";
import { sumTo } from "./shared/broadcast.ts";
import { functionOfX } from "./shared/functions.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";

/** log |Γ(x)|; lgamma (n + 1) is log n!. lgamma' = digamma. Mirrors `torch.lgamma`. @example tensor([1, 5, 0.5]).lgamma() */
export const lgamma = functionOfX("lgamma", (dy, x) => mul(dy, digamma(x)));

/** ψ(x), the derivative of lgamma; digamma' = polygamma(1, x). Mirrors `torch.digamma`. @example tensor([1, 0.5]).digamma() */
export const digamma = functionOfX("digamma", (dy, x) => mul(dy, polygamma(1, x)));

/**
 * y = the n-th derivative of digamma at x, dx = dy · polygamma(n + 1, x). Mirrors `torch.polygamma`.
 * @throws for an n below 0
 * @example polygamma(1, tensor([1, 2]))
 */
export const polygamma = defineOp("polygamma", (n: Int, input: Tensor): Applied => {
  check(n >= 0, "polygamma(n, x) does not support negative n.");
  const x = floating(input);
  return { y: applyUnary(kernels.polygamma(n), x), saves: [x], grads: [[x, (dy) => mul(dy, polygamma(n + 1, x))]] };
});

/** x = erfinv (erf x), erfinv' = √π/2 · e^(erfinv² x). Mirrors `torch.erfinv`. @example tensor([0, 0.5, 1]).erfinv() */
export const erfinv = functionOfX("erfinv", (dy, x) => mul(dy, mul(exp(square(erfinv(x))), Math.sqrt(Math.PI) / 2)));

/**
 * y = a · log b, 0 where a = 0; da = dy · log b, 0 where a = 0 and b ≤ 0, and db = dy · a / b. Mirrors `torch.xlogy`.
 * @example tensor([0, 2]).xlogy(tensor([0, 3]))
 */
export const xlogy = defineOp("xlogy", (input: Operand, other: Operand): Applied => {
  const [a, b] = promoted(input, other).map(floating);
  return {
    y: applyBinary(kernels.xlogy, a, b, "xlogy"),
    saves: [a, b],
    grads: [
      [a, (dy) => sumTo(where(mul(eq(a, 0), le(b, 0)), 0, xlogy(dy, b)), a.shape)],
      [b, (dy) => sumTo(div(mul(dy, a), b), b.shape)],
    ],
  };
});
