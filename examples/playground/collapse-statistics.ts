/** What enters a layer's ReLU, over some digits: how it is spread, what is left of the digits in it, and what comes back. */
import { norm, type Tensor } from "lucidgrad";

/** Bins of a histogram, over ±RANGE; what lies beyond counts in the first or the last. */
export const BINS = 65;
export const RANGE = 4;

export interface LayerStatistics {
  /** The share of values in each bin. */
  readonly histogram: Float32Array;
  /** How far a unit's value differs from digit to digit: the standard deviation over the digits, the mean of it over the units. */
  readonly spread: number;
  /** The share of units that are at most 0 for every digit, so that ReLU makes 0 of them all; no number where the network has diverged. */
  readonly dead: number;
  /** The norm of the last gradient of the layer's weights; null before the first step. */
  readonly gradient: number | null;
}

/**
 * @param x (N, C) or (N, C, H, W): digits, units, and places where a layer has pictures: there each place counts as a unit in the
 * spread. Not a number where the network has diverged.
 */
export function layerStatistics(x: Tensor, weight: Tensor): LayerStatistics {
  const { data } = x;
  const [n, units] = x.shape;
  const columns = data.length / n;
  const places = columns / units;
  const histogram = new Float32Array(BINS);
  const isAlive = new Uint8Array(units);
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let digit = 0, i = 0; digit < n; digit++) {
    for (let column = 0; column < columns; column++, i++) {
      const value = data[i];
      const difference = value - data[column]; // from the first digit: where all give nearly the same, squares of values would cancel
      sums[column] += difference;
      squares[column] += difference * difference;
      if (value > 0) isAlive[Math.floor(column / places)] = 1;
      histogram[binOf(value)]++; // of NaN there is no bin, and nothing is counted
    }
  }
  for (let bin = 0; bin < BINS; bin++) histogram[bin] /= data.length;
  let spread = 0;
  for (let column = 0; column < columns; column++) {
    const mean = sums[column] / n;
    spread += Math.sqrt(Math.max(0, squares[column] / n - mean * mean)) / columns;
  }
  return {
    histogram,
    spread,
    dead: Number.isFinite(spread) ? 1 - isAlive.reduce((alive, unit) => alive + unit, 0) / units : Number.NaN,
    gradient: weight.grad && norm(weight.grad).item(),
  };
}

function binOf(value: number): number {
  const bin = Math.floor(((value + RANGE) / (2 * RANGE)) * BINS);
  return Math.min(BINS - 1, Math.max(0, bin));
}
