import { check } from "../tensor/check.ts";

/** The multiple of `divisor` nearest to a number of channels, at least `divisor`, and not less than nine tenths of them. */
export function divisible(channels: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor(Math.trunc(channels + divisor / 2) / divisor) * divisor);
  return wholeNumber(nearest < 0.9 * channels ? nearest + divisor : nearest);
}

/** A size that was multiplied. @throws if it is none */
export function wholeNumber(size: number): number {
  check(Number.isFinite(size), () => `cannot convert float ${size} to integer`);
  return Math.ceil(size);
}
