/** The formulas of a normalization, forward and backward, filled in with the numbers of one dot. */
import { beside, short } from "./numbers.ts";
import type { Card } from "./stage-slider.ts";
import { stagesOf } from "./stages.ts";
import type { NormValues, UnitValues } from "./unit-statistics.ts";

/** A negative number behind an operator stands in brackets. */
const after = (text: string): string => (text.startsWith("−") ? `(${text})` : text);

const numbersAt = (values: readonly ArrayLike<number>[], dot: number): number[] => values.map((each) => each[dot]);

export function forwardCards(values: UnitValues, dot: number): Card[] {
  const [x, centred, xHat, y, relu] = numbersAt(stagesOf(values), dot).map(short);
  const { norm } = values;
  if (!norm) {
    const none = { formula: "", numbers: "–" };
    return [{ formula: "x", numbers: x }, none, none, none, { formula: "max(0, x)", numbers: relu }];
  }
  const [mean, variance, gamma, beta] = numbersAt([norm.mean, norm.variance, norm.gamma, norm.beta], dot).map(short);
  return [
    { formula: "x", numbers: x },
    { formula: "x − μ", numbers: `${x} − ${after(mean)} = ${centred}` },
    { formula: "x̂ = (x − μ) / √(σ² + ε)", numbers: `${centred} / √(${variance} + ${short(norm.eps)}) = ${xHat}` },
    { formula: "y = γ · x̂ + β", numbers: `${gamma} · ${after(xHat)} + ${after(beta)} = ${y}` },
    { formula: "max(0, y)", numbers: relu },
  ];
}

export function backwardCards({ kind, arrived, asMean, asCorrelation, left }: NormValues, dot: number): Card[] {
  const numbers = numbersAt([arrived, asMean, asCorrelation, left], dot);
  const [dy, mean, correlation, rest] = numbers;
  const scale = largest(numbers);
  const write = (value: number) => (scale > 1e-5 ? beside(value, scale) : short(value));
  const name = kind === "layer" ? "γ·dy" : "dy";
  const centred = write(dy - mean);
  return [
    { formula: name, numbers: write(dy) },
    { formula: `${name} − mean(${name})`, numbers: `${write(dy)} − ${after(write(mean))} = ${centred}` },
    {
      formula: `… − x̂ · mean(${name} · x̂)`,
      numbers: `${centred} − ${after(write(correlation))} = ${write(rest)}`,
    },
  ];
}

/** The four sums that show what a normalization takes: of what arrived and of what is left, alone and times x̂. */
export function sumsOf({ sums, arrived }: NormValues, dot: number): string[] {
  const scale = 10 * largest(arrived);
  return numbersAt([sums.arrived, sums.left, sums.arrivedXHat, sums.leftXHat], dot).map((sum) => beside(sum, scale));
}

const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));
