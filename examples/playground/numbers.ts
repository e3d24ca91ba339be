/** Numbers as the page writes them. */

export const wholeNumber = (value: number): string => value.toLocaleString("en");
export const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

/** A loss: "–" where there is none yet; what is beyond reading as a power of ten; ∞ where the network has diverged. */
export function lossText(loss: number | undefined, digits = 3): string {
  if (loss === undefined) return "–";
  if (!Number.isFinite(loss)) return "∞";
  return loss < 1000 ? loss.toFixed(digits) : powerOfTen(loss);
}

/** 10ⁿ */
export const tenTo = (n: number): string =>
  `10${[...`${n}`].map((character) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(character)]).join("")}`;

/** 2.5689e21 as 2.6 × 10²¹. */
export function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential(1).split("e");
  return `${digits} × ${tenTo(Number(exponent))}`;
}

/** Three digits that count, and a true minus: 12.3, −0.0123, 1.2 × 10⁻⁵; NaN and ∞ where there is no number. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const text = size >= 0.001 && size < 1000 ? value.toPrecision(3) : powerOfTen(value).replace(/^1\.0 × /, "");
  return text.replace("-", "−");
}

/** With as many decimals as `scale` needs to have four digits: for numbers beside each other, and for sums that are 0. */
export function beside(value: number, scale: number): string {
  if (!Number.isFinite(value) || !(scale > 0) || scale === Number.POSITIVE_INFINITY) return short(value);
  const decimals = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(scale))));
  return value
    .toFixed(decimals)
    .replace(/^-(?=[0.]*$)/, "")
    .replace("-", "−");
}
