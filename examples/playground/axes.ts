/** How far an axis reaches, so that it does not change with every small change of what is shown. */

/** The half of an axis around 0 that holds all of these values: 4, 6, 8, 12, 16, … */
export function axisOf(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  let half = 4;
  for (let factor = 1.5; half < most; factor = 2 / factor) half *= factor;
  return Math.round(half);
}

/** The least number of float32 but 0 is 10 to this power, about. */
const LEAST = -45;

/** Whole powers of ten around all values that have a logarithm. */
export function decadesOf(values: Iterable<number>): readonly [low: number, high: number] {
  let [low, high] = [-2, 0];
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    low = Math.min(low, Math.floor(Math.log10(value)));
    high = Math.max(high, Math.ceil(Math.log10(value)));
  }
  return [Math.max(low, LEAST), Math.min(high, 8)];
}
