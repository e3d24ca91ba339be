/** A chart of curves over the steps, on a canvas, in the colours of style.css. */
import { colour, context, make } from "./elements.ts";
import { wholeNumber } from "./numbers.ts";

/** Room around the curves, for the numbers of the axes. Pixels. */
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 14, 10, 26];
const FONT = "12px system-ui, sans-serif";

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
  /** Pixels. */
  readonly height: number;
  /** The range of y for data up to `high`. */
  readonly range: (high: number) => [number, number];
  readonly format: (y: number) => string;
  /** Is told which step is pointed at; null for none. */
  readonly hover: (step: number | null) => void;
}

export class Chart {
  readonly canvas = make("canvas");
  readonly #options: ChartOptions;
  #curves: readonly Curve[] = [];
  #pointed: number | null = null;

  constructor(options: ChartOptions) {
    this.#options = options;
    const { host, height } = options;
    host.style.height = `${height}px`;
    host.append(this.canvas);
    new ResizeObserver(() => this.redraw()).observe(host);
    host.addEventListener("pointermove", ({ offsetX }) => this.#pointAt(this.#stepNear(offsetX)));
    host.addEventListener("pointerdown", ({ offsetX }) => this.#pointAt(this.#stepNear(offsetX)));
    // A mouse lets go when it leaves. A finger points at where it tapped, until it taps elsewhere.
    host.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#pointAt(null));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!host.contains(target as Node)) this.#pointAt(null);
    });
  }

  show(curves: readonly Curve[]): void {
    this.#curves = curves;
    this.redraw();
  }

  /** Draws all of it: the data, the size or the colours have changed. */
  redraw(): void {
    const { range, format, height } = this.#options;
    const width = this.#width;
    if (width <= 0) return; // not laid out yet
    const pen = this.#blankCanvas();
    const [low, high] = range(this.#curves.reduce((most, { values }) => values.reduce(greater, most), 0));
    const y = (value: number) => TOP + ((high - value) / (high - low)) * (height - TOP - BOTTOM);
    pen.fillStyle = colour("muted");
    pen.strokeStyle = colour("line");
    pen.textAlign = "center";
    for (const step of ticks(this.#lastStep, width / 70)) {
      strokeLine(pen, this.#x(step), TOP, this.#x(step), height - BOTTOM);
      pen.fillText(wholeNumber(step), this.#x(step), height - BOTTOM + 18);
    }
    pen.textAlign = "right";
    for (const value of ticks(high, 5)) {
      strokeLine(pen, LEFT, y(value), LEFT + width, y(value));
      pen.fillText(format(value), LEFT - 6, y(value) + 4);
    }
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP - 1, width + RIGHT, height - TOP - BOTTOM + 2); // what is beyond leaves through the top
    pen.clip();
    for (const curve of this.#curves) this.#draw(pen, curve, y);
    pen.restore();
  }

  get #width(): number {
    return this.#options.host.clientWidth - LEFT - RIGHT;
  }

  /** The axis is a hundred steps long at least. */
  get #lastStep(): number {
    return this.#curves.reduce((most, { steps }) => Math.max(most, steps[steps.length - 1] ?? 0), 100);
  }

  #x(step: number): number {
    return LEFT + (step / this.#lastStep) * this.#width;
  }

  /** The step of any curve that is nearest to a place. */
  #stepNear(x: number): number | null {
    const distance = (step: number) => Math.abs(this.#x(step) - x);
    let nearest: number | null = null;
    for (const { steps } of this.#curves) {
      for (const step of steps) if (nearest === null || distance(step) < distance(nearest)) nearest = step;
    }
    return nearest;
  }

  #pointAt(step: number | null): void {
    if (step === this.#pointed) return;
    this.#pointed = step;
    this.redraw();
    this.#options.hover(step);
  }

  /** As many pixels as the screen has, and a pen that counts as style.css does. */
  #blankCanvas(): CanvasRenderingContext2D {
    const { host, height } = this.#options;
    const { clientWidth } = host;
    Object.assign(this.canvas, { width: clientWidth * devicePixelRatio, height: height * devicePixelRatio });
    Object.assign(this.canvas.style, { width: `${clientWidth}px`, height: `${height}px` });
    const pen = context(this.canvas);
    pen.scale(devicePixelRatio, devicePixelRatio);
    pen.font = FONT;
    return pen;
  }

  #draw(pen: CanvasRenderingContext2D, curve: Curve, y: (value: number) => number): void {
    const { steps, values, alpha, width, isDashed, label } = curve;
    Object.assign(pen, { globalAlpha: alpha, lineWidth: width, strokeStyle: colour(curve.colour), lineJoin: "round" });
    pen.setLineDash(isDashed ? [6, 4] : []);
    pen.beginPath();
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      if (Number.isFinite(values[i - 1])) pen.lineTo(this.#x(steps[i]), y(value));
      else pen.moveTo(this.#x(steps[i]), y(value));
    });
    pen.stroke();
    const last = values.findLastIndex(Number.isFinite);
    pen.globalAlpha = 1;
    if (label && last >= 0) {
      pen.fillStyle = colour("muted");
      pen.fillText(label, this.#x(steps[last]), Math.max(y(values[last]) - 4, TOP + 12));
    }
    const at = this.#pointed === null || alpha < 1 ? -1 : steps.indexOf(this.#pointed);
    if (at < 0 || !Number.isFinite(values[at])) return;
    pen.fillStyle = colour(curve.colour);
    pen.beginPath();
    pen.arc(this.#x(steps[at]), y(values[at]), 4, 0, 2 * Math.PI);
    pen.fill();
  }
}

const greater = (most: number, value: number): number => (Number.isFinite(value) ? Math.max(most, value) : most);

/** Round numbers from 0 to `end`, no more than about `count`: every 1, 2, 5, 10, … */
function ticks(end: number, count: number): number[] {
  const size = 10 ** Math.floor(Math.log10(end / count));
  const every = size * ([1, 2, 5].find((factor) => factor * size * count >= end) ?? 10);
  return Array.from({ length: Math.floor(end / every + 1e-9) + 1 }, (_, i) => i * every);
}

function strokeLine(pen: CanvasRenderingContext2D, ...[x0, y0, x1, y1]: [number, number, number, number]): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}
