/** An axis for a chart: its range, round numbers along it, and how they are written. */

export interface Axis {
  lo: number;
  hi: number;
  ticks: number[];
  labels: string[];
  /** The power of ten that all labels share, or nothing. */
  multiplier: string;
}

const extent = (values: readonly number[]): [lo: number, hi: number] =>
  values.length === 0
    ? [0, 1]
    : values.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [Infinity, -Infinity]);

/** The smallest of 1, 2, 5 times a power of ten that cuts the span into at most `count` steps. */
function niceStep(span: number, count: number): number {
  const power = Math.floor(Math.log10(span / count));
  return [1, 2, 5, 10].map((m) => Number(`${m}e${power}`)).find((step) => span / step <= count * (1 + 1e-9))!;
}

/** Ticks at the multiples of `step` within [lo, hi]; numbers too long to read share one power of ten, as "×10⁻⁴". */
function makeAxis(lo: number, hi: number, step: number): Axis {
  const first = Math.ceil(lo / step - 1e-9);
  const count = Math.floor(hi / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, i) => (first + i) * step + 0); // + 0 turns -0 into 0
  const magnitude = Math.floor(Math.log10(Math.max(...ticks.map(Math.abs), step)) + 1e-9);
  const exponent = magnitude > 5 || magnitude < -3 ? magnitude : 0;
  const decimals = Math.min(20, Math.max(0, exponent - Math.floor(Math.log10(step) + 1e-9)));
  const format = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const scale = Number(`1e${exponent}`);
  const labels = ticks.map((tick) => (tick / scale).toLocaleString("en-US", format).replace("-", "−"));
  return { lo, hi, ticks, labels, multiplier: exponent === 0 ? "" : `×${powerOfTen(exponent)}` };
}

/** `10⁻⁴` */
export const powerOfTen = (exponent: number): string =>
  `10${[...`${exponent}`].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("")}`;

/** A little air beside the first and last point; between whole numbers (epochs) there is nothing to mark. */
export function xAxis(values: readonly number[], count: number): Axis {
  const [lo, hi] = extent(values);
  const air = 0.04 * (hi - lo) || Math.abs(lo) / 2 || 0.5;
  const step = niceStep(hi - lo + 2 * air, count);
  return makeAxis(lo - air, hi + air, values.every(Number.isInteger) ? Math.max(1, step) : step);
}

/** From zero if nothing is negative, so that heights compare; ends on ticks, with a little air beyond the curves. */
export function yAxis(values: readonly number[], count: number): Axis {
  const [min, max] = extent(values);
  let [lo, hi] = [Math.min(min, 0), max];
  if (lo === hi) [lo, hi] = [1.5 * lo, 0.5 * hi || 1];
  const air = 0.02 * (hi - lo);
  if (lo < 0) lo -= air;
  const step = niceStep(hi + air - lo, count);
  return makeAxis(Math.floor(lo / step) * step, Math.ceil((hi + air) / step) * step, step);
}
