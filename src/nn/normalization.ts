/**
 * Normalizations, as functions and as layers: numbers that belong together get mean 0 and variance 1, then a learned scale and
 * shift. For batch norm these are the numbers of one channel in the whole batch, and running averages of their mean and
 * variance serve evaluation. Layer, group and instance norm take numbers of one sample; instance norm is group norm with a
 * channel in each group.
 *
 * Read next: src/autograd/ops/layers/batch-norm.ts and src/autograd/ops/layers/sample-norm.ts, the formulas.
 */
import { add, mul, neg, pow, sub } from "../autograd/ops/elementwise.ts";
import { batchStatistics, batchNorm as normalizeChannels } from "../autograd/ops/layers/batch-norm.ts";
import { groupNorm as normalizeGroups, layerNorm as normalizeRows } from "../autograd/ops/layers/sample-norm.ts";
import { clone } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, normalizeDim, numelOf, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  type AffineOptions,
  affine,
  affineChannels,
  affineDefaults,
  checkVectors,
  statisticsOfRuns,
} from "./affine.ts";
import { constant_ } from "./init.ts";
import {
  type BatchNormOptions,
  moveTowards,
  Normalization,
  type NormOptions,
  RunningNormalization,
} from "./running-statistics.ts";

/** Options of batchNorm. */
export interface BatchNormSettings extends AffineOptions {
  /** Normalise by the batch's statistics, and move the running ones towards them. Default: false. */
  training?: boolean;
  /** How far the running statistics move towards the batch's. Default: 0.1. */
  momentum?: number;
}
const batchNormDefaults = { ...affineDefaults, training: false, momentum: 0.1 };

/**
 * y = (x - mean) / √(var + eps) · weight + bias, for each channel of x (N, C, …).
 *
 * In training, mean and var are the batch's, and runningMean and runningVar (C, or null) are changed in place:
 * running = (1 - momentum) · running + momentum · batch. Otherwise mean and var are the running ones.
 *
 * @throws if a vector does not have C elements of x's dtype, or if training on one value per channel, whose variance
 *   means nothing
 * @example
 * const x = tensor([[1, 20], [3, 60]]);
 * const [mean, variance] = [zeros(2), ones(2)];
 * console.log(nn.functional.batchNorm(x, mean, variance, { training: true }));
 * console.log(mean, variance); // a tenth of the way to 2 and 40, to 2 and 800
 */
function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options?: BatchNormSettings,
): Tensor {
  const { weight, bias, eps, training, momentum } = readOptions(options, batchNormDefaults);
  const channels = x.shape[normalizeDim(1, x.ndim)];
  const [n, , ...rest] = x.shape;
  const tooFew = () =>
    `Expected more than 1 value per channel when training, got input size torch.Size(${formatShape(x.shape)}): ` +
    "take larger batches (dropLast leaves a small last one out), or eval()";
  check(!training || n * numelOf(rest) !== 1, tooFew);
  check(isFloatingPoint(x.dtype), () => `"batch_norm" not implemented for '${scalarName[x.dtype]}'`);
  checkVectors(x, channels, { running_mean: runningMean, running_var: runningVar, weight, bias });
  // No value to normalise, but y is computed from weight and bias all the same: their gradients are 0, not missing.
  if (x.numel === 0) return affineChannels(clone(x), weight, bias);
  if (training) {
    const statistics = batchStatistics(x);
    moveTowards(runningMean, statistics.mean, 1, momentum);
    // Biased, squares / count, is what normalises this batch; unbiased is the better estimate for all the data.
    moveTowards(runningVar, statistics.squares, statistics.count - 1, momentum);
    return normalizeChannels(x, weight, bias, eps, statistics);
  }
  check(runningMean !== null, "running_mean must be defined in evaluation mode");
  check(runningVar !== null, "running_var must be defined in evaluation mode");
  const invstd = pow(add(runningVar, eps), -0.5);
  const scale = weight ? mul(invstd, weight) : invstd;
  const moved = mul(clone(runningMean), scale); // a copy: this one goes on
  return affineChannels(x, scale, bias ? sub(bias, moved) : neg(moved));
}

export type { AffineOptions, BatchNormOptions };

/**
 * y = (x - mean) / √(var + eps) · weight + bias, channel by channel.
 *
 * Training: mean and (biased) variance of the batch, of which running averages are kept, the variance unbiased.
 * Evaluation: the running averages. So an output then depends on its own input only.
 */
abstract class BatchNorm extends RunningNormalization {
  constructor(numFeatures: Int, options?: BatchNormOptions) {
    super(numFeatures, options, true);
  }

