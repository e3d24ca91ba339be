/**
 * Instance norm, as a function and as layers: the numbers of one channel of one sample get mean 0 and variance 1. Group norm with a
 * channel in each group, but that it may average statistics for evaluation.
 */
import { groupNorm as normalizeGroups } from "../autograd/ops/layers/sample-norm.ts";
import { clone, squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int, numelOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type AffineOptions, affineChannels, affineDefaults, checkVectors, statisticsOfRuns } from "./affine.ts";
import normalization from "./normalization.ts";
import { type BatchNormOptions, moveTowards, RunningNormalization } from "./running-statistics.ts";

/** Options of instanceNorm. */
export interface InstanceNormOptions extends AffineOptions {
  /** Normalise by each sample's own statistics, and move the running ones towards their mean. Default: true. */
  useInputStats?: boolean;
  /** How far the running statistics move. Default: 0.1. */
  momentum?: number;
}

/**
 * The same over each channel of each sample. Mirrors `torch.nn.functional.instance_norm` (Ulyanov, Vedaldi & Lempitsky 2016,
 * https://arxiv.org/abs/1607.08022).
 *
 * @param x (N, C, …); weight, bias and the running statistics (C)
 * @throws if a channel of a sample has one value only, whose variance means nothing
 * @example nn.functional.instanceNorm(tensor([[[1, 3], [10, 30]]]))
 */
function instanceNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  options?: InstanceNormOptions,
): Tensor {
  const settings = readOptions(options, { ...affineDefaults, useInputStats: true, momentum: 0.1 });
  const { weight, bias, eps, useInputStats, momentum } = settings;
  if (!useInputStats) return normalization.batchNorm(x, runningMean, runningVar, { weight, bias, eps });
  const [n, channels, ...rest] = x.shape;
  const tooFew = () =>
    `Expected more than 1 spatial element when training, got input size torch.Size(${formatShape(x.shape)})`;
  check(numelOf(rest) !== 1, tooFew);
  check(isFloatingPoint(x.dtype), () => `"batch_norm" not implemented for '${scalarName[x.dtype]}'`);
  checkVectors(x, channels, { running_mean: runningMean, running_var: runningVar, weight, bias });
  if (x.numel === 0) return affineChannels(clone(x), weight, bias);
  const statistics = statisticsOfRuns(x, n * channels);
  moveTowards(runningMean, statistics.mean, 1, momentum);
  moveTowards(runningVar, statistics.squares, statistics.count - 1, momentum);
  return normalizeGroups(x, weight, bias, eps, statistics);
}

/** Options of the layers of instance norm: those of batch norm. */
export type InstanceNormLayerOptions = BatchNormOptions;

abstract class InstanceNorm extends RunningNormalization {
  /** Of a batch. */
  protected abstract readonly ndim: number;

  constructor(numFeatures: Int, options?: BatchNormOptions) {
    super(numFeatures, options, false);
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, eps, ndim } = this;
    const isBatched = x.ndim === ndim;
    check(isBatched || x.ndim === ndim - 1, () => `expected ${ndim - 1}D or ${ndim}D input (got ${x.ndim}D input)`);
    const momentum = this.momentum ?? 0;
    const useInputStats = this.training || !this.trackRunningStats;
    const options = { weight, bias, eps, momentum, useInputStats };
    const y = instanceNorm(isBatched ? x : unsqueeze(x, 0), runningMean, runningVar, options);
    return isBatched ? y : squeeze(y, 0);
  }
}

/**
 * Normalises each channel of each sample of x (N, C, L) or (C, L). Mirrors `torch.nn.InstanceNorm1d`.
 * @example new nn.InstanceNorm1d(2).forward(tensor([[[1, 3], [10, 30]]]))
 */
export class InstanceNorm1d extends InstanceNorm {
  protected override readonly ndim = 3;
}

/**
 * Normalises each channel of each sample of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.InstanceNorm2d`.
 * @example new nn.InstanceNorm2d(3).forward(randn([4, 3, 8, 8])).shape
 */
export class InstanceNorm2d extends InstanceNorm {
  protected override readonly ndim = 4;
}

/**
 * Normalises each channel of each sample of x (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.InstanceNorm3d`.
 * @example new nn.InstanceNorm3d(3).forward(randn([4, 3, 2, 4, 4])).shape
 */
export class InstanceNorm3d extends InstanceNorm {
  protected override readonly ndim = 5;
}

export default { instanceNorm };
