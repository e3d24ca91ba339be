/** An axis of a figure: from values to a share of its length, and where its ticks are; linear or logarithmic. */
import { type Axis, powerOfTen, xAxis, yAxis } from "../../support/axis.ts";

export interface Scale {
  /** 0 at the beginning of the axis, 1 at its end. */
  at(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

interface Options {
  readonly log?: boolean | undefined;
  /** About how many ticks. */
  readonly count: number;
  /** Ends on a tick, and begins at 0 if no value is negative: for heights. */
  readonly roundUp?: boolean;
  /** Where the ticks are, instead of at round numbers. */
  readonly ticks?: readonly number[] | undefined;
}

export function scaleOf(values: readonly number[], { log = false, count, roundUp = false, ticks }: Options): Scale {
  const scale = log ? logScale(values) : linearScale((roundUp ? yAxis : xAxis)(values, count));
  return ticks ? { ...scale, ticks: ticks.map((value) => ({ value, label: String(value) })) } : scale;
}

function linearScale({ lo, hi, ticks, labels, multiplier }: Axis): Scale {
  return {
    at: (value) => (value - lo) / (hi - lo),
    ticks: ticks.map((value, i) => ({ value, label: labels[i] + multiplier })),
  };
}

/** Ticks at powers of ten; over less than two of them, at 1, 2 and 5 times each. */
function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const [min, max] = [Math.min(...positive, Infinity), Math.max(...positive, 0)];
  const [lo, hi] = max === 0 ? [0, 1] : [Math.log10(min) - 0.05, Math.log10(max) + 0.05];
  const factors = hi - lo < 2 ? [1, 2, 5] : [1];
  const step = Math.ceil((hi - lo) / 9);
  const ticks: { value: number; label: string }[] = [];
  for (let power = Math.floor(lo); power <= hi; power++) {
    if (power % step !== 0) continue;
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (Math.log10(value) >= lo && Math.log10(value) <= hi) ticks.push({ value, label: shortNumber(value, power) });
    }
  }
  return { at: (value) => (Math.log10(Math.max(value, Number.MIN_VALUE)) - lo) / (hi - lo), ticks };
}

/** 0.001, 1, 1000; beyond, 10⁻⁵. */
function shortNumber(value: number, power: number): string {
  if (Math.abs(power) <= 3) return String(value);
  const factor = Math.round(value / Number(`1e${power}`));
  return factor === 1 ? powerOfTen(power) : `${factor}×${powerOfTen(power)}`;
}