  /** @throws unless x has a shape that this layer takes */
  protected abstract checkShape(x: Tensor): void;

  override forward(x: Tensor): Tensor {
    this.checkShape(x);
    const { weight, bias, runningMean, runningVar, numBatchesTracked, eps } = this;
    let momentum = this.momentum ?? 0;
    if (this.training && numBatchesTracked) {
      const batches = numBatchesTracked.item() + 1;
      constant_(numBatchesTracked, batches);
      momentum = this.momentum ?? 1 / batches;
    }
    const training = this.training || !this.trackRunningStats; // by the batch's own statistics
    return batchNorm(x, runningMean, runningVar, { weight, bias, training, momentum, eps });
  }
}

/**
 * Batch normalization of x (N, C) or (N, C, L). Mirrors `torch.nn.BatchNorm1d`.
 * @example
 * const layer = new nn.BatchNorm1d(2);
 * console.log(layer.forward(tensor([[1, 20], [3, 60]]))); // by the batch's mean and variance
 * console.log(layer.runningMean, layer.runningVar);
 * layer.eval();
 * console.log(layer.forward(tensor([[1, 20]]))); // by the running ones
 */
export class BatchNorm1d extends BatchNorm {
  protected override checkShape({ ndim }: Tensor): void {
    const words = "BatchNorm1d takes (N, C) or (N, C, L)";
    check(ndim === 2 || ndim === 3, () => `expected 2D or 3D input (got ${ndim}D input): ${words}`);
  }
}

/**
 * Batch normalization of x (N, C, H, W), each channel over all places of all images. Mirrors `torch.nn.BatchNorm2d`.
 * @example new nn.BatchNorm2d(3).forward(randn([4, 3, 8, 8])).shape
 */
export class BatchNorm2d extends BatchNorm {
  protected override checkShape({ ndim }: Tensor): void {
    check(ndim === 4, () => `expected 4D input (got ${ndim}D input): BatchNorm2d takes (N, C, H, W)`);
  }
}

/**
 * Batch normalization of x (N, C, D, H, W), each channel over all places of all volumes. Mirrors `torch.nn.BatchNorm3d`.
 * @example new nn.BatchNorm3d(3).forward(randn([4, 3, 2, 4, 4])).shape
 */
export class BatchNorm3d extends BatchNorm {
  protected override checkShape({ ndim }: Tensor): void {
    check(ndim === 5, () => `expected 5D input (got ${ndim}D input): BatchNorm3d takes (N, C, D, H, W)`);
  }
}

/** @throws unless x is of floats, and weight and bias are of the same, and of a shape */
function checkAffine(x: Tensor, options: AffineOptions, shape: Shape, name: string, wanted: string): void {
  check(isFloatingPoint(x.dtype), () => `"${name}KernelImpl" not implemented for '${scalarName[x.dtype]}'`);
  for (const parameter of ["weight", "bias"] as const) {
    const given = options[parameter];
    if (!given) continue;
    check(sameShape(given.shape, shape), () => {
      const got = `but got ${parameter} of shape ${formatShape(given.shape)}`;
      return `Expected ${parameter} to be ${wanted.replace("…", got)}`;
    });
    check(
      given.dtype === x.dtype,
      () => `expected scalar type ${scalarName[x.dtype]} but found ${scalarName[given.dtype]}`,
    );
  }
}

/**
 * y = (x - mean) / √(var + eps) · weight + bias, over the last dimensions of each sample. Mirrors
 * `torch.nn.functional.layer_norm` (Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450).
 *
 * @param x (…, ...normalizedShape); weight and bias have normalizedShape
 * @throws if x does not end in normalizedShape
 * @example nn.functional.layerNorm(tensor([[1, 2, 3], [10, 20, 30]]), [3])
 */
function layerNorm(x: Tensor, normalizedShape: Shape, options?: AffineOptions): Tensor {
  const { weight, bias, eps } = readOptions(options, affineDefaults);
  const noDimension =
    "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, " +
    "but got normalized_shape = []";
  check(normalizedShape.length > 0, noDimension);
  const outer = x.ndim - normalizedShape.length;
  check(
    outer >= 0 && sameShape(x.shape.slice(outer), normalizedShape),
    () =>
      `Given normalized_shape=${formatShape(normalizedShape)}, expected input with shape ` +
      `[*, ${normalizedShape.join(", ")}], but got input of size${formatShape(x.shape)}`,
  );
  const wanted = `of same shape as normalized_shape, … and normalized_shape = ${formatShape(normalizedShape)}`;
  checkAffine(x, { weight, bias }, normalizedShape, "LayerNorm", wanted);
  if (x.numel === 0) return affine(clone(x), weight, bias);
  return normalizeRows(x, numelOf(x.shape.slice(0, outer)), weight, bias, eps);
}

