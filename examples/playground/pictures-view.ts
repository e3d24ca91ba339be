/** The first layer's weights, a picture of 28 x 28 for each unit: as they are, or how they have changed since the start. */
import { byId, colour, context, make, NETWORKS } from "./elements.ts";
import type { Pair } from "./trainer.ts";

const COLUMNS = 8;
const SIDE = 28;
const GAP = 2;
type Rgb = readonly [number, number, number];

export class PicturesView {
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #changeOnly = byId("change-only", HTMLInputElement);
  #start: Pair<Float32Array> | null = null;
  #shown: Pair<Float32Array> | null = null;

  constructor(host: HTMLElement) {
    this.#canvases = NETWORKS.map((network) => {
      const canvas = make("canvas", { role: "img", "data-label": "picturesTitle", class: "pictures" });
      const name = make("figcaption", { class: network }, make("span", { "data-name": network }));
      host.append(make("figure", {}, name, canvas));
      return canvas;
    });
    this.#changeOnly.addEventListener("change", () => this.redraw());
  }

  /** @param isStart whether nothing has been learned yet */
  show(pictures: Pair<Float32Array>, isStart: boolean): void {
    if (isStart) this.#start = pictures;
    this.#shown = pictures;
    this.redraw();
  }

  redraw(): void {
    this.#shown?.forEach((weights, network) => {
      const start = this.#changeOnly.checked ? this.#start?.[network] : null;
      drawPictures(this.#canvases[network], start ? weights.map((weight, i) => weight - start[i]) : weights);
    });
  }
}

/** From one colour through the background to another; the strongest weight of all has the full colour. */
function drawPictures(canvas: HTMLCanvasElement, weights: Float32Array): void {
  const count = weights.length / SIDE ** 2;
  const width = COLUMNS * (SIDE + GAP) - GAP;
  const height = Math.ceil(count / COLUMNS) * (SIDE + GAP) - GAP;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height); // transparent
  const [negative, zero, positive] = ["negative", "zero", "positive"].map((name) => rgb(colour(name)));
  let most = 1e-9;
  for (const weight of weights) if (Math.abs(weight) > most) most = Math.abs(weight);
  for (let i = 0; i < weights.length; i++) {
    const [unit, y, x] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    const row = Math.floor(unit / COLUMNS) * (SIDE + GAP) + y;
    const column = (unit % COLUMNS) * (SIDE + GAP) + x;
    const strength = weights[i] / most;
    const end = strength < 0 ? negative : positive;
    const at = 4 * (row * width + column);
    for (let c = 0; c < 3; c++) image.data[at + c] = zero[c] + Math.abs(strength) * (end[c] - zero[c]);
    image.data[at + 3] = 255;
  }
  context(canvas).putImageData(image, 0, 0);
}

/** Of "#rrggbb". */
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb;
