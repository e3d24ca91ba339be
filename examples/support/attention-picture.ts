/** Where a translator looks as it writes: for each letter that it wrote a row of squares, the darker the more it looked there. */
export interface Attention {
  readonly read: string;
  readonly written: string;
  /** For each letter written, the share of each letter read. */
  readonly weights: readonly (readonly number[])[];
}

const CELL = 22; // pixels
const MARGIN = 40; // around each of the tables; their letters stand in it

/** The tables below each other, as SVG. Their texts have letters, digits and signs that XML takes as they are. */
export function attentionSvg(title: string, tables: readonly Attention[]): string {
  const letter = (text: string, x: number, y: number) =>
    `<text x="${x + CELL / 2}" y="${y + 0.7 * CELL}" text-anchor="middle">${text}</text>`;
  let top = 2 * MARGIN;
  const parts: string[] = [];
  for (const { read, written, weights } of tables) {
    const columns = [...read].map((text, i) => letter(text, MARGIN + i * CELL, top - CELL));
    const rows = [...written].map((text, j) => {
      const squares = weights[j].map(
        (weight, i) =>
          `<rect x="${MARGIN + i * CELL}" y="${top + j * CELL}" width="${CELL}" height="${CELL}" fill="#0072b2" fill-opacity="${weight.toFixed(3)}" stroke="#ddd"/>`,
      );
      return letter(text, MARGIN - CELL - 4, top + j * CELL) + squares.join("");
    });
    parts.push(...columns, ...rows);
    top += written.length * CELL + MARGIN + CELL;
  }
  const width = 2 * MARGIN + CELL * Math.max(...tables.map(({ read }) => read.length));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top - CELL}" font-family="DejaVu Sans" font-size="15">
<rect width="100%" height="100%" fill="#fff"/><text x="${MARGIN}" y="30" font-size="18">${title}</text>${parts.join("")}</svg>`;
}
