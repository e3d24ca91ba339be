/**
 * Batch normalization (Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167).
 *
 * In training, each channel of a batch is given mean 0 and variance 1, then a learned scale and shift. The batch's own
 * mean and variance are functions of x, so the gradient flows through them too.
 */

import type { ChannelShape } from "../../tensor/kernels/batch-norm.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { numelOf } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { isGradEnabled } from "../grad-mode.ts";
import type { PullBack } from "../graph.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, mul, pow, sub } from "./elementwise.ts";
import { mean, sum } from "./reduction.ts";
import { reshape } from "./shape.ts";

/** What a batch says of its channels. */
export interface BatchStatistics {
  /** (C) */
  readonly mean: Tensor;
  /** Σ (x - mean)² for each channel, in float64 */
  readonly squares: Float64Array;
  /** How many values each channel has: N·L */
  readonly count: number;
}

/** x (N, C), (N, C, L) or (N, C, H, W), seen as N, C and all the rest. */
function channelShape(x: Tensor): ChannelShape {
  return [x.shape[0], x.shape[1], numelOf(x.shape.slice(2))];
}

/** The mean and the squared deviations of every channel of x (N, C, …). */
export function batchStatistics(x: Tensor): BatchStatistics {
  const shape = channelShape(x);
  const [n, c, l] = shape;
  const mean = Tensor.empty([c], x.dtype);
  const squares = new Float64Array(c);
  kernels.batchStatistics(mean.storage.data, squares, x.data, shape);
  return { mean, squares, count: n * l };
}

/**
 * y = x̂ · weight + bias with x̂ = (x - mean) / √(var + eps) for each channel, mean and var being the batch's own.
 *
 *   dbias = Σ dy,  dweight = Σ dy · x̂,  dx = weight / √(var + eps) · (dy - dbias / n - x̂ · dweight / n)
 *
 * The last two terms of dx are how a change of one x moves the batch's mean and variance, and with them every y.
 */
export const batchNorm = defineOp(
  "batchNorm",
  (x: Tensor, weight: Tensor | null, bias: Tensor | null, eps: number, statistics: BatchStatistics): Applied => {
    const shape = channelShape(x);
    const { mean, squares, count } = statistics;
    const perChannel = (value: (channel: number) => number) => {
      const values = Tensor.empty(mean.shape, x.dtype);
      for (let ch = 0; ch < mean.numel; ch++) values.storage.data[ch] = value(ch);
      return values.storage.data;
    };
    const m = mean.data;
    const invstd = perChannel((ch) => 1 / Math.sqrt(squares[ch] / count + eps));
    const gamma = weight?.data;
    const beta = bias?.data;
    const scale = perChannel((ch) => invstd[ch] * (gamma ? gamma[ch] : 1));
    const shift = perChannel((ch) => (beta ? beta[ch] : 0) - m[ch] * scale[ch]);
    const y = Tensor.empty(x.shape, x.dtype);
    kernels.scaleAndShift(y.storage.data, x.data, scale, shift, shape);

    const sumsOf = remembered((dy) => {
      const dbias = Tensor.empty(mean.shape, x.dtype);
      const dweight = Tensor.empty(mean.shape, x.dtype);
      kernels.batchNormSums(dbias.storage.data, dweight.storage.data, dy.data, x.data, m, invstd, shape);
      return { dbias, dweight };
    });
    const fusedInputGradient = (dy: Tensor) => {
      const { dbias, dweight } = sumsOf(dy);
      const dx = Tensor.empty(x.shape, x.dtype);
      kernels.batchNormInputGradient(
        dx.storage.data,
        dy.data,
        x.data,
        m,
        invstd,
        scale,
        dbias.data,
        dweight.data,
        shape,
      );
      return dx;
    };
    const grads: [Tensor, PullBack][] = [
      [x, (dy) => (isGradEnabled() ? inputGradient(dy, x, weight, eps) : fusedInputGradient(dy))],
    ];
    if (weight) grads.push([weight, (dy) => (isGradEnabled() ? weightGradient(dy, x, eps) : sumsOf(dy).dweight)]);
    if (bias) grads.push([bias, (dy) => (isGradEnabled() ? sum(dy, allButChannel(x)) : sumsOf(dy).dbias)]);
    return { y, saves: weight ? [x, weight] : [x], grads };
  },
);

/** `compute`, which is not run again while the gradient stays the same: three pull-backs share one pair of sums. */
function remembered<T>(compute: (dy: Tensor) => T): (dy: Tensor) => T {
  let last: { dy: Tensor; value: T } | null = null;
  return (dy) => {
    if (last?.dy !== dy) last = { dy, value: compute(dy) };
    return last.value;
  };
}

// The same gradients as operations, for a backward pass that is itself recorded: kernels cannot be differentiated.

const keepdim = { keepdim: true };

const allButChannel = (x: Tensor): number[] => x.shape.map((_, d) => d).filter((d) => d !== 1);

/** x̂ and 1 / √(var + eps), with the batch's mean and var as functions of x. */
function standardize(x: Tensor, eps: number) {
  const dims = allButChannel(x);
  const centered = sub(x, mean(x, dims, keepdim));
  const invstd = pow(add(mean(mul(centered, centered), dims, keepdim), eps), -0.5);
  return { xhat: mul(centered, invstd), invstd };
}

function weightGradient(dy: Tensor, x: Tensor, eps: number): Tensor {
  return sum(mul(dy, standardize(x, eps).xhat), allButChannel(x));
}

function inputGradient(dy: Tensor, x: Tensor, weight: Tensor | null, eps: number): Tensor {
  const dims = allButChannel(x);
  const { xhat, invstd } = standardize(x, eps);
  const throughMean = mean(dy, dims, keepdim);
  const throughVariance = mul(xhat, mean(mul(dy, xhat), dims, keepdim));
  const dxhat = sub(sub(dy, throughMean), throughVariance);
  return mul(dxhat, weight ? mul(invstd, broadcastChannels(weight, x)) : invstd);
}

/** A vector (C) as (1, C, 1, …), to go with x (N, C, …). */
export function broadcastChannels(perChannel: Tensor, x: Tensor): Tensor {
  return reshape(
    perChannel,
    x.shape.map((size, d) => (d === 1 ? size : 1)),
  );
}
