/**
 * A line chart as SVG text: numbers in, a string out, nothing read from the machine it runs on.
 * It follows the habits of a matplotlib user: a NaN leaves a gap, ticks are round numbers, the legend looks for room.
 * Read next: `axis.ts`, which finds the round numbers, and `render-png.ts`, which turns the text into an image.
 */
import { type Axis, xAxis, yAxis } from "./axis.ts";
import { INK, PALETTE, round, svgText, textWidth } from "./svg.ts";

export interface Series {
  label: string;
  x: readonly number[];
  y: readonly number[];
}
export interface LineChart {
  title: string;
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  width?: number;
  height?: number;
}

type Point = readonly [x: number, y: number];
type Curve = { label: string; color: string; marker: string; few: boolean; runs: Point[][] };
type Box = { left: number; top: number; right: number; bottom: number };

const COLORS = Object.values(PALETTE);
// Circle, square, triangle and diamond stay apart in grey, too.
const MARKERS = [
  "M-5 0a5 5 0 1 0 10 0 5 5 0 1 0-10 0z",
  "M-4.5-4.5h9v9h-9z",
  "M0-6 6 5H-6z",
  "M0-6.5 6.5 0 0 6.5-6.5 0z",
];
const FEW_POINTS = 30; // up to here each point gets a marker; beyond, markers would hide the line
const [TICK, LABEL, TITLE] = [14, 16, 20]; // font sizes; these and all distances are in pixels

// False for NaN and Infinity; the bound is far beyond any loss, and keeps the span of an axis from overflowing.
const isDrawable = (value: number) => Math.abs(value) < 1e300;

