/** What enters a layer's ReLU, over some pictures: how it is spread, and which units never pass anything on. */
import type { Tensor } from "lucidgrad";

/** Bins of a histogram, over ±RANGE; what lies beyond counts in the first or the last. */
export const BINS = 65;
export const RANGE = 4;

export interface LayerStatistics {
  /** The share of values in each bin. */
  readonly histogram: Float32Array;
  readonly mean: number;
  readonly std: number;
  /** The share of units that are at most 0 for every picture, so that ReLU makes 0 of them all. */
  readonly dead: number;
}

/**
 * @param x (N, C) or (N, C, H, W): a unit is a column, or a channel at all its places. Not a number where the network has
 *   diverged
 */
export function layerStatistics(x: Tensor): LayerStatistics {
  const { data } = x;
  const units = x.shape[1];
  const places = data.length / (x.shape[0] * units);
  const histogram = new Float32Array(BINS);
  const isAlive = new Uint8Array(units);
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    sum += value;
    sumOfSquares += value * value;
    if (value > 0) isAlive[Math.floor(i / places) % units] = 1;
    histogram[binOf(value)]++; // of NaN there is no bin, and nothing is counted
  }
  for (let bin = 0; bin < BINS; bin++) histogram[bin] /= data.length;
  const mean = sum / data.length;
  const std = Math.sqrt(Math.max(0, sumOfSquares / data.length - mean * mean));
  return { histogram, mean, std, dead: 1 - isAlive.reduce((alive, unit) => alive + unit, 0) / units };
}

function binOf(value: number): number {
  const bin = Math.floor(((value + RANGE) / (2 * RANGE)) * BINS);
  return Math.min(BINS - 1, Math.max(0, bin));
}
