/** The digits of a batch as dots on a number line, one line for each network, at any stage of batch norm. */
import { axisOf } from "./axes.ts";
import { type Dot, DotCanvas, drawDots, radiusFor } from "./dot-canvas.ts";
import { pile } from "./dot-layout.ts";
import { colour, NETWORKS } from "./elements.ts";
import { say } from "./language.ts";
import { Motion } from "./motion.ts";
import { short } from "./numbers.ts";
import { type Band, bandsOf, between, stagesOf } from "./stages.ts";
import type { Dots, UnitValues } from "./unit-statistics.ts";

const LANE = 190;
/** Below a lane, for its numbers. */
const SCALE = 26;
const MARGIN = 14;

/** What is shown. */
export interface Shown {
  readonly networks: readonly UnitValues[];
  /** Their names. */
  readonly names: readonly string[];
  readonly labels: ArrayLike<number>;
  /** What is written into the dots of each label. */
  readonly glyphs: string;
  /** What the chosen dot is called. */
  readonly name: string;
  /** From 0 to 4. */
  readonly stage: number;
  readonly chosen: number;
}

export class NumberLine {
  readonly #dots: DotCanvas;
  readonly #motion: Motion;
  #shown: Shown | null = null;
  #half = 4;
  #stages: Dots[][] = [];
  #heights: Float32Array[][] = [];
  #places: Float32Array = new Float32Array(0);

