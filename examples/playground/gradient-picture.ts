/**
 * Where the gradient went: each picture at its x̂ and its dy. The mean of dy, and what goes along with x̂, are a line, the one that
 * lies nearest to the dots; batch norm takes the line away, and what is left are the distances from it.
 */
import { type Dot, DotCanvas, drawDots, radiusFor } from "./dot-canvas.ts";
import { colour } from "./elements.ts";
import { Motion } from "./motion.ts";
import { short } from "./numbers.ts";
import type { NormValues } from "./unit-statistics.ts";

const HEIGHT = 300;
const MARGIN = 14;
/** Below, for the numbers. */
const SCALE = 26;

/** What is shown. */
export interface ShownGradient {
  readonly norm: NormValues;
  /** The colour of the network, in style.css. */
  readonly network: string;
  readonly labels: ArrayLike<number>;
  readonly glyphs: string;
  readonly name: string;
  /** From 0, all that arrived, through 1, minus the mean, to 2, minus what goes along with x̂. */
  readonly stage: number;
  readonly chosen: number;
}

export class GradientPicture {
  readonly #dots: DotCanvas;
  readonly #motion: Motion;
  #shown: ShownGradient | null = null;
  /** What the edges stand for. */
  #edge = { x: 1, y: 1 };
  #places: Float32Array = new Float32Array(0);

  constructor(host: HTMLElement, choose: (dot: number) => void) {
    this.#dots = new DotCanvas(host, {
      id: "unit-gradient",
      label: "unitGradientLabel",
      dotAt: (x, y) => this.#dotAt(x, y),
      order: () => this.#order(),
      chosen: () => this.#shown?.chosen ?? 0,
      choose,
      resized: () => this.#move(),
    });
    this.#motion = new Motion(this.#dots.canvas, (places) => this.#draw(places));
  }

  show(shown: ShownGradient): void {
    this.#shown = shown;
    const { arrived, left, xHat } = shown.norm;
    const most = (...all: ArrayLike<number>[]) => Math.max(...all.flatMap((values) => Array.from(values, Math.abs)));
    this.#edge = { x: Math.max(3, most(xHat)), y: most(arrived, left) || 1 };
    this.#move();
  }

  #move(): void {
    if (!this.#shown || this.#dots.width === 0) return;
    const { norm, labels, name, chosen } = this.#shown;
    // First the dots, then for each the height of the line below it, which moves as they do.
    const goals = new Float32Array(4 * labels.length);
    for (let dot = 0; dot < labels.length; dot++) {
      goals[2 * dot] = this.#x(norm.xHat[dot]);
      goals[2 * dot + 1] = this.#y(this.#valueOf(dot));
      goals[2 * (labels.length + dot)] = this.#y(this.#lineAt(dot));
      goals[2 * (labels.length + dot) + 1] = this.#y(this.#meanAt(dot));
    }
    this.#motion.to(goals);
    this.#dots.say(this.#order().indexOf(chosen) + 1, labels.length, `${name}: ${short(this.#valueOf(chosen))}`);
  }

  /** What is still there of the mean at this stage. */
  #meanAt(dot: number): number {
    return Math.max(0, 1 - this.#shown!.stage) * this.#shown!.norm.asMean[dot];
  }

  #lineAt(dot: number): number {
    return this.#meanAt(dot) + Math.min(1, 2 - this.#shown!.stage) * this.#shown!.norm.asCorrelation[dot];
  }

  #valueOf(dot: number): number {
    return this.#lineAt(dot) + this.#shown!.norm.left[dot];
  }

  #x(xHat: number): number {
    const { width } = this.#dots;
    return width / 2 + (xHat / this.#edge.x) * (width / 2 - MARGIN);
  }

  #y(gradient: number): number {
    return HEIGHT / 2 - (gradient / this.#edge.y) * (HEIGHT / 2 - MARGIN);
  }

  #order(): number[] {
    const xHat = this.#shown?.norm.xHat ?? [];
    return Array.from(xHat, (_, i) => i).sort((a, b) => xHat[a] - xHat[b]);
  }

  #dotAt(x: number, y: number): number | null {
    let best: number | null = null;
    let nearest = 15 ** 2;
    for (let dot = 0; dot < (this.#shown?.labels.length ?? 0); dot++) {
      const distance = (this.#places[2 * dot] - x) ** 2 + (this.#places[2 * dot + 1] - y) ** 2;
      if (distance < nearest) [best, nearest] = [dot, distance];
    }
    return best;
  }

  #draw(places: Float32Array): void {
    this.#places = places;
    const { labels, glyphs, network, chosen } = this.#shown!;
    const { width } = this.#dots;
    const count = labels.length;
    const pen = this.#dots.clear(HEIGHT + SCALE);
    const [line, muted, ink, dotInk] = ["line", "muted", "ink", network].map(colour);
    const segment = (x: number, y: number, toX: number, toY: number, stroke: string, lineWidth: number) => {
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(toX, toY);
      Object.assign(pen, { strokeStyle: stroke, lineWidth });
      pen.stroke();
    };
    segment(0, HEIGHT / 2, width, HEIGHT / 2, colour("control"), 1);
    segment(width / 2, 0, width / 2, HEIGHT, line, 1);

    // What is left is the distance from the line; of the chosen one all three parts are shown.
    pen.globalAlpha = 0.35;
    for (let dot = 0; dot < count; dot++) {
      const [x, y] = [places[2 * dot], places[2 * dot + 1]];
      segment(x, places[2 * (count + dot)], x, y, dotInk, 1);
    }
    pen.globalAlpha = 1;
    const order = this.#order();
    for (let k = 1; k < count; k++) {
      const [a, b] = [order[k - 1], order[k]];
      segment(places[2 * a], places[2 * (count + a)], places[2 * b], places[2 * (count + b)], ink, 1.5);
    }
    const [x, y, onLine, mean] = [0, 1, 2 * count, 2 * count + 1].map((offset) => places[2 * chosen + offset]);
    segment(x - 3, HEIGHT / 2, x - 3, mean, colour("mean"), 5);
    segment(x + 3, mean, x + 3, onLine, colour("correlation"), 5);
    segment(x, onLine, x, y, dotInk, 5);

    drawDots(
      pen,
      Array.from(
        labels,
        (label, i): Dot => ({
          x: places[2 * i],
          y: places[2 * i + 1],
          glyph: glyphs[label],
          fill: dotInk,
          isStrong: label === labels[chosen],
          isChosen: i === chosen,
        }),
      ),
      Math.min(7, radiusFor(width, count)),
    );
    pen.font = "12px system-ui, sans-serif";
    pen.fillStyle = muted;
    pen.textBaseline = "top";
    pen.textAlign = "left";
    pen.fillText(`dy = ${short(this.#edge.y)}`, width / 2 + 6, 2);
    pen.textAlign = "center";
    for (const tick of [-2, -1, 1, 2]) pen.fillText(`${tick}`.replace("-", "−"), this.#x(tick), HEIGHT + 8);
    pen.fillText("x̂ = 0", width / 2, HEIGHT + 8);
  }
}
