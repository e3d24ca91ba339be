/**
 * Layers and losses as functions, written in the tensor's operations. Mirrors `torch.nn.functional`.
 */
import { ne } from "../autograd/ops/compare.ts";
import { add, mul, neg, pow, sub, where } from "../autograd/ops/elementwise.ts";
import { gather, index as indexed } from "../autograd/ops/indexing.ts";
import * as norm from "../autograd/ops/norm.ts";
import { logSoftmax, sum } from "../autograd/ops/reduction.ts";
import { clone, squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { copyInto } from "../tensor/apply.ts";
import { ones } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { formatShape, numelOf, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Reduction, reduced } from "./reduction.ts";

export { relu, sigmoid, tanh } from "../autograd/ops/elementwise.ts";
export { linear } from "../autograd/ops/matmul.ts";
export { logSoftmax, softmax } from "../autograd/ops/reduction.ts";
export * from "./elementwise-losses.ts";
export type { Reduction } from "./reduction.ts";

export interface BatchNormSettings {
  /** gamma (C), or none for 1 */
  weight?: Tensor | null;
  /** beta (C), or none for 0 */
  bias?: Tensor | null;
  /** Normalise by the batch's statistics, and move the running ones towards them. Default: false. */
  training?: boolean;
  momentum?: number;
  eps?: number;
}

/**
 * y = (x - mean) / √(var + eps) · weight + bias, for each channel of x (N, C, …).
 *
 * In training, mean and var are the batch's, and runningMean and runningVar (C, or null) are changed in place:
 * running = (1 - momentum) · running + momentum · batch. Otherwise mean and var are the running ones.
 *
 * @throws if a vector does not have C elements of x's dtype, or if training on one value per channel, whose variance
 *   means nothing
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  { weight = null, bias = null, training = false, momentum = 0.1, eps = 1e-5 }: BatchNormSettings = {},
): Tensor {
  const [n, channels, ...rest] = x.shape;
  const vectors = { running_mean: runningMean, running_var: runningVar, weight, bias };
  if (training && n * numelOf(rest) === 1) {
    throw new Error(
      `Expected more than 1 value per channel when training, got input size torch.Size(${formatShape(x.shape)})`,
    );
  }
  if (!isFloatingPoint(x.dtype)) throw new Error(`"batch_norm" not implemented for '${scalarName[x.dtype]}'`);
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector && vector.numel !== channels) {
      throw new Error(`${name} should contain ${channels} elements not ${vector.numel}`);
    }
    if (vector && vector.dtype !== x.dtype) {
      throw new Error(`mixed dtype (CPU): expect parameter to have scalar type of ${scalarName[x.dtype]}`);
    }
  }
  if (x.numel === 0) {
    // No value to normalise, but y is computed from weight and bias all the same: their gradients are 0, not missing.
    const y = weight ? mul(x, norm.broadcastChannels(weight, x)) : clone(x);
    return bias ? add(y, norm.broadcastChannels(bias, x)) : y;
  }
  if (training) {
    const statistics = norm.batchStatistics(x);
    const { mean, squares, count } = statistics;
    if (runningMean) moveTowards(runningMean, mean.data, 1, momentum);
    // Biased, squares / count, is what normalises this batch; unbiased is the better estimate for all the data.
    if (runningVar) moveTowards(runningVar, squares, count - 1, momentum);
    return norm.batchNorm(x, weight, bias, eps, statistics);
  }
  if (!runningMean || !runningVar) {
    throw new Error(`${runningMean ? "running_var" : "running_mean"} must be defined in evaluation mode`);
  }
  const invstd = pow(add(runningVar, eps), -0.5);
  const scale = weight ? mul(invstd, weight) : invstd;
  const shift = bias ? sub(bias, mul(runningMean, scale)) : neg(mul(runningMean, scale));
  return add(mul(x, norm.broadcastChannels(scale, x)), norm.broadcastChannels(shift, x));
}

/** running = (1 - momentum) · running + momentum · sums / divisor, rounded once. */
function moveTowards(running: Tensor, sums: ArrayLike<number>, divisor: number, momentum: number): void {
  const moved = Tensor.empty(running.shape, running.dtype);
  const before = running.data;
  for (let c = 0; c < before.length; c++) {
    moved.storage.data[c] = (1 - momentum) * before[c] + momentum * (sums[c] / divisor);
  }
  copyInto(running, moved);
}

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
  if (logits.ndim === 0) throw new Error("cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar");
  const classDim = logits.ndim === 1 ? 0 : 1;
  const classes = logits.shape[classDim];
  if (weight && (weight.ndim !== 1 || weight.numel !== classes)) {
    throw new Error(
      `weight tensor should be defined either for all ${classes} classes or no classes ` +
        `but got weight tensor of shape: ${formatShape(weight.shape)}`,
    );
  }
  const logProbabilities = logSoftmax(logits, classDim);
  return isFloatingPoint(target.dtype)
    ? lossOfProbabilities(logProbabilities, target, classDim, options)
    : lossOfIndices(logProbabilities, target, classDim, options);
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
    const perClass = weight ? mul(lp, norm.broadcastChannels(weight, lp, classDim)) : lp;
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
  const weighed = weight ? mul(smoothed, norm.broadcastChannels(weight, lp, classDim)) : smoothed;
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
