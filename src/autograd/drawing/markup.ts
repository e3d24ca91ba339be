/** SVG as text: numbers short enough, and words that cannot break out of the markup. */

/** To hundredths of a pixel. */
export const round = (pixels: number): number => Math.round(pixels * 100) / 100;

/** Control characters have no place in XML, not even escaped. */
export const escapeXml = (text: string): string =>
  text.replace(/\p{Cc}/gu, " ").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? "&quot;");