/** The points to draw, as runs: the line breaks where a value is missing. */
function drawableRuns({ x, y }: Series): Point[][] {
  const runs: Point[][] = [[]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (isDrawable(x[i]) && isDrawable(y[i])) runs[runs.length - 1].push([x[i], y[i]]);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** A curve that lost points says so in the legend: a diverged run must not pass for a short one. */
function toCurve(series: Series, index: number): Curve {
  const runs = drawableRuns(series);
  const [given, drawn] = [Math.min(series.x.length, series.y.length), runs.flat().length];
  const label = drawn < given ? `${series.label} (${given - drawn} of ${given} not finite)` : series.label;
  const [color, marker] = [COLORS[index % COLORS.length], MARKERS[index % MARKERS.length]];
  return { label, color, marker, few: given <= FEW_POINTS, runs };
}

const fittingSize = (text: string, size: number, room: number) => Math.min(size, (size * room) / textWidth(text, size));

/** Grid, ticks, numbers and the two axis lines. Crisp edges: a line one pixel wide must not blur over two. */
function drawAxes({ left, top, right, bottom }: Box, x: Axis, y: Axis, toPixel: (point: Point) => Point): string {
  const xs = x.ticks.map((tick) => toPixel([tick, y.lo])[0]);
  const ys = y.ticks.map((tick) => toPixel([x.lo, tick])[1]);
  const stroke = (name: string, color: string, d: string[]) =>
    `<path class="${name}" d="${d.join("")}" fill="none" stroke="${color}" shape-rendering="crispEdges"/>`;
  return [
    stroke("grid", "#e3e3e3", [
      ...xs.map((px) => `M${px},${top}V${bottom}`),
      ...ys.map((py) => `M${left},${py}H${right}`),
    ]),
    stroke("ticks", INK, [...xs.map((px) => `M${px},${bottom}v6`), ...ys.map((py) => `M${left},${py}h-6`)]),
    stroke("frame", INK, [`M${left},${top}V${bottom}H${right}`]),
    ...xs.map((px, i) => svgText(x.labels[i], px, bottom + 23, TICK, 'class="x-tick"')),
    ...ys.map((py, i) => svgText(y.labels[i], left - 11, py + 0.36 * TICK, TICK, 'class="y-tick" text-anchor="end"')),
    svgText(x.multiplier, right, bottom + 46, TICK, 'text-anchor="end"'),
    svgText(y.multiplier, left, top - 12, TICK, 'text-anchor="start"'),
  ].join("\n");
}

const drawLine = ({ color, few }: Curve, d: string) =>
  `<path class="line" d="${d}" fill="none" stroke="${color}" stroke-width="${few ? 2.5 : 1.5}" stroke-linejoin="round"/>`;

const drawMarker = ({ color, marker }: Curve, [px, py]: Point) =>
  `<path class="marker" d="${marker}" transform="translate(${px},${py})" fill="${color}" stroke="#fff" stroke-width="1.5"/>`;

/** A run of one point has no line, so it gets its marker even among many. */
function drawCurve(curve: Curve): string {
  const marked = curve.runs.filter((run) => curve.few || run.length === 1).flat();
  const line = drawLine(curve, curve.runs.map((run) => `M${run.join("L")}`).join(""));
  return [line, ...marked.map((point) => drawMarker(curve, point))].join("\n");
}

/** Points along the lines, not only at their ends: a long stroke covers paper too. */
const along = (run: Point[]): Point[] =>
  run.flatMap(([bx, by], i) => {
    const [ax, ay] = run[Math.max(0, i - 1)];
    return Array.from({ length: 32 }, (_, k): Point => [bx + (k / 32) * (ax - bx), by + (k / 32) * (ay - by)]);
  });

/** The legend in the emptiest corner of the plot; among equals the top right, where a falling loss leaves room. */
function drawLegend(plot: Box, curves: Curve[]): string {
  if (curves.length === 0) return "";
  const size = Math.min(...curves.map(({ label }) => fittingSize(label, LABEL, plot.right - plot.left - 100)));
  const width = 66 + Math.ceil(Math.max(...curves.map(({ label }) => textWidth(label, size))));
  const height = 12 + 26 * curves.length;
  const covering = curves.flatMap(({ runs }) => runs.flatMap(along));
  const corners = [plot.top + 12, plot.bottom - height - 12].flatMap((top) =>
    [plot.right - width - 12, plot.left + 12].map((left) => {
      const inX = ([px]: Point) => px > left - 8 && px < left + width + 8;
      const inY = ([, py]: Point) => py > top - 8 && py < top + height + 8;
      return { left, top, covered: covering.filter((point) => inX(point) && inY(point)).length };
    }),
  );
  const { left, top } = corners.reduce((best, corner) => (corner.covered < best.covered ? corner : best));
  const rows = curves.flatMap((curve, i) => {
    const middle = top + 19 + 26 * i;
    const sample =
      drawLine(curve, `M${left + 12},${middle}h32`) + (curve.few ? drawMarker(curve, [left + 28, middle]) : "");
    return [sample, svgText(curve.label, left + 54, middle + 0.36 * size, size, 'text-anchor="start"')];
  });
  const box = `x="${left}" y="${top}" width="${width}" height="${height}" rx="4"`;
  return `<g class="legend"><rect ${box} fill="#fff" fill-opacity="0.85" stroke="#ccc"/>\n${rows.join("\n")}</g>`;
}

export function lineChartSvg(chart: LineChart): string {
  const { width = 960, height = 600, title, xLabel, yLabel } = chart;
  const curves = chart.series.map(toCurve).filter((_, i) => chart.series[i].y.length > 0);
  const points = curves.flatMap(({ runs }) => runs.flat());
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const [top, right, bottom] = [64, width - 40, height - 76];
  const y = yAxis(ys, Math.max(2, (bottom - top) / 60));
  const left = 60 + Math.ceil(Math.max(...y.labels.map((label) => textWidth(label, TICK)))); // as wide as the numbers
  const x = xAxis(xs, Math.max(2, (right - left) / 70));
  const toPixel = ([px, py]: Point): Point => [
    round(left + ((px - x.lo) / (x.hi - x.lo)) * (right - left)),
    round(bottom - ((py - y.lo) / (y.hi - y.lo)) * (bottom - top)),
  ];
  const plot = { left, top, right, bottom };
  const drawn = curves.map((curve) => ({ ...curve, runs: curve.runs.map((run) => run.map(toPixel)) }));
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `font-family="DejaVu Sans, Verdana, sans-serif" text-anchor="middle" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    drawAxes(plot, x, y, toPixel),
    ...drawn.map(drawCurve),
    drawLegend(plot, drawn),
    svgText(title, middleX, 38, fittingSize(title, TITLE, 2 * (width - middleX) - 24)),
    svgText(xLabel, middleX, bottom + 54, fittingSize(xLabel, LABEL, right - left - 100)),
    svgText(yLabel, 26, middleY, fittingSize(yLabel, LABEL, 2 * middleY - 24), `transform="rotate(-90 26 ${middleY})"`),
    "</svg>\n",
  ].join("\n");
}
