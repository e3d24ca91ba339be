/**
 * Batch norm and layer norm, written out: the same numbers as the engine's layers, with all that they are made of at hand, and
 * without moving the running statistics.
 */
import type { nn, Tensor } from "lucidgrad";
import { isLayerNorm, isNorm, type Norm } from "./hidden-layers.ts";

/**
 * Whose mean and variance batch norm takes: those of the batch, as in training; the running ones, as in use; or, as if each
 * digit came as a batch of its own, its own. Layer norm always takes each digit's own, over all units.
 */
export type Statistics = "batch" | "running" | "alone";

/** x is seen as (N, C, P): digits, units, places of an image (one where there is no image). All of these can be broadcast to it. */
export interface Normalized {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly xHat: Tensor;
  /** Of the shape of the layer's input. */
  readonly y: Tensor;
  /** The dimensions over which mean and variance are taken; null if they are the running ones, which no x of this batch moves. */
  readonly over: number[] | null;
}

/** x̂ = (x − mean) / √(variance + ε), y = γ·x̂ + β. @param x (N, C) or (N, C, H, W) */
export function normalize(input: Tensor, norm: Norm, statistics: Statistics): Normalized {
  const [n, units] = input.shape;
  const x = input.reshape([n, units, -1]);
  const over = dimensions(norm, statistics);
  const { mean, variance } = over ? statisticsOf(x, over) : runningStatistics(norm as nn.BatchNorm1d);
  const xHat = x.sub(mean).div(variance.add(norm.eps).sqrt());
  const gamma = norm.weight!.view(1, units, -1);
  const beta = norm.bias!.view(1, units, -1);
  return { mean, variance, gamma, beta, xHat, y: xHat.mul(gamma).add(beta).view(input.shape), over };
}

/** Through some layers, without moving the running statistics. @param x (N, …) */
export const through = (x: Tensor, layers: readonly nn.Module[], statistics: Statistics): Tensor =>
  layers.reduce((y, layer) => (isNorm(layer) ? normalize(y, layer, statistics).y : layer.forward(y)), x);

function dimensions(norm: Norm, statistics: Statistics): number[] | null {
  if (isLayerNorm(norm)) return [1, 2];
  if (statistics === "running") return null;
  return statistics === "batch" ? [0, 2] : [2];
}

const statisticsOf = (x: Tensor, over: number[]) => ({
  mean: x.mean(over, { keepdim: true }),
  variance: x.var(over, { correction: 0, keepdim: true }),
});

const runningStatistics = ({ runningMean, runningVar }: nn.BatchNorm1d) => ({
  mean: runningMean!.view(1, -1, 1),
  variance: runningVar!.view(1, -1, 1),
});

/** What becomes of the gradient that arrives at y, on its way to x. */
export interface Backward {
  /** dy; for layer norm γ·dy, as γ differs from unit to unit. */
  readonly arrived: Tensor;
  /** What all of them have in common: had every y grown, mean would have grown with them. */
  readonly asMean: Tensor;
  /** What goes along with x̂: had the ys moved apart, the spread would have grown with them. */
  readonly asCorrelation: Tensor;
  /** arrived − asMean − asCorrelation */
  readonly left: Tensor;
  /** left · factor */
  readonly dx: Tensor;
  /** γ/σ; for layer norm 1/σ */
  readonly factor: Tensor;
}

/** dx = γ/σ · (dy − mean(dy) − x̂·mean(dy·x̂)). The running statistics do not depend on x: then dx = γ/σ · dy. */
export function backward(dy: Tensor, norm: Norm, { variance, gamma, xHat, over }: Normalized): Backward {
  const sigma = variance.add(norm.eps).sqrt();
  const g = dy.reshape(xHat.shape);
  const arrived = isLayerNorm(norm) ? g.mul(gamma) : g;
  const factor = isLayerNorm(norm) ? sigma.reciprocal() : gamma.div(sigma);
  const asMean = over ? arrived.mean(over, { keepdim: true }) : arrived.mul(0);
  const asCorrelation = over ? xHat.mul(arrived.mul(xHat).mean(over, { keepdim: true })) : arrived.mul(0);
  const left = arrived.sub(asMean).sub(asCorrelation);
  return { arrived, asMean, asCorrelation, left, dx: left.mul(factor), factor };
}