  constructor(host: HTMLElement, choose: (dot: number) => void) {
    this.#dots = new DotCanvas(host, {
      id: "unit-line",
      label: "unitLineLabel",
      dotAt: (x, y) => this.#dotAt(x, y),
      order: () => this.#order(),
      chosen: () => this.#shown?.chosen ?? 0,
      choose,
      resized: () => this.layOut(),
    });
    this.#motion = new Motion(this.#dots.canvas, (places) => this.#draw(places));
  }

  show(shown: Shown): void {
    const isNew = this.#shown?.networks !== shown.networks;
    this.#shown = shown;
    if (isNew) this.layOut();
    else this.move();
  }

  /** For other values, or another width. */
  layOut(): void {
    if (!this.#shown || this.#dots.width === 0) return;
    this.#stages = this.#shown.networks.map(stagesOf);
    this.#half = axisOf(this.#stages.flat().flatMap((values) => Array.from(values)));
    const radius = this.#radius;
    const heights = (values: Dots) =>
      pile(
        Array.from(values, (value) => this.#x(value)),
        radius,
        LANE - 2 * radius - 20,
      );
    this.#heights = this.#stages.map((stages) => stages.map(heights));
    this.move();
  }

  /** To the stage, or to another chosen digit. */
  move(): void {
    if (!this.#shown || this.#stages.length === 0) return;
    const { stage, chosen, labels, name } = this.#shown;
    const goals = new Float32Array(2 * this.#stages.length * labels.length);
    let at = 0;
    this.#stages.forEach((stages, network) => {
      for (let dot = 0; dot < labels.length; dot++) {
        goals[at++] = this.#x(between(stages, stage, (values) => values[dot]));
        goals[at++] = this.#floor(network) - this.#radius - between(this.#heights[network], stage, (ys) => ys[dot]);
      }
    });
    this.#motion.to(goals);
    const value = (network: number) => short(this.#stages[network][Math.round(stage)][chosen]);
    const values = this.#stages.map((_, network) => value(network)).join(", ");
    const rank = this.#order().indexOf(chosen) + 1;
    this.#dots.say(rank, labels.length, `${name}: ${values}`);
  }

  get #radius(): number {
    return radiusFor(this.#dots.width, this.#shown?.labels.length ?? 64);
  }

  #x(value: number): number {
    const { width } = this.#dots;
    return width / 2 + (value / this.#half) * (width / 2 - MARGIN);
  }

  #floor(network: number): number {
    return (network + 1) * LANE + network * SCALE;
  }

  /** By their value in the first network, at this stage. */
  #order(): number[] {
    const values = this.#stages[0]?.[Math.round(this.#shown?.stage ?? 0)] ?? [];
    return Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  }

  #dotAt(x: number, y: number): number | null {
    let best: number | null = null;
    let nearest = (this.#radius + 5) ** 2;
    for (let i = 0; i < this.#places.length; i += 2) {
      const distance = (this.#places[i] - x) ** 2 + (this.#places[i + 1] - y) ** 2;
      if (distance < nearest) [best, nearest] = [(i / 2) % this.#shown!.labels.length, distance];
    }
    return best;
  }

  #draw(places: Float32Array): void {
    this.#places = places;
    const { networks, labels, glyphs, chosen } = this.#shown!;
    const pen = this.#dots.clear(this.#floor(networks.length - 1) + SCALE);
    networks.forEach((values, network) => {
      this.#drawLane(pen, network, bandsOf(values, chosen));
      const start = network * labels.length;
      const fill = colour(NETWORKS[network]);
      const dots = Array.from(labels, (label, i): Dot => {
        const at = 2 * (start + i);
        const isStrong = label === labels[chosen];
        return { x: places[at], y: places[at + 1], glyph: glyphs[label], fill, isStrong, isChosen: i === chosen };
      });
      if (this.#stages[network].every((each) => Number.isFinite(each[chosen]))) drawDots(pen, dots, this.#radius);
      else this.#write(pen, say().unitDiverged, this.#dots.width / 2, this.#floor(network) - LANE / 2);
    });
  }

  #write(pen: CanvasRenderingContext2D, text: string, x: number, y: number, ink = "muted"): void {
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = colour(ink);
    pen.fillText(text, x, y, this.#dots.width);
  }

  /** The axis with its numbers, the half that ReLU cuts off, and where the middle and the spread are. */
  #drawLane(pen: CanvasRenderingContext2D, network: number, bands: Band[] | null): void {
    const { width } = this.#dots;
    const { stage, names } = this.#shown!;
    const floor = this.#floor(network);
    const top = floor - LANE + 10;
    const line = (x: number, from: number, to: number) => {
      pen.beginPath();
      pen.moveTo(Math.round(x) + 0.5, from);
      pen.lineTo(Math.round(x) + 0.5, to);
      pen.stroke();
    };
    pen.font = "600 13px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillStyle = colour(`${NETWORKS[network]}-text`);
    const nameWidth = Math.min(pen.measureText(names[network]).width, width / 2 - 40);
    pen.fillText(names[network], 2, top + 4, nameWidth);
    pen.lineWidth = 1;
    pen.strokeStyle = colour("line");
    if (bands) {
      const middle = this.#x(between(bands, stage, (band) => band.middle));
      const half = this.#x(between(bands, stage, (band) => band.half)) - width / 2;
      pen.fillStyle = colour(NETWORKS[network]);
      pen.globalAlpha = 0.1;
      pen.fillRect(middle - half, top + 14, Math.max(1, 2 * half), floor - top - 14);
      pen.globalAlpha = 1;
      pen.setLineDash([3, 3]);
      pen.strokeStyle = colour(NETWORKS[network]);
      line(middle, top + 14, floor);
      pen.setLineDash([]);
      const { name } = bands[Math.round(stage)];
      const place = Math.min(width - 24, Math.max(2 + nameWidth + 28, middle)); // beside the network's name, not on it
      this.#write(pen, name, place, top + 4, `${NETWORKS[network]}-text`);
    }
    pen.strokeStyle = colour("control");
    pen.beginPath();
    pen.moveTo(0, floor + 0.5);
    pen.lineTo(width, floor + 0.5);
    pen.stroke();
    for (let tick = -4; tick <= 4; tick++) {
      const value = (tick * this.#half) / 4;
      line(this.#x(value), floor, floor + (tick === 0 ? 6 : 3));
      if (width > 500 || tick % 2 === 0) this.#write(pen, `${value}`.replace("-", "−"), this.#x(value), floor + 15);
    }
  }
}
