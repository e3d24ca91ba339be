/** Losses that compare an input with a target element by element. The two broadcast, except where an error is named. */
import { gt, le, lt } from "../../autograd/ops/compare.ts";
import { abs, add, clamp, div, exp, log, mul, neg, sub, where } from "../../autograd/ops/elementwise.ts";
import { binaryCrossEntropy as crossEntropyOfBits } from "../../autograd/ops/layers/loss.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Reduction, reduced } from "./reduction.ts";

export interface LossOptions {
  /** "mean" over the elements, their "sum", or "none", one loss an element. Default: "mean". */
  reduction?: Reduction;
}

const finished = (losses: Tensor, { reduction = "mean" }: LossOptions): Tensor =>
  reduced(losses, reduction, losses.numel);

/** (input - target)². Mirrors `torch.nn.functional.mse_loss`. */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const d = sub(input, target);
  return finished(mul(d, d), options);
}

/** |input - target|. Mirrors `torch.nn.functional.l1_loss`. */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return finished(abs(sub(input, target)), options);
}

export interface SmoothL1Options extends LossOptions {
  /** Where the parabola ends, ≥ 0. Default: 1. */
  beta?: number;
}

/**
 * d² / (2 beta) for d = |input - target| below beta, d - beta / 2 above. Mirrors `torch.nn.functional.smooth_l1_loss`.
 * @throws if beta is negative
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  const { beta = 1 } = options;
  if (beta < 0) throw new Error("smooth_l1_loss does not support negative values for beta.");
  if (beta === 0) return l1Loss(input, target, options);
  const d = abs(sub(input, target));
  return finished(where(lt(d, beta), div(mul(mul(d, d), 0.5), beta), sub(d, beta / 2)), options);
}

export interface HuberOptions extends LossOptions {
  /** Where the parabola ends, above 0. Default: 1. */
  delta?: number;
}

/**
 * d² / 2 for d = |input - target| up to delta, delta · (d - delta / 2) above. Mirrors `torch.nn.functional.huber_loss`.
 * @throws unless delta is above 0
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (delta <= 0) throw new Error("huber_loss does not support non-positive values for delta.");
  const d = abs(sub(input, target));
  return finished(where(le(d, delta), mul(mul(d, d), 0.5), mul(sub(d, delta / 2), delta)), options);
}

export interface BCEOptions extends LossOptions {
  /** A factor for each loss, of a shape that broadcasts to the input's. Default: 1. */
  weight?: Tensor | null;
}

/**
 * Binary cross entropy: -w · (target · log input + (1 - target) · log(1 - input)), the logarithms being at least -100.
 * Mirrors `torch.nn.functional.binary_cross_entropy`.
 *
 * @param input probabilities @param target probabilities, of the input's shape
 * @throws if the shapes differ, or an input is not in [0, 1]
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BCEOptions = {}): Tensor {
  if (!sameShape(input.shape, target.shape)) {
    throw new Error(
      `Using a target size (torch.Size(${formatShape(target.shape)})) that is different to the input size ` +
        `(torch.Size(${formatShape(input.shape)})) is deprecated. Please ensure they have the same size.`,
    );
  }
  if (!input.data.every((p) => p >= 0 && p <= 1)) throw new Error("all elements of input should be between 0 and 1");
  const losses = crossEntropyOfBits(input, target);
  return finished(options.weight ? mul(losses, options.weight) : losses, options);
}

export interface KLDivOptions {
  /** As for other losses, or "batchmean", the sum divided by the first size: the divergence as it is defined. Default: "mean". */
  reduction?: Reduction | "batchmean";
  /** Whether the target is logarithms of probabilities, too. Default: false. */
  logTarget?: boolean;
}

/**
 * Kullback-Leibler divergence: target · (log target - input), 0 where the target is 0. Mirrors `torch.nn.functional.kl_div`.
 * @param input logarithms of probabilities @param target probabilities, of a shape that broadcasts with the input's
 */
export function klDiv(input: Tensor, target: Tensor, options: KLDivOptions = {}): Tensor {
  const { reduction = "mean", logTarget = false } = options;
  const isPositive = gt(target, 0);
  const losses = logTarget
    ? mul(exp(target), sub(target, input))
    : where(isPositive, mul(target, sub(log(where(isPositive, target, 1)), input)), 0);
  if (reduction !== "batchmean") return finished(losses, { reduction });
  return div(finished(losses, { reduction: "sum" }), input.shape[0]);
}

export interface BCEWithLogitsOptions extends LossOptions {
  /** A factor for each loss, of a shape that broadcasts to the input's. Default: 1. */
  weight?: Tensor | null;
  /** How much more a positive target counts, of a shape that broadcasts to the input's. Default: 1. */
  posWeight?: Tensor | null;
}

/**
 * Binary cross entropy of the probability σ(input): -w · (p · target · log σ(x) + (1 - target) · log(1 - σ(x))), where
 * -log σ(x) = log(1 + e⁻ˣ) is computed as m + log(e⁻ᵐ + e⁻ˣ⁻ᵐ) with m = max(-x, 0), so that nothing overflows.
 * Mirrors `torch.nn.functional.binary_cross_entropy_with_logits`.
 *
 * @param target probabilities, of the input's shape
 * @throws if the shapes differ
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BCEWithLogitsOptions = {},
): Tensor {
  const { weight = null, posWeight = null } = options;
  if (!sameShape(input.shape, target.shape)) {
    throw new Error(
      `Target size (torch.Size(${formatShape(target.shape)})) must be the same as ` +
        `input size (torch.Size(${formatShape(input.shape)}))`,
    );
  }
  const m = clamp(neg(input), 0);
  const minusLogSigmoid = add(m, log(add(exp(neg(m)), exp(sub(neg(input), m)))));
  const factor = posWeight ? add(mul(sub(posWeight, 1), target), 1) : null;
  const losses = add(mul(sub(1, target), input), factor ? mul(factor, minusLogSigmoid) : minusLogSigmoid);
  return finished(weight ? mul(losses, weight) : losses, options);
}
