/**
 * Several small charts side by side as SVG text, with one legend: lines over seeds, each with the band from the least to the
 * greatest, on linear or logarithmic axes. In the style of ../../support/line-chart.ts.
 */
import { INK, PALETTE, round, svgText, textWidth } from "../../support/svg.ts";
import { type Scale, scaleOf } from "./scale.ts";
import type { Summary } from "./statistics.ts";

/** The same colour in every figure. */
export const COLORS = {
  batchNorm: PALETTE.blue,
  plain: PALETTE.vermilion,
  third: PALETTE.green,
  fourth: PALETTE.purple,
  fifth: PALETTE.orange,
};

export interface Curve {
  /** Curves of one label look the same, and have one entry in the legend. */
  readonly label: string;
  readonly color: string;
  readonly dashed?: boolean;
  /** A result that is not finite is drawn as a cross at the upper edge. */
  readonly points: readonly (Summary & { readonly x: number })[];
}

export interface Panel {
  readonly title: string;
  readonly x: { readonly label: string; readonly log?: boolean; readonly ticks?: readonly number[] };
  /** Values beyond `max` are drawn at the edge. */
  readonly y: { readonly label: string; readonly log?: boolean; readonly max?: number };
  readonly curves: readonly Curve[];
}

export interface Figure {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const [WIDTH, PANEL_HEIGHT, TOP, BOTTOM] = [1000, 400, 104, 22]; // pixels
const [TICK, LABEL, TITLE] = [14, 15, 20];

export function figureSvg({ title, panels }: Figure): string {
  const columns = Math.min(2, panels.length);
  const height = TOP + PANEL_HEIGHT * Math.ceil(panels.length / columns) + BOTTOM;
  const parts = panels.map((panel, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const width = WIDTH / columns;
    return drawPanel(panel, { left: column * width, top: TOP + row * PANEL_HEIGHT, width, height: PANEL_HEIGHT });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`,
    `font-family="DejaVu Sans, Verdana, sans-serif" text-anchor="middle" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    svgText(title, WIDTH / 2, 36, TITLE),
    drawLegend(panels.flatMap(({ curves }) => curves)),
    ...parts,
    svgText(footnote(panels), WIDTH - 26, height - 10, 12, 'text-anchor="end" fill="#666"'),
    "</svg>\n",
  ].join("\n");
}

function footnote(panels: readonly Panel[]): string {
  const diverged = panels.some(({ curves }) =>
    curves.some(({ points }) => points.some(({ median }) => !Number.isFinite(median))),
  );
  return `Lines: the median of the seeds. Bands: from the least to the greatest.${diverged ? " Crosses: diverged." : ""}`;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function drawPanel({ title, x, y, curves }: Panel, box: Box): string {
  const [left, right] = [box.left + 84, box.left + box.width - 26];
  const [top, bottom] = [box.top + 40, box.top + box.height - 62];
  const all = curves.flatMap(({ points }) => points);
  const limit = y.max ?? Infinity;
  const heights = all.flatMap(({ median, low, high }) => [median, low, high]).filter(Number.isFinite);
  const across = all.map((point) => point.x);
  const up = heights.map((value) => Math.min(value, limit));
  const xs = scaleOf(across, { log: x.log, count: 7, ticks: x.ticks });
  const ys = scaleOf(up, { log: y.log, count: 6, roundUp: true });
  const toX = (value: number) => round(left + xs.at(value) * (right - left));
  const toY = (value: number) => round(bottom - Math.min(1, Math.max(0, ys.at(value))) * (bottom - top));
  const middle = (left + right) / 2;
  return [
    drawAxes(xs, ys, { left, right, top, bottom }, toX, toY),
    ...curves.map((curve) => drawCurve(curve, toX, toY, top)),
    svgText(title, middle, box.top + 24, LABEL, 'font-weight="bold"'),
    svgText(x.label, middle, bottom + 48, LABEL),
    svgText(
      y.label,
      box.left + 22,
      (top + bottom) / 2,
      LABEL,
      `transform="rotate(-90 ${box.left + 22} ${(top + bottom) / 2})"`,
    ),
  ].join("\n");
}

function drawAxes(
  xs: Scale,
  ys: Scale,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  const stroke = (color: string, d: string) =>
    `<path d="${d}" fill="none" stroke="${color}" shape-rendering="crispEdges"/>`;
  const grid = [
    ...xs.ticks.map(({ value }) => `M${toX(value)},${top}V${bottom}`),
    ...ys.ticks.map(({ value }) => `M${left},${toY(value)}H${right}`),
  ];
  return [
    stroke("#e3e3e3", grid.join("")),
    stroke(INK, `M${left},${top}V${bottom}H${right}`),
    ...xs.ticks.map(({ value, label }) => svgText(label, toX(value), bottom + 22, TICK)),
    ...ys.ticks.map(({ value, label }) =>
      svgText(label, left - 9, toY(value) + 0.36 * TICK, TICK, 'text-anchor="end"'),
    ),
  ].join("\n");
}

function drawCurve(
  { color, dashed, points }: Curve,
  toX: (v: number) => number,
  toY: (v: number) => number,
  top: number,
) {
  // A training that diverged has no height; its band reaches the edge.
  const at = (value: number) => (Number.isFinite(value) ? toY(value) : top);
  const upper = points.map(({ x, high }) => `${toX(x)},${at(high)}`);
  const lower = points.map(({ x, low }) => `${toX(x)},${at(low)}`).reverse();
  const band = `<path d="M${[...upper, ...lower].join("L")}Z" fill="${color}" fill-opacity="0.15"/>`;
  const line = points.map(({ x, median }, i) => {
    const drawn = Number.isFinite(median);
    return drawn ? `${i > 0 && Number.isFinite(points[i - 1].median) ? "L" : "M"}${toX(x)},${toY(median)}` : "";
  });
  const marks = points.map(({ x, median }) =>
    Number.isFinite(median)
      ? `<circle cx="${toX(x)}" cy="${toY(median)}" r="4" fill="${color}" stroke="#fff" stroke-width="1.2"/>`
      : `<path d="M${toX(x) - 5},${top - 5}l10,10m0,-10l-10,10" stroke="${color}" stroke-width="2.2"/>`,
  );
  return [band, drawLine(line.join(""), color, dashed), ...marks].join("\n");
}

const drawLine = (d: string, color: string, dashed = false): string =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="2.2" stroke-linejoin="round"${dashed ? ' stroke-dasharray="7 5"' : ""}/>`;

/** In one row below the title. */
function drawLegend(curves: readonly Curve[]): string {
  const entries = [...new Map(curves.map((curve) => [curve.label, curve])).values()];
  const widths = entries.map(({ label }) => 62 + textWidth(label, LABEL));
  let x = (WIDTH - widths.reduce((sum, width) => sum + width, 0)) / 2;
  return entries
    .map(({ label, color, dashed }, i) => {
      const sample =
        drawLine(`M${round(x)},74h30`, color, dashed) + `<circle cx="${round(x + 15)}" cy="74" r="4" fill="${color}"/>`;
      const text = svgText(label, x + 38, 74 + 0.36 * LABEL, LABEL, 'text-anchor="start"');
      x += widths[i];
      return sample + text;
    })
    .join("\n");
}
