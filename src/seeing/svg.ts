/** A graph as SVG, a picture that any browser shows: no Graphviz needed. */
import type { Tensor } from "../tensor/tensor.ts";
import { layOut } from "./layout.ts";
import { colors, type Names, pictureOf } from "./picture.ts";

const [FONT, LINE, PADDING, MARGIN] = [13, 17, 10, 24]; // pixels
const HEIGHT = 3 * LINE + 2 * PADDING;
const PITCH = HEIGHT + 36; // from layer to layer

/** To hundredths of a pixel. */
const round = (pixels: number): number => Math.round(pixels * 100) / 100;

/** Words cannot break out of the markup; control characters have no place in XML, not even escaped. */
const escapeXml = (text: string): string =>
  text.replace(/\p{Cc}/gu, " ").replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? "&quot;");

/** A little too wide rather than too narrow, whichever sans-serif font there is. */
const widthOf = (lines: readonly string[]): number =>
  Math.max(...lines.map((line) => line.length * FONT * 0.62)) + 2 * PADDING;

/**
 * The computation behind a tensor as an SVG picture: what `toDot` describes, drawn.
 *
 * @param names what to call the leaves, such as `model.namedParameters()`
 * @throws as `toDot`
 * @example
 * const a = tensor(2, { requiresGrad: true });
 * const svg = toSvg(a.mul(3).add(a), [["a", a]]); // writeFileSync("graph.svg", svg)
 * console.log(svg.split("<rect").length - 2, "boxes,", svg.split("marker-end").length - 1, "arrows");
 */
export function toSvg(tensor: Tensor, names: Names = []): string {
  const picture = pictureOf(tensor, names);
  const widths = picture.boxes.map(({ lines }) => widthOf(lines));
  const layout = layOut(picture, widths);
  const middle = (layer: number) => MARGIN + layer * PITCH + HEIGHT / 2;
  const [width, height] = [layout.width + 2 * MARGIN, layout.layers * PITCH - (PITCH - HEIGHT) + 2 * MARGIN];

  const arrows = layout.arrows.map((path) => {
    const points = path.map(({ x, layer }) => [x + MARGIN, middle(layer)] as const);
    return `<path d="${curve(points)}" fill="none" stroke="#8a8a8a" stroke-width="1.3" marker-end="url(#tip)"/>`;
  });
  const boxes = picture.boxes.map(({ kind, lines }, i) => {
    const { fill, edge } = colors[kind];
    const { x, layer } = layout.boxes[i];
    const [cx, cy] = [x + MARGIN, middle(layer)];
    const first = cy - ((lines.length - 1) * LINE) / 2 + 0.36 * FONT;
    const texts = lines.map((line, n) => {
      const weight = n === 0 ? ' font-weight="bold"' : "";
      return `<text x="${round(cx)}" y="${round(first + n * LINE)}"${weight}>${escapeXml(line)}</text>`;
    });
    const size = `x="${round(cx - widths[i] / 2)}" y="${round(cy - HEIGHT / 2)}" width="${round(widths[i])}" height="${HEIGHT}"`;
    return `<rect ${size} rx="8" fill="${fill}" stroke="${edge}" stroke-width="1.3"/>${texts.join("")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" ` +
      `viewBox="0 0 ${round(width)} ${round(height)}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="${FONT}" ` +
      'text-anchor="middle" fill="#262626">',
    `<title>The graph of ${escapeXml(picture.boxes[picture.boxes.length - 1].lines[0])}</title>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
      '<path d="M0 0.5 7.5 4 0 7.5z" fill="#8a8a8a"/></marker></defs>',
    `<rect width="${round(width)}" height="${round(height)}" fill="#fff"/>`,
    ...arrows,
    ...boxes,
    "</svg>\n",
  ].join("\n");
}

/** From the lower edge of the first box to the upper edge of the last, straight down through each layer between. */
function curve(middles: readonly (readonly [x: number, y: number])[]): string {
  const half = HEIGHT / 2;
  const parts = [`M${round(middles[0][0])},${round(middles[0][1] + half)}`];
  for (const [i, [x, y]] of middles.entries()) {
    if (i === 0) continue;
    const [fromX, fromY] = [middles[i - 1][0], middles[i - 1][1] + half];
    const [toY, bend] = [y - half, (y - half - fromY) / 2];
    parts.push(`C${round(fromX)},${round(fromY + bend)} ${round(x)},${round(toY - bend)} ${round(x)},${round(toY)}`);
    if (i < middles.length - 1) parts.push(`V${round(y + half)}`);
  }
  return parts.join("");
}
