/** MNIST held in memory as float32, for the engines without a loader: batch after batch, without end. */
import { BATCH_SIZE } from "./workloads.ts";

const PIXELS = 784;
const CLASSES = 10;

export class Batches {
  readonly #pixels: Float32Array;
  readonly #labels: Uint8Array;
  readonly #order: Uint32Array;
  readonly #shuffle: boolean;
  /** Where in the order the next batch starts: at first, past its end. */
  #start: number;
  // Both are written anew by every next(): the engines copy them.
  readonly #images = new Float32Array(BATCH_SIZE * PIXELS);
  readonly #oneHot = new Float32Array(BATCH_SIZE * CLASSES);

  constructor(bytes: Uint8Array, labels: Uint8Array, shuffle: boolean) {
    this.#pixels = new Float32Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.#pixels[i] = bytes[i] / 255;
    this.#labels = labels;
    this.#order = Uint32Array.from(labels, (_, i) => i);
    this.#shuffle = shuffle;
    this.#start = labels.length;
  }

  /** Images (64, 784) and the labels (64, 10) as one-hot rows. */
  next(): { images: Float32Array; oneHot: Float32Array } {
    if (this.#start + BATCH_SIZE > this.#order.length) this.#startPass();
    this.#oneHot.fill(0);
    for (let row = 0; row < BATCH_SIZE; row++) {
      const i = this.#order[this.#start + row];
      this.#images.set(this.#pixels.subarray(i * PIXELS, (i + 1) * PIXELS), row * PIXELS);
      this.#oneHot[row * CLASSES + this.#labels[i]] = 1;
    }
    this.#start += BATCH_SIZE;
    return { images: this.#images, oneHot: this.#oneHot };
  }

  #startPass(): void {
    this.#start = 0;
    if (!this.#shuffle) return;
    const order = this.#order;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
  }
}
