/** What the charts share: ink, and a text at a place. */
import { escapeXml, round } from "../../src/autograd/drawing/markup.ts";

export { round } from "../../src/autograd/drawing/markup.ts";

export const INK = "#262626";

/** A text at a place and size in pixels. */
export const svgText = (content: string, x: number, y: number, size: number, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" ${attributes}>${escapeXml(content)}</text>`;
