/** Loss curves of any length in few points: when there are too many, neighbours are merged. */
import type { Pair } from "./trainer.ts";

const MOST_POINTS = 2000;
/** How much of the smoothed loss the next step keeps: an average over about ten steps. */
const KEEP = 0.9;

export class LossHistory {
  /** How many steps a point stands for. */
  #stride = 1;
  #seen = 0;
  /** Sums over the steps of a point that is not complete. */
  #partial: [number, number] = [0, 0];
  readonly #average: [number, number] = [0, 0];
  readonly steps: number[] = [];
  /** Of each network, a value for each of `steps`. */
  readonly raw: Pair<number[]> = [[], []];
  readonly smooth: Pair<number[]> = [[], []];

  /** The losses of the next step. */
  add(losses: Pair<number>): void {
    this.#seen++;
    for (const i of [0, 1] as const) {
      this.#partial[i] += losses[i];
      this.#average[i] = KEEP * this.#average[i] + (1 - KEEP) * losses[i];
    }
    if (this.#seen % this.#stride !== 0) return;
    this.steps.push(this.#seen);
    for (const i of [0, 1] as const) {
      this.raw[i].push(this.#partial[i] / this.#stride);
      this.smooth[i].push(this.smoothed[i]);
    }
    this.#partial = [0, 0];
    if (this.steps.length === MOST_POINTS) this.#halve();
  }

  /** The smoothed losses now; not a number before the first step. The average starts at 0, which the division makes up for. */
  get smoothed(): Pair<number> {
    const weight = 1 - KEEP ** this.#seen;
    return [this.#average[0] / weight, this.#average[1] / weight];
  }

  /** Of two neighbours the mean of the losses stays, and the smoothed one of the later. */
  #halve(): void {
    const half = this.steps.length / 2;
    for (let k = 0; k < half; k++) {
      this.steps[k] = this.steps[2 * k + 1];
      for (const i of [0, 1] as const) {
        this.raw[i][k] = (this.raw[i][2 * k] + this.raw[i][2 * k + 1]) / 2;
        this.smooth[i][k] = this.smooth[i][2 * k + 1];
      }
    }
    for (const values of [this.steps, ...this.raw, ...this.smooth]) values.length = half;
    this.#stride *= 2;
  }
}
