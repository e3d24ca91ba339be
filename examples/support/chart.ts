/**
 * The charts of the examples, experiments and benchmarks: curves with bands, or groups of bars, in panels under one title and
 * one legend. Observable Plot draws them, in a document of xmldom's, so that nothing is read from the machine it runs on.
 * Read next: `render-png.ts`, which turns the SVG text into an image.
 */
import * as Plot from "@observablehq/plot";
import { DOMImplementation, type Element, XMLSerializer } from "@xmldom/xmldom";

/** Okabe and Ito's colours, which stay apart for colour-blind readers. The same thing has the same colour in every figure. */
export const COLORS = {
  batchNorm: "#0072b2",
  plain: "#d55e00",
  third: "#009e73",
  fourth: "#cc79a7",
  fifth: "#e69f00",
};

/** One place on a curve: what the seeds have there. */
interface Point {
  readonly x: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface Curve {
  /** Curves of one label look the same, and have one entry in the legend. */
  readonly label: string;
  readonly color: string;
  readonly dashed?: boolean;
  /** Where the median is not finite there is a cross at the upper edge, beside those of other curves; a band reaches up to it. */
  readonly points: readonly Point[];
}

export interface Bar {
  readonly label: string;
  readonly color: string;
  /** Bars of one group stand together, on its name. */
  readonly group: string;
  readonly value: number;
  /** Stands on the bar. */
  readonly text: string;
}

export interface Panel {
  readonly title?: string;
  /** None for bars: their groups have names. */
  readonly x?: { readonly label: string; readonly log?: boolean };
  /** Values beyond `max` are drawn at the edge. */
  readonly y: { readonly label: string; readonly log?: boolean; readonly max?: number };
  /** As a share of the figure's: all of it for one panel, half for several. */
  readonly width?: number;
  readonly curves?: readonly Curve[];
  /** On a logarithmic axis. */
  readonly bars?: readonly Bar[];
}

export interface Figure {
  readonly title: string;
  /** In lines. */
  readonly subtitle?: readonly string[];
  readonly panels: readonly Panel[];
}

// Distances are in pixels.
const [WIDTH, PANEL_HEIGHT] = [1000, 400];
const [RIGHT, BOTTOM, LEFT] = [26, 62, 92]; // of a panel: the room for what is around its axes
const ROOM = WIDTH - 2 * RIGHT;
const [INK, GREY] = ["#262626", "#5c5c5c"];
const SYMBOLS = ["circle", "square", "triangle", "diamond", "star"] as const; // they stay apart in grey, too
const FEW_POINTS = 30; // up to here each point gets its symbol; beyond, symbols would hide the line
const FEW_TICKS = 13; // up to here the ticks are where the points are
const AXIS = { label: null, fontSize: 14, tickFormat: ",.6~g" };

const document = new DOMImplementation().createDocument(null, "svg");
const draw = (options: Plot.PlotOptions): Element => Plot.plot({ ...options, document });

/** A text no wider than `room`: Plot measures the letters of another font, of which ours is up to 1.1 times as wide. */
const words = (text: string, fontSize: number, room: number, options: Plot.TextOptions) =>
  Plot.text([text], { fontSize, lineWidth: room / fontSize / 1.1, textOverflow: "ellipsis", ...options });

const isDrawable = (value: number) => Math.abs(value) < 1e300; // far beyond any loss, and no axis overflows
const orAtTheEdge = (value: number) => (isDrawable(value) ? value : Number.MAX_VALUE);
const isDiverged = ({ median }: Point) => !isDrawable(median);

const lineStyle = ({ color, dashed }: Curve) => ({
  stroke: color,
  strokeWidth: 2.2,
  ...(dashed && { strokeDasharray: "7 5" }),
});

const bandMarks = ({ color, points }: Curve): Plot.Markish => {
  const [y1, y2] = [({ low }: Point) => orAtTheEdge(low), ({ high }: Point) => orAtTheEdge(high)];
  return Plot.areaY(points, { x: "x", y1, y2, fill: color, fillOpacity: 0.15 });
};

function lineMarks(curve: Curve, symbol: (typeof SYMBOLS)[number]): Plot.Markish[] {
  const { color, points } = curve;
  const few = points.length <= FEW_POINTS;
  const y = (point: Point) => (isDiverged(point) ? Number.NaN : point.median); // where the line breaks
  return [
    Plot.lineY(points, { x: "x", y, ...lineStyle(curve), ...(!few && { strokeWidth: 1.5 }) }),
    Plot.dot(few ? points : [], { x: "x", y, symbol, r: 4.5, fill: color, stroke: "#fff" }),
  ];
}

/** Curves that diverge at the same x have their crosses side by side. */
function crossMarks(curves: readonly Curve[]): Plot.Markish[] {
  const diverged = curves.filter(({ points }) => points.some(isDiverged));
  return diverged.map(({ color, points }, i) => {
    const dx = 13 * (i - (diverged.length - 1) / 2);
    const cross = { frameAnchor: "top", symbol: "times", r: 6, stroke: color, strokeWidth: 2.2 } as const;
    return Plot.dot(points.filter(isDiverged), { x: "x", dx, ...cross });
  });
}

/** 2, 3, … times each power of ten, where an axis has no names for them. */
function minorTicks(xs: readonly number[]): number[] {
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const powers = Array.from(
    { length: Math.ceil(Math.log10(last / first)) + 2 },
    (_, i) => Math.floor(Math.log10(first)) + i,
  );
  const all = powers.flatMap((power) => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => Number(`${digit}e${power}`)));
  return all.filter((x) => x > first && x < last && !xs.includes(x));
}

