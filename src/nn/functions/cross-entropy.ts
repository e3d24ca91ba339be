/** The loss of classification. */
import { ne } from "../../autograd/ops/compare.ts";
import { add, mul, neg, sub, where } from "../../autograd/ops/elementwise.ts";
import { gather, index as indexed } from "../../autograd/ops/indexing.ts";
import { broadcastChannels } from "../../autograd/ops/layers/batch-norm.ts";
import { logSoftmax, sum } from "../../autograd/ops/reduction.ts";
import { squeeze, unsqueeze } from "../../autograd/ops/shape.ts";
import { ones } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Reduction, reduced } from "./reduction.ts";

export interface CrossEntropyOptions {
  /** How much each class counts, (C). Default: all the same. */
  weight?: Tensor | null;
  /** A class index whose samples do not count. Default: -100. */
  ignoreIndex?: number;
  /** "mean" over the samples, weighed by their classes; "sum"; or "none", one loss a sample. Default: "mean". */
  reduction?: Reduction;
  /** The share of the target's probability that is spread evenly over all classes, in [0, 1]. Default: 0. */
  labelSmoothing?: number;
}

/**
 * How unlikely the targets are under softmax(logits): -log softmax(logits)[target], averaged.
 *
 * @param logits (N, C), (N, C, d₁, …) or (C): unnormalised log probabilities of C classes
 * @param target class indices, int32, of logits' shape without C; or probabilities, of logits' shape
 * @returns a scalar; with reduction "none", the shape of the class indices
 * @throws if the shapes do not fit, an index is not in [0, C), or an option is out of range
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, weight = null } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new Error(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  }
  const classDim = classDimOf(logits, weight);
  const logProbabilities = logSoftmax(logits, classDim);
  return isFloatingPoint(target.dtype)
    ? lossOfProbabilities(logProbabilities, target, classDim, options)
    : lossOfIndices(logProbabilities, target, classDim, options);
}

/**
 * -input[target], averaged: cross entropy where the logarithms of the probabilities are known already.
 * Mirrors `torch.nn.functional.nll_loss`.
 *
 * @param input (N, C), (N, C, d₁, …) or (C): log probabilities @param target class indices, of input's shape without C
 */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  options: Omit<CrossEntropyOptions, "labelSmoothing"> = {},
): Tensor {
  return lossOfIndices(input, target, classDimOf(input, options.weight ?? null), options);
}

/** Which dimension counts the classes. */
function classDimOf(x: Tensor, weight: Tensor | null): number {
  if (x.ndim === 0) throw new Error("cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar");
  const classDim = x.ndim === 1 ? 0 : 1;
  const classes = x.shape[classDim];
  if (weight && (weight.ndim !== 1 || weight.numel !== classes)) {
    throw new Error(
      `weight tensor should be defined either for all ${classes} classes or no classes ` +
        `but got weight tensor of shape: ${formatShape(weight.shape)}`,
    );
  }
  return classDim;
}

/** -w[t] · ((1 - ε) · lp[t]) - ε/C · Σ_c w[c] · lp[c], and its mean over Σ w[t], for lp = log softmax and smoothing ε */
function lossOfIndices(lp: Tensor, target: Tensor, classDim: number, options: CrossEntropyOptions): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean", labelSmoothing: smoothing = 0 } = options;
  checkIndices(lp, target, classDim, ignoreIndex);
  const counts = ne(target, ignoreIndex);
  const label = where(counts, target, 0);
  const labelWeight = weight ? indexed(weight, label) : ones(target.shape, { dtype: lp.dtype });
  const picked = squeeze(gather(lp, classDim, unsqueeze(label, classDim)), classDim);
  let losses = neg(mul(labelWeight, picked));
  if (smoothing > 0) {
    const perClass = weight ? mul(lp, broadcastChannels(weight, lp, classDim)) : lp;
    const spread = mul(sum(perClass, classDim), smoothing / lp.shape[classDim]);
    losses = sub(mul(losses, 1 - smoothing), spread);
  }
  return reduced(where(counts, losses, 0), reduction, sum(where(counts, labelWeight, 0)));
}

/** -Σ_c w[c] · t[c] · lp[c], where t is the target smoothed, and its mean over the samples */
function lossOfProbabilities(lp: Tensor, target: Tensor, classDim: number, options: CrossEntropyOptions): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = "mean", labelSmoothing: smoothing = 0 } = options;
  if (!sameShape(lp.shape, target.shape)) {
    throw new Error(
      "expected scalar type Long but found Float: class indices are int32, made with " +
        '`tensor(…, { dtype: "int32" })`; class probabilities have the shape of the logits, ' +
        `${formatShape(lp.shape)}, but this target has ${formatShape(target.shape)}`,
    );
  }
  if (ignoreIndex >= 0) throw new Error("ignore_index is not supported for floating point target");
  const classes = lp.shape[classDim];
  const smoothed = smoothing > 0 ? add(mul(target, 1 - smoothing), smoothing / classes) : target;
  const weighed = weight ? mul(smoothed, broadcastChannels(weight, lp, classDim)) : smoothed;
  return reduced(neg(sum(mul(lp, weighed), classDim)), reduction, lp.numel / classes);
}

function checkIndices(lp: Tensor, target: Tensor, classDim: number, ignoreIndex: number): void {
  const expected = lp.shape.filter((_, d) => d !== classDim);
  if (!sameShape(target.shape, expected)) {
    if (lp.ndim > 1 && target.ndim > 0 && target.shape[0] !== lp.shape[0]) {
      throw new Error(`Expected input batch_size (${lp.shape[0]}) to match target batch_size (${target.shape[0]}).`);
    }
    throw new Error(`Expected target size ${formatShape(expected)}, got ${formatShape(target.shape)}`);
  }
  const outside = target.data.find((label) => label !== ignoreIndex && (label < 0 || label >= lp.shape[classDim]));
  if (outside !== undefined) throw new RangeError(`Target ${outside} is out of bounds.`);
}
