/** Activations: what makes a network more than one linear map. Any shape; the output has the input's. */
import { gt } from "../../autograd/ops/compare.ts";
import { add, clamp, div, exp, mul, sigmoid, tanh, where } from "../../autograd/ops/elementwise.ts";
import { erf, expm1, log1p } from "../../autograd/ops/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface GELUOptions {
  /** "tanh" for the approximation with tanh. Default: "none". */
  approximate?: "none" | "tanh";
}

/**
 * y = x · Φ(x), Φ(x) = (1 + erf(x / √2)) / 2 being the share of a normal distribution below x. Mirrors
 * `torch.nn.functional.gelu` (Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415).
 *
 * With tanh, Φ(x) ≈ (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2.
 */
export function gelu(x: Tensor, { approximate = "none" }: GELUOptions = {}): Tensor {
  if (approximate !== "none" && approximate !== "tanh") {
    throw new Error("approximate argument must be either none or tanh.");
  }
  const twiceShare =
    approximate === "none"
      ? erf(mul(x, Math.SQRT1_2))
      : tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
  return mul(mul(x, 0.5), add(twiceShare, 1));
}

/** y = x · σ(x). Mirrors `torch.nn.functional.silu`. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** y = x where x > 0, else negativeSlope · x. Mirrors `torch.nn.functional.leaky_relu`. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.01): Tensor => where(gt(x, 0), x, mul(x, negativeSlope));

/** y = x where x > 0, else alpha · (eˣ - 1). Mirrors `torch.nn.functional.elu`. */
export function elu(x: Tensor, alpha = 1): Tensor {
  // Clamped, so that the branch that is not taken does not overflow: its gradient would be 0 · ∞.
  return where(gt(x, 0), x, mul(expm1(clamp(x, null, 0)), alpha));
}

export interface SoftplusOptions {
  /** How sharp the bend is. Default: 1. */
  beta?: number;
  /** From beta · x = threshold on, y = x. Default: 20. */
  threshold?: number;
}

/** y = log(1 + e^(beta · x)) / beta, a smooth relu. Mirrors `torch.nn.functional.softplus`. */
export function softplus(x: Tensor, { beta = 1, threshold = 20 }: SoftplusOptions = {}): Tensor {
  const scaled = mul(x, beta);
  return where(gt(scaled, threshold), x, div(log1p(exp(clamp(scaled, null, threshold))), beta));
}
