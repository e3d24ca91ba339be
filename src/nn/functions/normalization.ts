/**
 * Normalizations whose statistics are those of one sample: layer, group and instance norm. Each is batch norm (see
 * src/autograd/ops/layers/batch-norm.ts) of the same numbers laid out so that what is normalised together is one channel.
 */
import { add, mul } from "../../autograd/ops/elementwise.ts";
import * as norm from "../../autograd/ops/layers/batch-norm.ts";
import { reshape } from "../../autograd/ops/shape.ts";
import { copyInto } from "../../tensor/apply.ts";
import { formatShape, numelOf, type Shape, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { batchNorm } from "./batch-norm.ts";

interface AffineOptions {
  /** A factor, or none for 1. */
  weight?: Tensor | null;
  /** A summand, or none for 0. */
  bias?: Tensor | null;
  /** Added to the variance. Default: 1e-5. */
  eps?: number;
}

/** (x - mean) / √(var + eps) in each of so many runs of neighbouring elements. */
function normalizeRuns(x: Tensor, runs: number, eps: number): { y: Tensor; statistics: norm.BatchStatistics | null } {
  if (x.numel === 0) return { y: mul(x, 1), statistics: null };
  const rows = reshape(x, [1, runs, x.numel / runs]);
  const statistics = norm.batchStatistics(rows);
  return { y: reshape(norm.batchNorm(rows, null, null, eps, statistics), x.shape), statistics };
}

function affine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? mul(x, weight) : x;
  return bias ? add(scaled, bias) : scaled;
}

/**
 * y = (x - mean) / √(var + eps) · weight + bias, over the last dimensions of each sample. Mirrors
 * `torch.nn.functional.layer_norm` (Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450).
 *
 * @param x (…, ...normalizedShape); weight and bias have normalizedShape
 * @throws if x does not end in normalizedShape
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: Shape,
  { weight = null, bias = null, eps = 1e-5 }: AffineOptions = {},
): Tensor {
  const outer = x.ndim - normalizedShape.length;
  if (outer < 0 || !sameShape(x.shape.slice(outer), normalizedShape)) {
    throw new Error(
      `Given normalized_shape=${formatShape(normalizedShape)}, expected input with shape ` +
        `[*, ${normalizedShape.join(", ")}], but got input of size${formatShape(x.shape)}`,
    );
  }
  return affine(normalizeRuns(x, numelOf(x.shape.slice(0, outer)), eps).y, weight, bias);
}

/**
 * The same over groups of channels of each sample. Mirrors `torch.nn.functional.group_norm` (Wu & He 2018,
 * https://arxiv.org/abs/1803.08494).
 *
 * @param x (N, C, …) @param numGroups divides C; weight and bias (C)
 * @throws unless the channels fall into so many groups
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  { weight = null, bias = null, eps = 1e-5 }: AffineOptions = {},
): Tensor {
  const [n, channels] = x.shape;
  if (channels % numGroups !== 0) {
    throw new Error(
      "Expected number of channels in input to be divisible by num_groups, but got input of shape " +
        `${formatShape(x.shape)} and num_groups=${numGroups}`,
    );
  }
  const { y } = normalizeRuns(x, n * numGroups, eps);
  return affine(y, weight && norm.broadcastChannels(weight, x), bias && norm.broadcastChannels(bias, x));
}

export interface InstanceNormOptions extends AffineOptions {
  /** Normalise by each sample's own statistics, and move the running ones towards their mean. Default: true. */
  useInputStats?: boolean;
  /** Default: 0.1. */
  momentum?: number;
}

/**
 * The same over each channel of each sample. Mirrors `torch.nn.functional.instance_norm` (Ulyanov, Vedaldi & Lempitsky 2016,
 * https://arxiv.org/abs/1607.08022).
 *
 * @param x (N, C, L) or (N, C, H, W); weight, bias and the running statistics (C)
 * @throws if a channel of a sample has one value only, whose variance means nothing
 */
export function instanceNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  { weight = null, bias = null, eps = 1e-5, useInputStats = true, momentum = 0.1 }: InstanceNormOptions = {},
): Tensor {
  const [n, channels, ...rest] = x.shape;
  if (!useInputStats) return batchNorm(x, runningMean, runningVar, { weight, bias, eps });
  if (numelOf(rest) === 1) {
    throw new Error(
      `Expected more than 1 spatial element when training, got input size torch.Size(${formatShape(x.shape)})`,
    );
  }
  const { y, statistics } = normalizeRuns(x, n * channels, eps);
  if (statistics) {
    const { mean, squares, count } = statistics;
    if (runningMean) moveTowards(runningMean, mean.data, 1, n, momentum);
    if (runningVar) moveTowards(runningVar, squares, count - 1, n, momentum);
  }
  return affine(y, weight && norm.broadcastChannels(weight, x), bias && norm.broadcastChannels(bias, x));
}

/** running = (1 - momentum) · running + momentum · the mean over samples of sums / divisor */
function moveTowards(running: Tensor, sums: ArrayLike<number>, divisor: number, n: number, momentum: number): void {
  const moved = Tensor.empty(running.shape, running.dtype);
  const before = running.data;
  for (let c = 0; c < before.length; c++) {
    let total = 0;
    for (let k = c; k < sums.length; k += before.length) total += sums[k] / divisor;
    moved.storage.data[c] = (1 - momentum) * before[c] + (momentum * total) / n;
  }
  copyInto(running, moved);
}
