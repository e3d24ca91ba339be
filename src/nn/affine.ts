/** What normalizations share: the scale and the shift after them, what these have to be, and the statistics of neighbours. */
import { add, mul } from "../autograd/ops/elementwise.ts";
import { type BatchStatistics, batchStatistics, broadcastChannels } from "../autograd/ops/layers/batch-norm.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { scalarName } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What comes after a normalization, and its eps. */
export interface AffineOptions {
  /** A factor, gamma, or null for 1. Default: null. */
  weight?: Tensor | null;
  /** A summand, beta, or null for 0. Default: null. */
  bias?: Tensor | null;
  /** Added to the variance, so that a constant is not divided by 0. Default: 1e-5. */
  eps?: number;
}
export const affineDefaults = { weight: null, bias: null, eps: 1e-5 };

/** The factor and the summand applied. */
export function affine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? mul(x, weight) : x;
  return bias ? add(scaled, bias) : scaled;
}

/** The same with a factor and a summand for each channel. */
export const affineChannels = (x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor =>
  affine(x, weight && broadcastChannels(weight, x), bias && broadcastChannels(bias, x));

/** @throws unless there is a number for each channel, of the dtype of x */
export function checkVectors({ dtype }: Tensor, channels: number, vectors: Record<string, Tensor | null>): void {
  for (const [name, vector] of Object.entries(vectors)) {
    if (!vector) continue;
    check(vector.numel === channels, () => `${name} should contain ${channels} elements not ${vector.numel}`);
    check(
      vector.dtype === dtype,
      () =>
        `mixed dtype (CPU): expect parameter to have scalar type of ${scalarName[dtype]}, but ${name} is ${vector.dtype}`,
    );
  }
}

/** The mean and the squared deviations of each of so many runs of neighbouring elements. */
export const statisticsOfRuns = (x: Tensor, runs: number): BatchStatistics =>
  batchStatistics(reshape(x, [1, runs, x.numel / runs]));
