/** Normalizations of single samples as layers: the same in training and in evaluation. See functions/normalization.ts. */
import { ones, zeros } from "../../tensor/create.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { groupNorm, instanceNorm, layerNorm } from "../functions/normalization.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../python-text.ts";

interface NormOptions {
  /** Added to the variance. Default: 1e-5. */
  eps?: number;
  /** float32 unless said otherwise. */
  dtype?: DType;
}

export interface LayerNormOptions extends NormOptions {
  /** Whether to learn a factor and a summand for each element. Default: true. */
  elementwiseAffine?: boolean;
}

/** Normalises over the last dimensions, which have `normalizedShape`. Mirrors `torch.nn.LayerNorm`. */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, dtype = "float32" } = options;
    this.normalizedShape = [normalizedShape].flat();
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype })) : null;
    this.bias = elementwiseAffine ? new Parameter(zeros(this.normalizedShape, { dtype })) : null;
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this);
  }

  override extraRepr(): string {
    const affine = pythonBool(this.weight !== null);
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, elementwise_affine=${affine}`;
  }
}

export interface GroupNormOptions extends NormOptions {
  /** Whether to learn a factor and a summand for each channel. Default: true. */
  affine?: boolean;
}

/** Normalises over groups of channels of x (N, C, …). Mirrors `torch.nn.GroupNorm`. */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  /** @throws unless the channels fall into so many groups */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true, dtype = "float32" } = options;
    if (numChannels % numGroups !== 0) throw new Error("num_channels must be divisible by num_groups");
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels], { dtype })) : null;
    this.bias = affine ? new Parameter(zeros([numChannels], { dtype })) : null;
  }

  override forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this);
  }

  override extraRepr(): string {
    const affine = pythonBool(this.weight !== null);
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonFloat(this.eps)}, affine=${affine}`;
  }
}

export interface InstanceNormLayerOptions extends NormOptions {
  /** How far the running statistics move towards a batch's. Default: 0.1. */
  momentum?: number;
  /** Whether to learn a factor and a summand for each channel. Default: false. */
  affine?: boolean;
  /** Whether to average statistics for evaluation. Default: false. */
  trackRunningStats?: boolean;
}

abstract class InstanceNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number;
  readonly trackRunningStats: boolean;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Tensor | null;
  readonly runningVar: Tensor | null;
  readonly numBatchesTracked: Tensor | null;
  readonly #ndim: number;

  constructor(numFeatures: number, options: InstanceNormLayerOptions, ndim: number) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = false, trackRunningStats = false, dtype = "float32" } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures], { dtype })) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures], { dtype })) : null;
    this.runningMean = trackRunningStats ? zeros([numFeatures], { dtype }) : null;
    this.runningVar = trackRunningStats ? ones([numFeatures], { dtype }) : null;
    // PyTorch has it in the state, too, and leaves it 0.
    this.numBatchesTracked = trackRunningStats ? zeros([], { dtype: "int32" }) : null;
    this.#ndim = ndim;
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, eps, momentum } = this;
    if (x.ndim !== this.#ndim && x.ndim !== this.#ndim - 1) {
      throw new Error(`expected ${this.#ndim - 1}D or ${this.#ndim}D input (got ${x.ndim}D input)`);
    }
    const batch = x.ndim === this.#ndim ? x : x.unsqueeze(0);
    const useInputStats = this.training || !this.trackRunningStats;
    const y = instanceNorm(batch, runningMean, runningVar, { weight, bias, eps, momentum, useInputStats });
    return x.ndim === this.#ndim ? y : y.squeeze(0);
  }

  override extraRepr(): string {
    const flags = `affine=${pythonBool(this.weight !== null)}, track_running_stats=${pythonBool(this.trackRunningStats)}`;
    return `${this.numFeatures}, eps=${pythonFloat(this.eps)}, momentum=${pythonFloat(this.momentum)}, ${flags}`;
  }
}

/** Normalises each channel of each sample of x (N, C, L) or (C, L). Mirrors `torch.nn.InstanceNorm1d`. */
export class InstanceNorm1d extends InstanceNorm {
  constructor(numFeatures: number, options: InstanceNormLayerOptions = {}) {
    super(numFeatures, options, 3);
  }
}

/** Normalises each channel of each sample of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.InstanceNorm2d`. */
export class InstanceNorm2d extends InstanceNorm {
  constructor(numFeatures: number, options: InstanceNormLayerOptions = {}) {
    super(numFeatures, options, 4);
  }
}
