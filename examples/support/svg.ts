/** What the charts share: ink, rounding, and text that cannot break out of the markup. */
export const INK = "#262626";

/** To hundredths of a pixel. */
export const round = (pixels: number) => Math.round(pixels * 100) / 100;

/** Control characters have no place in XML, not even escaped. */
const escapeXml = (text: string) =>
  text.replace(/\p{Cc}/gu, " ").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? "&quot;");

/** A text at a place and size in pixels. */
export const svgText = (content: string, x: number, y: number, size: number, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" ${attributes}>${escapeXml(content)}</text>`;
