/** A canvas with a dot for each picture, of which one is chosen: by pointer, tap or arrow keys. */
import { colour, context, make } from "./elements.ts";

/** Where a dot is drawn, what it says, and whether it stands out. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  /** What is written into it. */
  readonly glyph: string;
  readonly fill: string;
  readonly isStrong: boolean;
  readonly isChosen: boolean;
}

/** What a canvas tells its view. */
export interface DotCanvasOptions {
  readonly id: string;
  readonly label: string;
  /** The dot that is nearest to a point; null if none is near. */
  readonly dotAt: (x: number, y: number) => number | null;
  /** The dots in the order in which the arrow keys go. */
  readonly order: () => readonly number[];
  readonly chosen: () => number;
  readonly choose: (dot: number) => void;
  readonly resized: () => void;
}

export class DotCanvas {
  readonly canvas: HTMLCanvasElement;
  /** In CSS's pixels; 0 while it is not laid out. Kept, since to ask the canvas lays out the page anew after each change of it. */
  width = 0;

  constructor(host: HTMLElement, { id, label, dotAt, order, chosen, choose, resized }: DotCanvasOptions) {
    this.canvas = make("canvas", { id, role: "slider", tabindex: "0", class: "dots", "data-label": label });
    host.append(this.canvas);
    const point = ({ offsetX, offsetY }: PointerEvent) => {
      const dot = dotAt(offsetX, offsetY);
      if (dot !== null) choose(dot);
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("keydown", (event) => {
      const dots = order();
      const last = dots.length - 1;
      const ways = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -last, End: last };
      const way = ways[event.key as keyof typeof ways];
      if (way === undefined) return;
      event.preventDefault();
      choose(dots[Math.min(last, Math.max(0, dots.indexOf(chosen()) + way))]);
    });
    new ResizeObserver(() => {
      this.width = this.canvas.clientWidth;
      resized();
    }).observe(this.canvas);
  }

  /** For screen readers: which of the dots it is, and what there is to say of it. */
  say(rank: number, count: number, text: string): void {
    const values = {
      "aria-valuemin": "1",
      "aria-valuemax": `${count}`,
      "aria-valuenow": `${rank}`,
      "aria-valuetext": text,
    };
    for (const [name, value] of Object.entries(values)) this.canvas.setAttribute(name, value);
  }

  /** Empty, of that height, in CSS's pixels. */
  clear(height: number): CanvasRenderingContext2D {
    const { canvas } = this;
    const scale = devicePixelRatio;
    const [w, h] = [Math.round(this.width * scale), Math.round(height * scale)];
    const pen = context(canvas);
    if (canvas.width !== w || canvas.height !== h) {
      Object.assign(canvas, { width: w, height: h });
      canvas.style.height = `${height}px`;
    }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, w, h);
    return pen;
  }
}

/** Circles with what is written into them; the chosen one above all others. */
export function drawDots(pen: CanvasRenderingContext2D, dots: readonly Dot[], radius: number): void {
  const [paper, ink] = [colour("panel"), colour("ink")];
  pen.font = `600 ${Math.round(radius * 1.35)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const draw = ({ x, y, glyph, fill, isStrong, isChosen }: Dot) => {
    pen.beginPath();
    pen.arc(x, y, isChosen ? radius + 2 : radius - 0.75, 0, 2 * Math.PI);
    pen.globalAlpha = isStrong ? 1 : 0.32;
    pen.fillStyle = fill;
    pen.fill();
    pen.globalAlpha = 1;
    if (isChosen) {
      pen.strokeStyle = ink;
      pen.lineWidth = 2.5;
      pen.stroke();
    }
    if (radius < 5) return;
    pen.fillStyle = isStrong ? paper : ink;
    pen.fillText(glyph, x, y + 0.5);
  };
  for (const dot of dots) if (!dot.isStrong) draw(dot);
  for (const dot of dots) if (dot.isStrong && !dot.isChosen) draw(dot);
  for (const dot of dots) if (dot.isChosen) draw(dot);
}

/** How large the dots are: as their number and the width have room. */
export const radiusFor = (width: number, count: number): number =>
  Math.min(7, Math.max(2.5, (width / 300 + 4.2) * Math.sqrt(64 / Math.max(count, 64))));
