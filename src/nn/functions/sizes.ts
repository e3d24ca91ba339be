/** Sizes that are given once for all spatial dimensions, or for each. */

/** 3, or [3, 5] for height and width. */
export type Size = number | readonly number[];

/**
 * The size for each of n dimensions.
 * @throws if a list has another length
 */
export function sizeForEach(size: Size, n: number, name: string): number[] {
  const list = typeof size === "number" ? Array<number>(n).fill(size) : [...size];
  if (list.length === n) return list;
  throw new Error(
    `expected ${name} to be a single integer value or a list of ${n} values to match the convolution dimensions, ` +
      `but got ${name}=[${list.join(", ")}]`,
  );
}
