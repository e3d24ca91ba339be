/** Numbers as a page writes them: few digits, a true minus, and small ones with a power of ten. */

const RAISED: Readonly<Record<string, string>> = {
  "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
}; // biome-ignore format: a table

const raised = (text: string) => [...text].map((sign) => RAISED[sign]).join("");

/** 10ⁿ */
export const powerOfTen = (exponent: number): string => `10${raised(`${exponent}`)}`;

/** Three digits that count: 12.3, −0.0123; 1.2 × 10⁻⁵, 10⁻⁵; NaN and ∞ where there is no number. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.001 && size < 10_000) return value.toPrecision(3).replace(/e.*/, "").replace("-", "−").slice(0, 7);
  const [mantissa, exponent] = value.toExponential(1).split("e");
  const power = powerOfTen(Number(exponent));
  return mantissa === "1.0" ? power : `${mantissa} × ${power}`.replace("-", "−");
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
