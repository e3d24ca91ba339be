/** Loss curves of any length in few points: when there are too many, neighbours are merged. */
import type { Each } from "./trainer.ts";

const MOST_POINTS = 2000;
/** How much of the smoothed loss the next step keeps: an average over about ten steps. */
export const KEEP = 0.9;

export class LossHistory {
  #stride = 1;
  #seen = 0;
  /** Sums over the steps of a point that is not complete. */
  readonly #partial: number[];
  readonly #average: number[];
  readonly steps: number[] = [];
  /** Of each network, a value for each of `steps`. */
  readonly raw: Each<number[]>;
  readonly smooth: Each<number[]>;
  /** Of the last step. */
  last: Each<number> = [];

  /** @param networks how many there are */
  constructor(networks: number) {
    this.#partial = Array(networks).fill(0);
    this.#average = Array(networks).fill(0);
    this.raw = this.#partial.map(() => []);
    this.smooth = this.#partial.map(() => []);
  }

  /** How many steps a point stands for: its raw loss is their mean. */
  get stride(): number {
    return this.#stride;
  }

  /** The losses of the next step. */
  add(losses: Each<number>): void {
    this.#seen++;
    this.last = losses;
    losses.forEach((loss, i) => {
      this.#partial[i] += loss;
      this.#average[i] = KEEP * this.#average[i] + (1 - KEEP) * loss;
    });
    if (this.#seen % this.#stride !== 0) return;
    this.steps.push(this.#seen);
    const { smoothed } = this;
    losses.forEach((_, i) => {
      this.raw[i].push(this.#partial[i] / this.#stride);
      this.smooth[i].push(smoothed[i]);
    });
    this.#partial.fill(0);
    if (this.steps.length === MOST_POINTS) this.#halve();
  }

  /** The smoothed losses now; not a number before the first step. The average starts at 0, which the division makes up for. */
  get smoothed(): Each<number> {
    const weight = 1 - KEEP ** this.#seen;
    return this.#average.map((average) => average / weight);
  }

  /** Of two neighbours the mean of the losses stays, and the smoothed one of the later. */
  #halve(): void {
    const half = this.steps.length / 2;
    for (let k = 0; k < half; k++) {
      this.steps[k] = this.steps[2 * k + 1];
      for (const values of this.raw) values[k] = (values[2 * k] + values[2 * k + 1]) / 2;
      for (const values of this.smooth) values[k] = values[2 * k + 1];
    }
    for (const values of [this.steps, ...this.raw, ...this.smooth]) values.length = half;
    this.#stride *= 2;
  }
}
