/**
 * The gradients of a backward pass: what has arrived so far at each node and leaf of the graph.
 *
 * A pull-back gives new memory, or passes dy's own on (see PullBack). So it is known here which gradients lie in memory that
 * nobody else has, and that is freed as soon as the last of them is done with: a backward pass gets by with little memory,
 * which is still in the cache when it is used again.
 */
import type { Storage, Tensor } from "../tensor/tensor.ts";
import type { Target } from "./graph.ts";
import { add } from "./ops/elementwise.ts";

export class Arrivals {
  readonly #gradients = new Map<Target, Tensor>();
  /** How many gradients are in each storage that nobody else has. */
  readonly #holders = new Map<Storage, number>();
  readonly #isRecorded: boolean;

  /** `isRecorded`: a graph is made of the pass itself, and has the gradients, too. */
  constructor(isRecorded: boolean) {
    this.#isRecorded = isRecorded;
  }

  get targets(): Target[] {
    return [...this.#gradients.keys()];
  }

  [Symbol.iterator](): Iterator<[Target, Tensor]> {
    return this.#gradients.entries();
  }

  get(target: Target): Tensor | undefined {
    return this.#gradients.get(target);
  }

  /** A gradient arrives, and is added to what is there; `isNew` if nobody else has its memory. */
  add(target: Target, dx: Tensor, isNew: boolean): void {
    const before = this.#gradients.get(target);
    this.#hold(dx.storage, isNew);
    if (before) this.replace(target, add(before, dx));
    else this.#gradients.set(target, dx);
    if (before) this.#letGo(dx.storage);
  }

  /** A gradient in memory of its own takes the place of the one that is there. */
  replace(target: Target, dx: Tensor): void {
    this.delete(target);
    this.#hold(dx.storage, true);
    this.#gradients.set(target, dx);
  }

  /** The gradient is done with. */
  delete(target: Target): void {
    const gradient = this.#gradients.get(target);
    this.#gradients.delete(target);
    if (gradient) this.#letGo(gradient.storage);
  }

  #hold(storage: Storage, isNew: boolean): void {
    const holders = this.#holders.get(storage) ?? 0;
    if (holders > 0 || (isNew && !this.#isRecorded)) this.#holders.set(storage, holders + 1);
  }

  #letGo(storage: Storage): void {
    const holders = this.#holders.get(storage) ?? 0;
    if (holders > 1) this.#holders.set(storage, holders - 1);
    else if (this.#holders.delete(storage)) storage.release();
  }
}
