/**
 * Groups of bars on a logarithmic axis, as SVG text, in panels below one another: numbers in, a string out.
 * Read next: chart.ts, which fills it in.
 */
import { INK, round, svgText } from "../examples/support/svg.ts";

export interface Series {
  readonly label: string;
  readonly color: string;
}

export interface Panel {
  readonly title: string;
  readonly yLabel: string;
  readonly groups: readonly Group[];
}

export interface Group {
  /** In lines. */
  readonly label: readonly string[];
  /** The height and the text of each series' bar; null where there is none. */
  readonly bars: readonly ({ value: number; text: string } | null)[];
}

export interface BarChart {
  readonly title: string;
  readonly subtitle: readonly string[];
  readonly series: readonly Series[];
  /** Each row of panels shares the width by their numbers of bars. */
  readonly rows: readonly (readonly Panel[])[];
}

// In pixels, as all distances are.
const WIDTH = 1600;
const MARGIN = 40;
const PLOT_HEIGHT = 300;
const [ABOVE_PLOT, BELOW_PLOT, LEFT_OF_PLOT, BETWEEN_PANELS] = [60, 70, 84, 30];
const WIDEST_BAR = 40;
const GREY = "#5c5c5c";

/** A logarithmic scale from below the smallest value to above the largest, so that every bar and its text can be seen. */
function logScale(values: readonly number[]): { ticks: number[]; fraction: (value: number) => number } {
  const lo = Math.log10(Math.min(...values)) - 0.25;
  const top = Math.log10(Math.max(...values));
  const hi = top + 0.22 * (top - lo); // room for the text on the highest bar
  const powers = Array.from({ length: Math.ceil(hi) - Math.floor(lo) + 1 }, (_, i) =>
    Number(`1e${Math.floor(lo) + i}`),
  );
  const multiples = hi - lo < 2.5 ? [1, 2, 5] : [1];
  const ticks = powers.flatMap((power) => multiples.map((m) => m * power));
  const isInside = (tick: number) => Math.log10(tick) >= lo && Math.log10(tick) <= hi;
  return { ticks: ticks.filter(isInside), fraction: (value) => (Math.log10(value) - lo) / (hi - lo) };
}

interface Frame {
  left: number;
  top: number;
  width: number;
}

/** One bar's width is a slot; between groups, one and a half slots are free. */
const slots = (panel: Panel) => panel.groups.length * (shownSeries(panel).length + 1.5);

/** The series that have a bar somewhere in the panel: the others get no room. */
const shownSeries = ({ groups }: Panel) =>
  groups[0].bars.map((_, i) => i).filter((i) => groups.some(({ bars }) => bars[i]));

function drawPanel(panel: Panel, series: readonly Series[], { left, top, width }: Frame): string {
  const plotTop = top + ABOVE_PLOT;
  const bottom = plotTop + PLOT_HEIGHT;
  const values = panel.groups.flatMap(({ bars }) => bars.flatMap((bar) => bar?.value ?? []));
  const scale = logScale(values);
  const toY = (value: number) => round(bottom - PLOT_HEIGHT * scale.fraction(value));
  const slot = width / slots(panel);
  const shown = shownSeries(panel);
  const drawGroup = ({ label, bars }: Group, g: number): string[] => {
    const groupLeft = left + (g * (shown.length + 1.5) + 0.75) * slot;
    const drawn = shown.flatMap((i, k) => {
      const bar = bars[i];
      if (!bar) return [];
      const [x, y] = [groupLeft + k * slot, toY(bar.value)];
      const middle = x + slot / 2;
      const turned = `text-anchor="start" transform="rotate(-90 ${round(middle)} ${round(y - 6)})"`;
      return [
        `<rect x="${round(x + 1)}" y="${y}" width="${round(slot - 2)}" height="${round(bottom - y)}" fill="${series[i].color}"/>`,
        svgText(bar.text, middle, y - 6 + 0.36 * 13, 13, turned),
      ];
    });
    const middle = groupLeft + (shown.length * slot) / 2;
    return [...drawn, ...label.map((line, i) => svgText(line, middle, bottom + 24 + 19 * i, 14))];
  };
  const gridLines = scale.ticks.map((tick) => `M${left},${toY(tick)}h${round(width)}`).join("");
  const middleY = (plotTop + bottom) / 2;
  return [
    svgText(panel.title, left, top + 30, 19, 'text-anchor="start"'),
    `<path d="${gridLines}" stroke="#e3e3e3" shape-rendering="crispEdges"/>`,
    ...scale.ticks.map((tick) =>
      svgText(tick.toLocaleString("en-US"), left - 8, toY(tick) + 5, 13, 'text-anchor="end"'),
    ),
    ...panel.groups.flatMap(drawGroup),
    `<path d="M${left},${bottom}h${round(width)}" stroke="${INK}" shape-rendering="crispEdges"/>`,
    svgText(panel.yLabel, left - 70, middleY, 14, `transform="rotate(-90 ${left - 70} ${middleY})"`),
  ].join("\n");
}

/** Side by side, each as wide as its bars need. */
function drawRow(panels: readonly Panel[], series: readonly Series[], top: number): string[] {
  const between = LEFT_OF_PLOT + BETWEEN_PANELS;
  const room = WIDTH - 2 * MARGIN - panels.length * LEFT_OF_PLOT - (panels.length - 1) * BETWEEN_PANELS;
  const slotWidth = Math.min(WIDEST_BAR, room / panels.reduce((sum, panel) => sum + slots(panel), 0));
  let left = MARGIN + LEFT_OF_PLOT;
  return panels.map((panel) => {
    const width = slots(panel) * slotWidth;
    const drawn = drawPanel(panel, series, { left, top, width });
    left += width + between;
    return drawn;
  });
}

const LEGEND_COLUMNS = 4;

function drawLegend(series: readonly Series[], top: number): string[] {
  return series.flatMap(({ label, color }, i) => {
    const x = MARGIN + (i % LEGEND_COLUMNS) * ((WIDTH - 2 * MARGIN) / LEGEND_COLUMNS);
    const y = top + 30 * Math.floor(i / LEGEND_COLUMNS);
    return [
      `<rect x="${x}" y="${y}" width="18" height="18" fill="${color}"/>`,
      svgText(label, x + 28, y + 15, 16, 'text-anchor="start"'),
    ];
  });
}

export function barChartSvg({ title, subtitle, series, rows }: BarChart): string {
  const legendTop = 84 + 24 * subtitle.length;
  const panelsTop = legendTop + 30 * Math.ceil(series.length / LEGEND_COLUMNS) + 12;
  const rowHeight = ABOVE_PLOT + PLOT_HEIGHT + BELOW_PLOT;
  const height = panelsTop + rows.length * rowHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`,
    `font-family="DejaVu Sans, Verdana, sans-serif" text-anchor="middle" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    svgText(title, MARGIN, 52, 26, 'text-anchor="start"'),
    ...subtitle.map((line, i) => svgText(line, MARGIN, 82 + 24 * i, 15, `text-anchor="start" fill="${GREY}"`)),
    ...drawLegend(series, legendTop),
    ...rows.flatMap((panels, i) => drawRow(panels, series, panelsTop + i * rowHeight)),
    "</svg>\n",
  ].join("\n");
}
