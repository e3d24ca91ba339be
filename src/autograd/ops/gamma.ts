/** The incomplete, the multivariate gamma function, and the zeta function. lgamma and digamma are in special.ts. */
import { applyBinary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { arange } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { zeta as hurwitz } from "../../tensor/kernels/gamma.ts";
import { igamma as lower, igammac as upper } from "../../tensor/kernels/incomplete-gamma.ts";
import { paired } from "../../tensor/kernels/rows.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, exp, log, mul, neg, sub } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { unsqueeze } from "./shape.ts";
import { sumTo } from "./shared/broadcast.ts";
import { checkTakes } from "./shared/implemented.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";
import { lgamma } from "./special.ts";

/** A share of the gamma distribution of parameter a: dx = ± dy · x^(a-1) e⁻ˣ / Γ(a), and of a there is no derivative */
const incomplete = (name: "igamma" | "igammac", share: typeof lower) =>
  defineOp(name, (input: Tensor, other: Tensor): Applied => {
    const [a, x] = promoted(input, other);
    checkTakes(`${name}_cpu`, a, isFloatingPoint);
    const density = () => exp(sub(sub(mul(sub(a, 1), log(x)), x), lgamma(a)));
    const refuse = (): never => {
      throw new Error(`the derivative for '${name}: input' is not implemented: detach() the first argument`);
    };
    return {
      y: applyBinary(paired(share), a, x, name),
      saves: [a, x],
      grads: [
        [a, refuse],
        [x, (dy) => sumTo(mul(dy, name === "igamma" ? density() : neg(density())), x.shape)],
      ],
    };
  });

/**
 * y = P(a, x) = 1/Γ(a) ∫ t^(a-1) e⁻ᵗ dt from 0 to x, the share of the gamma distribution below x. Mirrors `torch.igamma`.
 * @throws for whole numbers; and from backward, if a needs a gradient
 * @example tensor([2, 3]).igamma(tensor([1, 5]))
 */
export const igamma = incomplete("igamma", lower);

/** y = 1 - P(a, x), the share above x, likewise. Mirrors `torch.igammac`. @example tensor([2, 3]).igammac(tensor([1, 50])) */
export const igammac = incomplete("igammac", upper);

/** The same as igamma. Mirrors `torch.special.gammainc`. @example gammainc(tensor([2]), tensor([1])) */
export const gammainc = (input: Tensor, other: Tensor): Tensor => igamma(input, other);

/** The same as igammac. Mirrors `torch.special.gammaincc`. @example gammaincc(tensor([2]), tensor([1])) */
export const gammaincc = (input: Tensor, other: Tensor): Tensor => igammac(input, other);

/**
 * y = p (p - 1)/4 · log π + Σ log Γ(x - k/2) over k = 0 … p - 1: the logarithm of the multivariate gamma function. Mirrors
 * `torch.mvlgamma`.
 * @throws for a p below 1
 * @example tensor([2, 3]).mvlgamma(2)
 */
export function mvlgamma(x: Tensor, p: Int): Tensor {
  check(p >= 1, "p has to be greater than or equal to 1");
  check(x.dtype !== "bool", "The input tensor may not be a boolean tensor.");
  const input = floating(x);
  const halves = arange(-(p - 1) / 2, 0.25, 0.5, { dtype: input.dtype });
  return add(sum(lgamma(add(unsqueeze(input, -1), halves)), -1), (p * (p - 1) * Math.log(Math.PI)) / 4);
}

/** The same. Mirrors `torch.special.multigammaln`. @example multigammaln(tensor([2, 3]), 2) */
export const multigammaln = (x: Tensor, p: Int): Tensor => mvlgamma(x, p);

/**
 * y = Σ (q + k)⁻ˢ over all k ≥ 0: Hurwitz's zeta function, with q = 1 Riemann's; dq = -dy · s · ζ(s + 1, q), and of s there is no
 * derivative. Mirrors `torch.special.zeta`.
 * @throws from backward, if s needs a gradient
 * @example zeta(tensor([2, 3]), 1)
 */
export const zeta = defineOp("zeta", (input: Operand, other: Operand): Applied => {
  const [s, q] = promoted(input, other).map(floating);
  const refuse = (): never => {
    throw new Error("the derivative for 'zeta' is not implemented: detach() its first argument");
  };
  return {
    y: applyBinary(paired(hurwitz), s, q, "zeta"),
    saves: [s, q],
    grads: [
      [s, refuse],
      [q, (dy) => sumTo(neg(mul(dy, mul(s, zeta(add(s, 1), q)))), q.shape)],
    ],
  };
});
