/** Numbers as the page writes them. */

export const wholeNumber = (value: number): string => value.toLocaleString("en");
export const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

/** A loss: "–" where there is none yet; what is beyond reading as a power of ten; ∞ where the network has diverged. */
export function lossText(loss: number | undefined, digits = 3): string {
  if (loss === undefined) return "–";
  if (!Number.isFinite(loss)) return "∞";
  return loss < 1000 ? loss.toFixed(digits) : powerOfTen(loss);
}

/** 2.5689e21 as 2.6 × 10²¹. */
export function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential(1).split("e");
  const raised = [...`${Number(exponent)}`].map((character) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(character)]);
  return `${digits} × 10${raised.join("")}`;
}

/** A spread: two digits that count, at any size. */
export function spreadText(std: number): string {
  if (!Number.isFinite(std)) return "∞";
  if (std === 0) return "0";
  return std >= 0.01 && std < 1000 ? std.toPrecision(2) : powerOfTen(std);
}