/** Options of LayerNorm. */
export interface LayerNormOptions extends NormOptions {
  /** Whether to learn a factor and a summand for each element. Default: true. */
  elementwiseAffine?: boolean;
}

/**
 * Normalises over the last dimensions, which have `normalizedShape`. Mirrors `torch.nn.LayerNorm`.
 * @example new nn.LayerNorm(3).forward(tensor([[1, 2, 3], [10, 20, 30]]))
 */
export class LayerNorm extends Normalization {
  /** The sizes of the last dimensions of x. */
  readonly normalizedShape: readonly number[];

  constructor(normalizedShape: Int | readonly Int[], options?: LayerNormOptions) {
    const shape = [normalizedShape].flat();
    const settings = readOptions(options, { eps: 1e-5, elementwiseAffine: true, dtype: "float32" });
    super(shape, { ...settings, affine: settings.elementwiseAffine });
    this.normalizedShape = shape;
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this);
  }

  override extraRepr(): string {
    const { normalizedShape, eps, weight } = this;
    return `${pythonTuple(normalizedShape)}, eps=${pythonFloat(eps)}, elementwise_affine=${pythonBool(weight !== null)}`;
  }
}

/**
 * The same over groups of channels of each sample. Mirrors `torch.nn.functional.group_norm` (Wu & He 2018,
 * https://arxiv.org/abs/1803.08494).
 *
 * @param x (N, C, …) @param numGroups divides C; weight and bias (C)
 * @throws unless the channels fall into so many groups
 * @example nn.functional.groupNorm(tensor([[1, 3, 10, 30]]), 2)
 */
function groupNorm(x: Tensor, numGroups: Int, options?: AffineOptions): Tensor {
  const { weight, bias, eps } = readOptions(options, affineDefaults);
  const channels = x.shape[normalizeDim(1, x.ndim)];
  const [n, , ...rest] = x.shape;
  check(numGroups > 0, () => `Expected num groups to be greater than 0, got ${numGroups}`);
  const notDivisible = () =>
    "Expected number of channels in input to be divisible by num_groups, but got input of shape " +
    `${formatShape(x.shape)} and num_groups=${numGroups}`;
  check(channels % numGroups === 0, notDivisible);
  const sizes = [(n * channels) / numGroups, numGroups, ...rest]; // as batch norm's input
  const tooFew = () => `Expected more than 1 value per channel when training, got input size ${formatShape(sizes)}`;
  check(x.numel !== numGroups, tooFew);
  const wanted = `a vector of size equal to the number of channels in input, … and input of shape ${formatShape(x.shape)}`;
  checkAffine(x, { weight, bias }, [channels], "GroupNorm", wanted);
  if (x.numel === 0) return affineChannels(clone(x), weight, bias);
  return normalizeGroups(x, weight, bias, eps, statisticsOfRuns(x, n * numGroups));
}

/** Options of GroupNorm. */
export interface GroupNormOptions extends NormOptions {
  /** Whether to learn a factor and a summand for each channel. Default: true. */
  affine?: boolean;
}

/**
 * Normalises over groups of channels of x (N, C, …). Mirrors `torch.nn.GroupNorm`.
 * @example new nn.GroupNorm(2, 4, { affine: false }).forward(tensor([[1, 3, 10, 30]]))
 */
export class GroupNorm extends Normalization {
  /** Into how many groups the channels fall. */
  readonly numGroups: number;
  /** How many channels there are, C. */
  readonly numChannels: number;

  /** @throws unless the channels fall into so many groups */
  constructor(numGroups: Int, numChannels: Int, options?: GroupNormOptions) {
    const uneven = () => `num_channels must be divisible by num_groups, but got ${numChannels} and ${numGroups}`;
    check(numChannels % numGroups === 0, uneven);
    super([numChannels], readOptions(options, { eps: 1e-5, affine: true, dtype: "float32" }));
    this.numGroups = numGroups;
    this.numChannels = numChannels;
  }

  override forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this);
  }

  override extraRepr(): string {
    const { numGroups, numChannels, eps, weight } = this;
    return `${numGroups}, ${numChannels}, eps=${pythonFloat(eps)}, affine=${pythonBool(weight !== null)}`;
  }
}

export default { batchNorm, layerNorm, groupNorm };