function curvePanel({ x, y, curves = [] }: Panel, labels: readonly string[]): Plot.PlotOptions {
  const points = curves.flatMap((curve) => curve.points);
  const heights = points.flatMap(({ median, low, high }) => [median, low, high]).filter(isDrawable);
  const shown = y.log ? heights.filter((height) => height > 0) : [0, ...heights];
  const lowest = shown.length > 0 ? Math.min(...shown) : 1;
  const highest = Math.min(y.max ?? Infinity, Math.max(...shown));
  const domain = [lowest, highest > lowest ? highest : 2 * lowest || 1];
  const xs = [...new Set(points.map((point) => point.x))];
  const ticks = xs.length <= FEW_TICKS ? xs : undefined;
  return {
    x: { type: x?.log ? "log" : "linear", inset: 12 },
    y: { domain, clamp: true, ...(y.log ? { type: "log", inset: 8 } : { nice: 6 }) },
    marks: [
      Plot.gridX(ticks, { tickSpacing: 100 }),
      Plot.axisX(ticks, { ...AXIS, tickSpacing: 100, ...(ticks && { text: String }) }),
      x?.log && ticks ? Plot.axisX(minorTicks(ticks), { label: null, text: null, tickSize: 4 }) : [],
      curves.map(bandMarks),
      curves.map((curve) => lineMarks(curve, SYMBOLS[labels.indexOf(curve.label) % SYMBOLS.length])),
      crossMarks(curves),
    ],
  };
}

function barPanel(bars: readonly Bar[], room: number): Plot.PlotOptions {
  const groups = new Set(bars.map(({ group }) => group));
  const values = bars.map(({ value }) => value);
  const ground = Math.min(...values) / 1.8;
  const place = { fx: "group", x: "label" };
  const onTop = { y: "value", text: "text", fontSize: 12, rotate: -90, dy: -6, textAnchor: "start" } as const;
  return {
    fx: { domain: groups, padding: 0 },
    x: { domain: new Set(bars.map(({ label }) => label)), axis: null, paddingOuter: 0.75, paddingInner: 0.08 },
    y: { type: "log", domain: [ground, Math.max(...values)], insetTop: 50 },
    marks: [
      Plot.axisFx({ anchor: "bottom", label: null, fontSize: 12, lineHeight: 1.2, lineWidth: room / groups.size / 12 }),
      Plot.barY(bars, { ...place, y1: ground, y2: "value", fill: "color" }),
      Plot.text(bars, { ...place, ...onTop }),
    ],
  };
}

function drawPanel(panel: Panel, width: number, labels: readonly string[]): Element {
  const marginTop = panel.title ? 40 : 16;
  const [across, up] = [width - LEFT - RIGHT, PANEL_HEIGHT - marginTop - BOTTOM];
  const { marks = [], ...scales } = panel.bars ? barPanel(panel.bars, across) : curvePanel(panel, labels);
  const caption = (text = "", room: number, place: Plot.TextOptions) =>
    words(text, 15, room, { facet: "super", textAnchor: "middle", ...place });
  return draw({
    width,
    height: PANEL_HEIGHT,
    marginTop,
    marginRight: RIGHT,
    marginBottom: BOTTOM,
    marginLeft: LEFT,
    ...scales,
    marks: [
      Plot.gridY({ ticks: 6 }),
      Plot.axisY({ ...AXIS, ticks: 6 }),
      marks,
      Plot.frame({ anchor: "left", facet: "super" }),
      Plot.frame({ anchor: "bottom", facet: "super" }),
      caption(panel.title, across, { frameAnchor: "top", dy: -22 }),
      caption(panel.x?.label, across, { frameAnchor: "bottom", dy: 46 }),
      caption(panel.y.label, up, { frameAnchor: "left", dx: -76, rotate: -90 }),
    ],
  });
}

