/** What a network takes pictures for: a row for each class, with a green frame round those that it is right about, a red one else. */
import { arange, type Tensor } from "lucidgrad";
import { encodePng } from "lucidgrad/image";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";
import type { Labelled } from "./augmented.ts";
import { renderPng } from "./render-png.ts";

const CELL = 48; // pixels
const COLUMNS = 16;
const MARGIN = 110; // on the left, for the names of the classes
const [RIGHT, WRONG] = ["#0a8f3c", "#d62728"];

/** A picture (3, H, W) in [0, 1], where an SVG expects a file. */
function inlined(picture: Tensor): string {
  return `data:image/png;base64,${Buffer.from(encodePng(picture)).toString("base64")}`;
}

/** Writes a PNG file with up to sixteen pictures of each row, evenly chosen. @param taken (N), what each is taken for */
export async function drawJudgements(
  path: string,
  title: string,
  classes: readonly string[],
  { pictures, labels }: Labelled,
  taken: Tensor,
): Promise<void> {
  const rows = classes.map((name, row) => {
    const y = (row + 1) * CELL;
    const all = [...arange(labels.numel).data].filter((i) => taken.data[i] === row);
    const shown = all.filter((_, k) => k % Math.ceil(all.length / COLUMNS) === 0);
    const cells = shown.map((i, column) => {
      const colour = labels.data[i] === row ? RIGHT : WRONG;
      const place = `x="${MARGIN + column * CELL + 4}" y="${y + 4}" width="${CELL - 8}" height="${CELL - 8}"`;
      return `<image ${place} href="${inlined(pictures.select(0, i))}"/><rect ${place} fill="none" stroke="${colour}" stroke-width="3"/>`;
    });
    return `<text x="${MARGIN - 8}" y="${y + 0.6 * CELL}" text-anchor="end">${escaped(name)}</text>${cells.join("")}`;
  });
  const [width, height] = [MARGIN + COLUMNS * CELL + 4, (classes.length + 1) * CELL + 4];
  const legend = `<tspan fill="${RIGHT}">right</tspan> or <tspan fill="${WRONG}">wrong</tspan>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans" font-size="15">
<rect width="100%" height="100%" fill="#fff"/><text x="8" y="30" font-size="18">${escaped(title)}</text><text x="${width - 8}" y="30" text-anchor="end">${legend}</text>${rows.join("")}</svg>`;
  writeFileAtomically(path, await renderPng(svg));
}

/** A text, which may be a folder's name, as XML has it. */
const escaped = (text: string): string => text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
