/** Bessel functions. */
import * as kernels from "../../tensor/kernels/bessel.ts";
import { finfo } from "../../tensor/limits.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gt } from "./compare.ts";
import { abs, add, div, mul, sign, sub, where } from "./elementwise.ts";
import { functionOf } from "./shared/functions.ts";

/** The modified Bessel function I₀; I₀' = I₁. Mirrors `torch.i0`. @example tensor([0, 1, 5]).i0() */
export const i0 = functionOf("i0", kernels.i0, (dy, x) => mul(dy, i1(x)));

/** I₀(x) · e^(-|x|), which is not too large for a number. Mirrors `torch.special.i0e`. @example i0e(tensor([0, 1, 500])) */
export const i0e = functionOf("i0e", kernels.i0e, (dy, x) => mul(dy, sub(i1e(x), mul(sign(x), i0e(x)))));

/** Where x is so near 0 that I₁(x) / x is taken for ½, its value there; and x, where it is not. */
function awayFrom0(x: Tensor): { isAway: Tensor; away: Tensor } {
  const isAway = gt(abs(x), finfo(x.dtype).eps);
  return { isAway, away: where(isAway, x, 1) };
}

/** The modified Bessel function I₁; I₁' = I₀ - I₁/x. Mirrors `torch.special.i1`. @example i1(tensor([0, 1, 5])) */
export const i1 = functionOf("i1", kernels.i1, (dy, x) => {
  const { isAway, away } = awayFrom0(x);
  return mul(dy, where(isAway, sub(i0(away), div(i1(away), away)), 0.5));
});

/** I₁(x) · e^(-|x|). Mirrors `torch.special.i1e`. @example i1e(tensor([0, 1, 500])) */
export const i1e = functionOf("i1e", kernels.i1e, (dy, x) => {
  const { isAway, away } = awayFrom0(x);
  return mul(dy, where(isAway, sub(i0e(away), mul(i1e(away), add(sign(away), div(1, away)))), 0.5));
});