/** In rows of as many entries as fit, the first at `top`. */
function layLegend(entries: readonly (Curve | Bar)[], top: number): { marks: Plot.Markish[]; bottom: number } {
  const width = Math.min(ROOM, 70 + 9 * Math.max(0, ...entries.map(({ label }) => label.length)));
  const rows = Math.ceil(entries.length / Math.floor(ROOM / width));
  const columns = Math.ceil(entries.length / rows);
  const marks = entries.flatMap((entry, i) => {
    const left = (WIDTH - columns * width) / 2 + width * (i % columns);
    const place = { x: Plot.identity, y: () => top + 26 * Math.floor(i / columns) };
    const sample =
      "points" in entry
        ? [
            Plot.lineY([left, left + 32], { ...place, ...lineStyle(entry) }),
            Plot.dot(entry.points.length <= FEW_POINTS ? [left + 16] : [], {
              ...place,
              symbol: SYMBOLS[i % SYMBOLS.length],
              r: 4.5,
              fill: entry.color,
            }),
          ]
        : Plot.dot([left + 16], { ...place, symbol: "square", r: 9, fill: entry.color });
    return [sample, words(entry.label, 15, width - 52, { ...place, x: () => left + 42, textAnchor: "start" })];
  });
  return { marks, bottom: top + 26 * rows };
}

/** In rows, the first of them below `top`. */
function layPanels(
  panels: readonly Panel[],
  labels: readonly string[],
  top: number,
): { svgs: Element[]; bottom: number } {
  let [left, bottom] = [WIDTH, top];
  const svgs = panels.map((panel) => {
    const width = WIDTH * (panel.width ?? (panels.length > 1 ? 1 / 2 : 1));
    if (left + width > WIDTH) [left, bottom] = [0, bottom + PANEL_HEIGHT];
    const svg = drawPanel(panel, width, labels);
    svg.setAttribute("x", `${left}`);
    svg.setAttribute("y", `${bottom - PANEL_HEIGHT}`);
    left += width;
    return svg;
  });
  return { svgs, bottom };
}

function noteOn(curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => curve.points);
  const bands = "Lines: the median of the seeds. Bands: from the least to the greatest.";
  const hasBands = points.some(({ low, high }) => low < high);
  return [...(hasBands ? [bands] : []), ...(points.some(isDiverged) ? ["Crosses: diverged."] : [])].join(" ");
}

export function chartSvg({ title, subtitle = [], panels }: Figure): string {
  const curves = panels.flatMap((panel) => panel.curves ?? []).filter(({ points }) => points.length > 0);
  const bars = panels.flatMap((panel) => panel.bars ?? []);
  const entries = new Map([...curves, ...bars].map((entry) => [entry.label, entry]));
  const legend = layLegend([...entries.values()], 74 + 22 * subtitle.length);
  const { svgs, bottom } = layPanels(panels, [...entries.keys()], legend.bottom);
  const noted: Plot.TextOptions = { frameAnchor: "bottom-right", dx: -RIGHT, dy: -10, fill: GREY };
  const figure = draw({
    width: WIDTH,
    height: bottom + 22,
    margin: 0,
    axis: null,
    x: { type: "identity" },
    y: { type: "identity" },
    marks: [
      Plot.frame({ fill: "#fff", stroke: "none" }),
      words(title, 20, ROOM, { frameAnchor: "top", dy: 26 }),
      words(subtitle.join("\n"), 14, ROOM, { frameAnchor: "top", dy: 60, lineHeight: 1.4, fill: GREY }),
      legend.marks,
      words(noteOn(curves), 12, ROOM, noted),
    ],
  });
  figure.setAttribute("color", INK);
  for (const svg of svgs) figure.appendChild(svg);
  return new XMLSerializer().serializeToString(figure).replace(/\p{Cc}/gu, " "); // which XML has no place for
}
