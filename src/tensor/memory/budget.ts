/**
 * When to look for garbage: whenever as much has been taken as there is in use, so that the work grows with what is taken, and
 * at most half of what is in use is garbage.
 */

/** Where looking takes a larger share of the time than this, it is done half as often: up to so many bytes. */
const SHARE = 0.25;
const LARGEST = 256 * 2 ** 20;

export class Budget {
  readonly #least: number;
  readonly #most: number;
  #bytes: number;
  #renewedAt = performance.now();
  /** Bytes taken since it was renewed. */
  spent = 0;

  /** Bytes. */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#bytes = least;
  }

  /** Which part of it is spent, or how many times all of it. */
  get share(): number {
    return this.spent / this.#bytes;
  }

  /** After a collection that began at `start`, which left so many bytes in use. */
  renew(start: number, inUse: number): void {
    const now = performance.now();
    const isDear = now - start > SHARE * (now - this.#renewedAt);
    const dearer = isDear ? Math.min(2 * this.#bytes, LARGEST) : 0;
    this.#bytes = Math.max(this.#least, Math.min(Math.max(inUse, dearer), this.#most));
    this.#renewedAt = now;
    this.spent = 0;
  }
}
