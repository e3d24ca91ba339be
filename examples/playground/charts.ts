/** A chart of both networks over the steps, drawn by uPlot in the colours of style.css. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour } from "./elements.ts";

const HEIGHT = 220;

/** A curve: its colour in style.css, and how strongly it is drawn. */
export interface Curve {
  readonly colour: string;
  readonly alpha: number;
  readonly width: number;
}

export interface ChartOptions {
  readonly host: HTMLElement;
  readonly curves: readonly Curve[];
  /** The range of y for data from `low` to `high`. */
  readonly range: (low: number, high: number) => [number, number];
  readonly format: (y: number) => string;
  /** Is told which point is under the pointer; null for none. */
  readonly hover: (index: number | null) => void;
}

export class Chart {
  readonly #plot: uPlot;

  constructor({ host, curves, range, format, hover }: ChartOptions) {
    const axis = {
      stroke: () => colour("muted"),
      grid: { stroke: () => colour("line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    this.#plot = new uPlot(
      {
        width: Math.max(200, host.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: false, range: (_, low, high) => [Math.min(low ?? 0, 0), Math.max(high ?? 0, 100)] },
          y: { range: (_, low, high) => range(low ?? 0, high ?? 0) },
        },
        axes: [
          { ...axis, size: 28, values: (_, steps) => steps.map((step) => step.toLocaleString("en")) },
          { ...axis, size: 44, values: (_, ys) => ys.map(format) },
        ],
        series: [
          {},
          ...curves.map(({ colour: name, alpha, width }) => ({
            stroke: () => colour(name),
            alpha,
            width,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [(plot) => hover(plot.cursor.idx ?? null)] },
      },
      [[], ...curves.map(() => [])],
      host,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: host.clientWidth, height: HEIGHT })).observe(host);
  }

  /** @param values of each curve; what is no finite number leaves a gap */
  show(steps: readonly number[], values: readonly (readonly number[])[]): void {
    const finite = (ys: readonly number[]) => ys.map((y) => (Number.isFinite(y) ? y : null));
    this.#plot.setData([[...steps], ...values.map(finite)]);
  }

  /** Draws anew, after the colours have changed. */
  redraw(): void {
    this.#plot.redraw();
  }
}
