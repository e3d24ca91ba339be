/** The multiple of `divisor` nearest to a number of channels, at least `divisor`, and not less than nine tenths of them. */
export function divisible(channels: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor(Math.trunc(channels + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * channels ? nearest + divisor : nearest;
}
