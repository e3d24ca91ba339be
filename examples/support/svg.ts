/** What the charts share: ink, colours, and texts. */
import { escapeXml, round } from "../../src/seeing/svg.ts";

export { round } from "../../src/seeing/svg.ts";

export const INK = "#262626";

/** Okabe and Ito's colours, which stay apart for colour-blind readers. */
export const PALETTE = {
  blue: "#0072b2",
  vermilion: "#d55e00",
  green: "#009e73",
  purple: "#cc79a7",
  orange: "#e69f00",
  sky: "#56b4e9",
};

/** A text at a place and size in pixels. */
export const svgText = (content: string, x: number, y: number, size: number, attributes = "") =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${round(size)}" ${attributes}>${escapeXml(content)}</text>`;

/** Width of a text in DejaVu Sans, from four classes of letters: rather a little too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  const classes = text
    .replace(/[ijlIJftr.,:;'|!()/ -]/g, "i")
    .replace(/[mwMW%@−×]/g, "m")
    .replace(/[A-Z0-9]/g, "A");
  const ems: Record<string, number> = { i: 0.37, m: 0.99, A: 0.7 };
  return [...classes].reduce((sum, c) => sum + size * (ems[c] ?? 0.62), 0);
}
