/** A unit's values at the five stages of a normalization, and where their mean and spread are. */
import type { Dots, UnitValues } from "./unit-statistics.ts";

/** Raw, minus the mean, over the spread, times γ plus β, after ReLU. Without a normalization they stay as they are until ReLU. */
export const stagesOf = ({ raw, relu, norm }: UnitValues): Dots[] =>
  norm
    ? [raw, Float32Array.from(raw, (x, i) => x - norm.mean[i]), norm.xHat, norm.y, relu]
    : [raw, raw, raw, raw, relu];

/** Where mean and spread are, and what they are called. */
export interface Band {
  readonly middle: number;
  readonly half: number;
  readonly name: string;
}

/** At each stage; by the statistics of that dot. Null without a normalization. */
export function bandsOf({ norm }: UnitValues, dot: number): Band[] | null {
  if (!norm) return null;
  const [mean, variance, gamma, beta] = [norm.mean, norm.variance, norm.gamma, norm.beta].map((each) => each[dot]);
  const sigma = Math.sqrt(variance);
  const one = sigma / Math.sqrt(variance + norm.eps);
  const scaled = { middle: beta, half: Math.abs(gamma) * one, name: "β ± γ" };
  return [
    { middle: mean, half: sigma, name: "μ ± σ" },
    { middle: 0, half: sigma, name: "0 ± σ" },
    { middle: 0, half: one, name: "0 ± 1" },
    scaled,
    scaled,
  ];
}

/** On the way from one stage to the next. */
export function between<T>(stages: readonly T[], stage: number, numberOf: (stage: T) => number): number {
  const before = Math.floor(stage);
  const after = Math.min(before + 1, stages.length - 1);
  const part = stage - before;
  const start = numberOf(stages[before]);
  return part === 0 ? start : (1 - part) * start + part * numberOf(stages[after]);
}
