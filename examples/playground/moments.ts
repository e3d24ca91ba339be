/** A whole run in a few hundred moments: when there are too many, every second is forgotten, and only every second kept from then on. */

const MOST = 400;

export class Moments<T> {
  /** How many come for one that is kept. */
  #stride = 1;
  #seen = 0;
  #kept: T[] = [];
  #last: T | null = null;

  add(moment: T): void {
    if (this.#seen++ % this.#stride === 0) this.#kept.push(moment);
    this.#last = moment;
    if (this.#kept.length < MOST) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** From the first to the last, which is always there. */
  get all(): readonly T[] {
    const kept = this.#kept;
    return this.#last === null || kept.at(-1) === this.#last ? kept : [...kept, this.#last];
  }
}
