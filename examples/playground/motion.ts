/** Dots that go to where they belong, a part of the way with each frame; at once where nobody sees it, or wants no motion. */

/** After so many milliseconds a third of the way is left. */
const PACE = 90;

export class Motion {
  #places: Float32Array = new Float32Array(0);
  #goals: Float32Array = this.#places;
  #frame = 0;
  #before = 0;
  #isSeen = false;
  readonly #draw: (places: Float32Array) => void;
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param draw is called with each frame in which something moves */
  constructor(canvas: HTMLCanvasElement, draw: (places: Float32Array) => void) {
    this.#draw = draw;
    new IntersectionObserver((entries) => {
      this.#isSeen = entries[entries.length - 1].isIntersecting;
    }).observe(canvas);
  }

  /** Sends the dots there. Other dots than before are there at once. */
  to(goals: Float32Array): void {
    this.#goals = goals;
    const isAtOnce = this.#stillness.matches || !this.#isSeen || this.#places.length !== goals.length;
    if (isAtOnce) this.#places = goals.slice();
    if (this.#frame) return;
    this.#before = performance.now();
    this.#frame = requestAnimationFrame(this.#next);
  }

  readonly #next = (now: number): void => {
    const part = 1 - Math.exp(-Math.max(0, now - this.#before) / PACE);
    this.#before = now;
    let furthest = 0;
    for (let i = 0; i < this.#places.length; i++) {
      const way = this.#goals[i] - this.#places[i];
      this.#places[i] = Math.abs(way) < 0.2 ? this.#goals[i] : this.#places[i] + part * way;
      furthest = Math.max(furthest, Math.abs(this.#goals[i] - this.#places[i]));
    }
    this.#draw(this.#places);
    this.#frame = furthest > 0 ? requestAnimationFrame(this.#next) : 0;
  };
}
