/** The first layer's weights, a picture for each unit: as they are, or how they have changed since the start. */
import { byId, colour, context, make, NETWORKS } from "./elements.ts";
import type { Report } from "./messages.ts";
import type { Watcher } from "./session.ts";
import type { Each, WeightPictures } from "./trainer.ts";

const COLUMNS = 8;
/** Pixels of the canvas a picture has, at least, to a side: convolutions have 3 x 3 weights. */
const SIDE = 28;
const GAP = 2;
type Rgb = readonly [number, number, number];

export class PicturesView implements Watcher {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #changeOnly = byId("change-only", HTMLInputElement);
  #start: Each<WeightPictures> = [];
  #shown: Each<WeightPictures> = [];

  constructor(host: HTMLElement) {
    this.#canvases = NETWORKS.map((network) => {
      const canvas = make("canvas", { role: "img", "data-label": "picturesTitle", class: "pictures" });
      const name = make("figcaption", {}, make("span", { "data-name": network }));
      host.append(make("figure", { class: network }, name, canvas));
      return canvas;
    });
    this.#changeOnly.addEventListener("change", () => this.redraw());
  }

  reported({ pictures, steps }: Report): void {
    if (steps === 0) this.#start = pictures;
    this.#shown = pictures;
    this.redraw();
  }

  /** The strongest weight of all networks has the full colour: one scale, so that they can be compared. */
  redraw(): void {
    const parts = this.#shown.map(({ side, weights }, i) => {
      const start = this.#changeOnly.checked ? this.#start[i]?.weights : null;
      return { side, weights: start ? weights.map((weight, k) => weight - start[k]) : weights };
    });
    let most = 1e-9;
    for (const { weights } of parts) {
      for (const weight of weights) if (Math.abs(weight) > most) most = Math.abs(weight); // NaN is not above
    }
    parts.forEach((part, i) => {
      drawPictures(this.#canvases[i], part, most);
    });
  }
}

/** From one colour through the background to another. */
function drawPictures(canvas: HTMLCanvasElement, { side, weights }: WeightPictures, most: number): void {
  const scale = Math.max(1, Math.floor(SIDE / side));
  const cell = side * scale + GAP;
  const count = weights.length / side ** 2;
  const [width, height] = [COLUMNS * cell - GAP, Math.ceil(count / COLUMNS) * cell - GAP];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = context(canvas);
  const image = new ImageData(width, height); // transparent
  const [negative, zero, positive] = ["negative", "zero", "positive"].map((name) => rgb(colour(name)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const unit = Math.floor(y / cell) * COLUMNS + Math.floor(x / cell);
      const [row, column] = [Math.floor((y % cell) / scale), Math.floor((x % cell) / scale)];
      if (unit >= count || row >= side || column >= side) continue; // between two pictures
      const strength = weights[unit * side ** 2 + row * side + column] / most;
      const end = strength < 0 ? negative : positive;
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) image.data[at + c] = zero[c] + Math.abs(strength) * (end[c] - zero[c]);
      image.data[at + 3] = 255;
    }
  }
  pen.putImageData(image, 0, 0);
}

/** Of "#rrggbb". */
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
