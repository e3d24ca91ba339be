/** Summaries over seeds. A training that diverged has NaN as its result, which counts as worse than any number. */

/** The middle, the least and the greatest. */
export interface Summary {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => rank(a) - rank(b));
  return { median: sorted[Math.floor((sorted.length - 1) / 2)], low: sorted[0], high: sorted[sorted.length - 1] };
}

const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);

/** The items by what `key` says of them, in the order in which the keys first come. */
export function groupBy<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** `count` numbers from `low` to `high`, each the same number of times the one before, to two digits. */
export function logSpaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((low * (high / low) ** (i / (count - 1))).toPrecision(2)));
}
