/**
 * Batch normalization (Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167).
 *
 * In training, each channel of a batch is given mean 0 and variance 1, then a learned scale and shift. The batch's own
 * mean and variance are functions of x, so the gradient flows through them too.
 */
import { copyOf } from "../../../tensor/apply.ts";
import type { ChannelShape } from "../../../tensor/kernels/batch-norm.ts";
import { batchNorms } from "../../../tensor/kernels/index.ts";
import { emptyArray } from "../../../tensor/memory/memory.ts";
import { numelOf } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import type { PullBack } from "../../graph.ts";
import { type Applied, defineOp } from "../../op.ts";
import { add, mul, pow, sub } from "../elementwise.ts";
import { mean, sum } from "../reduction.ts";
import { reshape } from "../shape.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";

/** What a batch says of its channels. */
export interface BatchStatistics {
  /** (C) */
  readonly mean: Tensor;
  /** Σ (x - mean)² for each channel (C), float64 */
  readonly squares: Tensor;
  /** How many values each channel has: N·L */
  readonly count: number;
}

/** x (N, C), (N, C, L) or (N, C, H, W), seen as N, C and all the rest. */
export const channelShape = (x: Tensor): ChannelShape => [x.shape[0], x.shape[1], numelOf(x.shape.slice(2))];

/** The mean and the squared deviations of every channel of x (N, C, …). */
export function batchStatistics(x: Tensor): BatchStatistics {
  const shape = channelShape(x);
  const [n, c, l] = shape;
  const mean = Tensor.empty([c], x.dtype);
  const squares = Tensor.empty([c], "float64");
  batchNorms.batchStatistics(mean.storage.operand, squares.storage.operand, operandOf(x), shape);
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
    const [, c] = shape;
    const { squares, count } = statistics;
    const mean = operandOf(statistics.mean);
    const [gamma, beta] = [weight && operandOf(weight), bias && operandOf(bias)];
    const [invstd, scale, shift] = [0, 1, 2].map(() => emptyArray(x.dtype, [c]));
    const channels = { mean, invstd, scale, shift };
    batchNorms.batchNormFactors(channels, operandOf(squares), count, gamma, beta, eps);
    const y = Tensor.empty(x.shape, x.dtype);
    batchNorms.scaleAndShift(y.storage.operand, operandOf(x), scale, shift, shape);

    const parameterGradients = remembered((dy) => {
      const [dweight, dbias] = [Tensor.empty([c], x.dtype), Tensor.empty([c], x.dtype)];
      batchNorms.batchNormParameterGradients(
        dbias.storage.operand,
        dweight.storage.operand,
        operandOf(dy),
        operandOf(x),
        channels,
        shape,
      );
      return { dweight, dbias };
    });
    const inputGradient = (dy: Tensor) => {
      const { dweight, dbias } = parameterGradients(dy);
      const dx = Tensor.empty(x.shape, x.dtype);
      batchNorms.batchNormInputGradient(
        dx.storage.operand,
        operandOf(dy),
        operandOf(x),
        operandOf(dbias),
        operandOf(dweight),
        channels,
        shape,
      );
      return dx;
    };
    const recorded = recordedGradients(x, weight, eps);
    const grads: [Tensor, PullBack][] = [[x, kernelOrOperations(inputGradient, recorded.dx)]];
    // Copies: a pull-back gives new memory, and these are remembered.
    if (weight)
      grads.push([weight, kernelOrOperations((dy) => copyOf(parameterGradients(dy).dweight), recorded.dweight)]);
    if (bias) grads.push([bias, kernelOrOperations((dy) => copyOf(parameterGradients(dy).dbias), recorded.dbias)]);
    return { y, saves: weight ? [x, weight] : [x], grads };
  },
);

/** `compute`, not run again while the gradient is the same one: the three pull-backs share dweight and dbias. */
export function remembered<T>(compute: (dy: Tensor) => T): (dy: Tensor) => T {
  let last: { dy: Tensor; version: number; value: T } | null = null;
  return (dy) => {
    const { version } = dy.storage;
    if (last?.dy !== dy || last.version !== version) last = { dy, version, value: compute(dy) };
    return last.value;
  };
}

/** The same three gradients in differentiable operations, with the batch's mean and var as functions of x. */
function recordedGradients(x: Tensor, weight: Tensor | null, eps: number) {
  const dims = x.shape.map((_, d) => d).filter((d) => d !== 1); // all but the channels
  const channelMean = (values: Tensor) => mean(values, dims, { keepdim: true }); // (1, C, 1, …)
  const standardize = () => {
    const centered = sub(x, channelMean(x));
    const invstd = pow(add(channelMean(mul(centered, centered)), eps), -0.5);
    return { xhat: mul(centered, invstd), invstd };
  };
  return {
    dbias: (dy: Tensor) => sum(dy, dims),
    dweight: (dy: Tensor) => sum(mul(dy, standardize().xhat), dims),
    dx: (dy: Tensor) => {
      const { xhat, invstd } = standardize();
      const dxhat = sub(sub(dy, channelMean(dy)), mul(xhat, channelMean(mul(dy, xhat))));
      return mul(dxhat, weight ? mul(invstd, broadcastChannels(weight, x)) : invstd);
    },
  };
}

/** A vector (C) as (1, C, 1, …), to go with x (N, C, …); C may be another of x's dimensions. */
export function broadcastChannels(perChannel: Tensor, x: Tensor, dim = 1): Tensor {
  const shape = x.shape.map((size, d) => (d === dim ? size : 1));
  return reshape(perChannel, shape);
}
