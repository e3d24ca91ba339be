/**
 * Batch normalization as a layer: what is learned, what is averaged over batches, and what differs between training and
 * evaluation. The formulas and gradients are in src/autograd/ops/layers/batch-norm.ts.
 */
import { ones, zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { batchNorm } from "./functions/batch-norm.ts";
import { constant_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { pythonBool, pythonFloat } from "./python-text.ts";

export interface BatchNormOptions {
  /** Added to the variance, so that a constant channel is not divided by 0. Default: 1e-5. */
  eps?: number;
  /** How far the running statistics move towards a batch's; null for their plain average over all batches. Default: 0.1. */
  momentum?: number | null;
  /** Whether to learn a scale (weight, gamma) and a shift (bias, beta) for each channel. Default: true. */
  affine?: boolean;
  /** Whether to average statistics for evaluation; without, evaluation uses the batch's own too. Default: true. */
  trackRunningStats?: boolean;
  /** float32 unless said otherwise. */
  dtype?: DType;
}

/**
 * y = (x - mean) / √(var + eps) · weight + bias, channel by channel.
 *
 * Training: mean and (biased) variance of the batch, of which running averages are kept, the variance unbiased.
 * Evaluation: the running averages. So an output then depends on its own input only.
 */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  /** gamma, (C) */
  readonly weight: Parameter | null;
  /** beta, (C) */
  readonly bias: Parameter | null;
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  /** How many batches the running averages have seen, int32. */
  readonly numBatchesTracked: Tensor | null;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, dtype = "float32" } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures], { dtype })) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures], { dtype })) : null;
    this.runningMean = trackRunningStats ? zeros([numFeatures], { dtype }) : null;
    this.runningVar = trackRunningStats ? ones([numFeatures], { dtype }) : null;
    this.numBatchesTracked = trackRunningStats ? zeros([], { dtype: "int32" }) : null;
  }

  /** Forgets the batches seen. */
  resetRunningStats(): void {
    if (this.runningMean) constant_(this.runningMean, 0);
    if (this.runningVar) constant_(this.runningVar, 1);
    if (this.numBatchesTracked) constant_(this.numBatchesTracked, 0);
  }

  /** weight = 1, bias = 0, and no batches seen. */
  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight) constant_(this.weight, 1);
    if (this.bias) constant_(this.bias, 0);
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
    const useBatchStatistics = this.training || !runningMean || !runningVar;
    return batchNorm(x, runningMean, runningVar, { weight, bias, training: useBatchStatistics, momentum, eps });
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum } = this;
    const settings = `eps=${pythonFloat(eps)}, momentum=${momentum === null ? "None" : pythonFloat(momentum)}`;
    return `${numFeatures}, ${settings}, affine=${pythonBool(this.affine)}, track_running_stats=${pythonBool(this.trackRunningStats)}`;
  }
}

/** Batch normalization of x (N, C) or (N, C, L). Mirrors `torch.nn.BatchNorm1d`. */
export class BatchNorm1d extends BatchNorm {
  protected override checkShape(x: Tensor): void {
    if (x.ndim !== 2 && x.ndim !== 3) {
      throw new Error(`expected 2D or 3D input (got ${x.ndim}D input): BatchNorm1d takes (N, C) or (N, C, L)`);
    }
  }
}

/** Batch normalization of x (N, C, H, W), each channel over all places of all images. Mirrors `torch.nn.BatchNorm2d`. */
export class BatchNorm2d extends BatchNorm {
  protected override checkShape(x: Tensor): void {
    if (x.ndim !== 4) throw new Error(`expected 4D input (got ${x.ndim}D input): BatchNorm2d takes (N, C, H, W)`);
  }
}
