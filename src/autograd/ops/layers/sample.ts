/**
 * Sampling: weighted sums of elements at places. As with convolution, Σ dy · y is linear in each of x, weights and dy: so there are
 * three operations, and each one's gradients are the other two.
 */
import { samplings } from "../../../tensor/kernels/index.ts";
import type { SamplingShape } from "../../../tensor/kernels/sampling.ts";
import { numelOf } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { mul } from "../elementwise.ts";

export type { SamplingShape } from "../../../tensor/kernels/sampling.ts";

/** y[n, c, p] = Σ over k of weights[n, k, p] · x[n, c, places[n, k, p]], a place of -1 being outside, where x is 0 */
export const sample = defineOp(
  "sample",
  (x: Tensor, weights: Tensor, places: Tensor, shape: SamplingShape): Applied => {
    const y = Tensor.empty([shape.samples, shape.channels, ...shape.outSizes], x.dtype);
    samplings.sample(y.storage.operand, operandOf(x), operandOf(weights), operandOf(places), shape);
    return {
      y,
      grads: [
        [x, (dy) => sampleInput(dy, weights, places, shape), [weights]],
        [weights, (dy) => sampleWeights(dy, x, places, shape), [x]],
      ],
    };
  },
);

/** dx[n, c, places[n, k, p]] += weights[n, k, p] · dy[n, c, p] */
export const sampleInput = defineOp(
  "sampleInput",
  (dy: Tensor, weights: Tensor, places: Tensor, shape: SamplingShape): Applied => {
    const dx = Tensor.empty([shape.samples, shape.channels, ...shape.sizes], dy.dtype);
    samplings.sampleInput(dx.storage.operand, operandOf(dy), operandOf(weights), operandOf(places), shape);
    return {
      y: dx,
      grads: [
        [dy, (ddx) => sample(ddx, weights, places, shape), [weights]],
        [weights, (ddx) => sampleWeights(dy, ddx, places, shape), [dy]],
      ],
    };
  },
);

/** dWeights[n, k, p] = Σ over c of dy[n, c, p] · x[n, c, places[n, k, p]] */
export const sampleWeights = defineOp(
  "sampleWeights",
  (dy: Tensor, x: Tensor, places: Tensor, shape: SamplingShape): Applied => {
    const dWeights = Tensor.empty([shape.samples, shape.taps, numelOf(shape.outSizes)], x.dtype);
    samplings.sampleWeights(dWeights.storage.operand, operandOf(dy), operandOf(x), operandOf(places), shape);
    return {
      y: dWeights,
      grads: [
        [dy, (ddw) => sample(x, ddw, places, shape), [x]],
        [x, (ddw) => sampleInput(dy, ddw, places, shape), [dy]],
      ],
    };
  },
);

/** y, which is `slopes` · x piece by piece, and jumps in between */
export const piecewiseLinear = defineOp("piecewiseLinear", (x: Tensor, y: Tensor, slopes: Tensor): Applied => {
  return { y, grads: [[x, (dy) => mul(dy, slopes)]] };
});
