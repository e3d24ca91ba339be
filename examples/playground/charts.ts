/** A chart of curves over the steps, drawn by uPlot in the colours of style.css. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { colour } from "./elements.ts";

const HEIGHT = 220;

/** A curve: where it goes through, its colour in style.css, and how strongly it is drawn. */
export interface Curve {
  readonly steps: readonly number[];
  /** What is no finite number leaves a gap. */
  readonly values: readonly number[];
  readonly colour: string;
  readonly alpha: number;
  readonly width: number;
  readonly isDashed: boolean;
  /** Written at its end. */
  readonly label?: string;
}

export interface ChartOptions {
  readonly host: HTMLElement;
  /** The range of y for data from `low` to `high`. */
  readonly range: (low: number, high: number) => [number, number];
  readonly format: (y: number) => string;
  /** Is told which step is pointed at; null for none. */
  readonly hover: (step: number | null) => void;
}

export class Chart {
  readonly #options: ChartOptions;
  #plot: uPlot | null = null;
  #curves: readonly Curve[] = [];
  /** Which curves are drawn: of these uPlot has to know before their data come. */
  #looks = "";

  constructor(options: ChartOptions) {
    this.#options = options;
    const { host } = options;
    new ResizeObserver(() => this.#plot?.setSize({ width: host.clientWidth, height: HEIGHT })).observe(host);
    // uPlot lets go of a mouse when it leaves. A finger does not leave, so a tap elsewhere counts.
    document.addEventListener("pointerdown", ({ target }) => {
      if (!host.contains(target as Node)) this.#plot?.setCursor({ left: -10, top: -10 });
    });
  }

  get canvas(): HTMLCanvasElement | null {
    return this.#plot?.ctx.canvas ?? null;
  }

  show(curves: readonly Curve[]): void {
    this.#curves = curves;
    const looks = JSON.stringify(curves.map(({ steps, values, ...look }) => look));
    if (looks !== this.#looks) this.#make();
    this.#looks = looks;
    this.#plot?.setData(joined(curves));
  }

  /** Draws anew, after the colours have changed. */
  redraw(): void {
    this.#plot?.redraw();
  }

  #make(): void {
    const { host, range, format, hover } = this.#options;
    const axis = {
      stroke: () => colour("muted"),
      grid: { stroke: () => colour("line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    this.#plot?.destroy();
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
          ...this.#curves.map(({ colour: name, alpha, width, isDashed }) => ({
            stroke: () => colour(name),
            alpha,
            width,
            ...(isDashed ? { dash: [6, 4] } : {}),
            points: { show: false },
          })),
        ],
        hooks: {
          setCursor: [({ cursor, data }) => hover(typeof cursor.idx === "number" ? data[0][cursor.idx] : null)],
          draw: [(plot) => this.#writeLabels(plot)],
        },
      },
      joined(this.#curves),
      host,
    );
  }

  /** The labels of curves, where they end. */
  #writeLabels(plot: uPlot): void {
    const { ctx } = plot;
    ctx.save();
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = "right";
    ctx.fillStyle = colour("muted");
    for (const { steps, values, label } of this.#curves) {
      const last = values.findLastIndex(Number.isFinite);
      if (!label || last < 0) continue;
      const [, high] = [plot.scales.y.min ?? 0, plot.scales.y.max ?? 1];
      const [x, y] = [plot.valToPos(steps[last], "x", true), plot.valToPos(Math.min(values[last], high), "y", true)];
      ctx.fillText(label, x, Math.max(y - 4 * devicePixelRatio, 12 * devicePixelRatio));
    }
    ctx.restore();
  }
}

/** All curves over the steps of all of them: null where there is no number, undefined where a curve has no such step. */
function joined(curves: readonly Curve[]): uPlot.AlignedData {
  if (curves.length === 0) return [[]];
  const finite = (ys: readonly number[]) => ys.map((y) => (Number.isFinite(y) ? y : null));
  return uPlot.join(curves.map(({ steps, values }) => [[...steps], finite(values)]));
}
