/** Summaries over seeds. A training that diverged has NaN as its result, which counts as greater than any number. */

/** The middle, the least and the greatest. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => rank(a) - rank(b));
  const last = sorted.length - 1;
  // Of an even number, the mean of the two in the middle.
  const median = (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
  return { median, low: sorted[0], high: sorted[last] };
}

const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);

/** The items by what `key` says of them, in the order in which the keys first come. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** A measure over x: what the seeds have at each. */
export const curveOver = <T>(items: readonly T[], x: (item: T) => number, y: (item: T) => number) =>
  [...groupBy(items, x)].map(([at, group]) => ({ x: at, ...summarize(group.map(y)) }));

/** A share in percent, such as `93 %`. */
export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;

/** `count` numbers from `low` to `high`, each the same number of times the one before, to two digits. */
export function logSpaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((low * (high / low) ** (i / (count - 1))).toPrecision(2)));
}
