/** Batch normalization as a function. The formulas and gradients are in src/autograd/ops/layers/batch-norm.ts. */
import { add, mul, neg, pow, sub } from "../../autograd/ops/elementwise.ts";
import * as norm from "../../autograd/ops/layers/batch-norm.ts";
import { clone } from "../../autograd/ops/shape.ts";
import { copyInto } from "../../tensor/apply.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { formatShape, numelOf } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";

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
