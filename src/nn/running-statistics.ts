/**
 * What layers that normalise have in common: a scale and a shift to learn, and for some running averages, the statistics of
 * all batches so far, which stand in for those of a batch in evaluation.
 */
import { changeElements } from "../tensor/apply.ts";
import { ones, zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { batchNorms } from "../tensor/kernels/index.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat } from "../tensor/python-text.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import { operandOf, type Tensor } from "../tensor/tensor.ts";
import { ones_, zeros_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import type { StateDict } from "./state-dict.ts";

/** running = (1 - momentum) · running + momentum · sums / divisor, the mean over samples if each has sums of its own. */
export function moveTowards(running: Tensor | null, sums: Tensor, divisor: number, momentum: number): void {
  if (running)
    changeElements(running, (elements) => batchNorms.moveTowards(elements, operandOf(sums), divisor, momentum));
}

/** Options of every layer that normalises. */
export interface NormOptions {
  /** Added to the variance, so that a constant is not divided by 0. Default: 1e-5. */
  eps?: number;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** It learns a scale, weight, and a shift, bias, unless told not to. */
export abstract class Normalization extends Module implements NormOptions {
  readonly eps: number;
  /** gamma */
  weight: Parameter | null;
  /** beta */
  bias: Parameter | null;

  constructor(shape: Shape, { eps, affine, dtype }: Required<NormOptions> & { affine: boolean }) {
    super();
    this.eps = eps;
    this.weight = this.registerParameter("weight", affine ? new Parameter(ones(shape, { dtype })) : null);
    this.bias = this.registerParameter("bias", affine ? new Parameter(zeros(shape, { dtype })) : null);
  }
}

/** Options of layers that may average statistics over batches. */
export interface BatchNormOptions extends NormOptions {
  /** How far the running statistics move towards a batch's; null for their plain average over all batches. Default: 0.1. */
  momentum?: number | null;
  /** Whether to learn a scale (weight, gamma) and a shift (bias, beta) for each channel. Default: true; of instance norm false. */
  affine?: boolean;
  /** Whether to average statistics for evaluation; else it uses the batch's own. Default: true; of instance norm false. */
  trackRunningStats?: boolean;
}

/** A layer for each channel that may average statistics over batches, to evaluate with those. */
export abstract class RunningNormalization extends Normalization implements BatchNormOptions {
  /** How many channels there are, C. */
  readonly numFeatures: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  /** Of each channel, (C). */
  readonly runningMean: Tensor | null;
  /** Of each channel, (C), unbiased. */
  readonly runningVar: Tensor | null;
  /** How many batches the running averages have seen, int32; of an InstanceNorm 0, as in PyTorch. */
  readonly numBatchesTracked: Tensor | null;

  /** @param learnsAndTracks unless the options say otherwise */
  constructor(numFeatures: Int, options: BatchNormOptions | undefined, learnsAndTracks: boolean) {
    const defaults = { eps: 1e-5, momentum: 0.1, affine: learnsAndTracks, trackRunningStats: learnsAndTracks };
    const settings = readOptions(options, { ...defaults, dtype: "float32" });
    const { momentum, affine, trackRunningStats, dtype } = settings;
    super([numFeatures], settings);
    this.numFeatures = numFeatures;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.runningMean = this.registerBuffer("runningMean", trackRunningStats ? zeros([numFeatures], { dtype }) : null);
    this.runningVar = this.registerBuffer("runningVar", trackRunningStats ? ones([numFeatures], { dtype }) : null);
    this.numBatchesTracked = this.registerBuffer(
      "numBatchesTracked",
      trackRunningStats ? zeros([], { dtype: "int32" }) : null,
    );
  }

  /** PyTorch did not always count batches. */
  protected override olderState(): StateDict {
    return this.numBatchesTracked ? { num_batches_tracked: zeros([], { dtype: "int32" }) } : {};
  }

  /** Forgets the batches seen. */
  resetRunningStats(): void {
    if (this.runningMean) zeros_(this.runningMean);
    if (this.runningVar) ones_(this.runningVar);
    if (this.numBatchesTracked) zeros_(this.numBatchesTracked);
  }

  /** weight = 1, bias = 0, and no batches seen. */
  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    const settings = `eps=${pythonFloat(eps)}, momentum=${momentum === null ? "None" : pythonFloat(momentum)}`;
    return `${numFeatures}, ${settings}, affine=${pythonBool(affine)}, track_running_stats=${pythonBool(trackRunningStats)}`;
  }
}
