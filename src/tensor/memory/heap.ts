/**
 * Typed arrays in one block of memory each. Nobody frees them: a block is used again when its array can no longer be
 * reached, which the garbage collector is asked for from time to time; or at once, when the engine knows that it alone had
 * the array.
 */
import { type Block, Blocks } from "./blocks.ts";

export interface HeapOptions {
  /** The addresses that blocks lie in. */
  readonly start: number;
  readonly end: number;
  /** How many bytes are taken before garbage is collected, at the least. */
  readonly budget: number;
  /** Collects garbage, as collector.ts does; null if only time tells what can no longer be reached. */
  readonly collect: (() => void) | null;
  /** For tests: fill what is free with NaN, and collect at every allocation. */
  readonly poison: boolean;
}

type ArrayType<T> = new (buffer: ArrayBufferLike, address: number, length: number) => T;

interface Taken {
  readonly block: Block;
  readonly array: WeakRef<ArrayBufferView>;
}

/** A collection that takes a larger share of the time than this doubles the budget. */
const SHARE = 0.05;

export class Heap {
  readonly #buffer: ArrayBufferLike;
  readonly #blocks: Blocks;
  readonly #options: HeapOptions;
  /** By address. */
  readonly #taken = new Map<number, Taken>();
  /** Where the collector cannot be asked: told of what it found, after the running code. */
  readonly #registry: FinalizationRegistry<Taken> | null;
  #budget: number;
  #spent = 0;
  #collectedAt = performance.now();

  constructor(buffer: ArrayBufferLike, options: HeapOptions) {
    this.#buffer = buffer;
    this.#options = options;
    this.#blocks = new Blocks(options.start, options.end);
    this.#budget = options.budget;
    this.#registry = options.collect ? null : new FinalizationRegistry((taken) => this.#giveBack(taken));
  }

  /** An array in memory of its own, with whatever was there before; null if there is no room. */
  allocate<T extends ArrayBufferView>(type: ArrayType<T>, length: number, bytes: number): T | null {
    this.#spent += bytes;
    if (this.#spent > this.#budget || this.#options.poison) this.reclaim();
    let block = this.#blocks.take(bytes);
    if (!block && this.#spent > this.#budget / 4) {
      this.reclaim();
      block = this.#blocks.take(bytes);
    }
    if (!block) return null;
    const array = new type(this.#buffer, block.address, length);
    const taken = { block, array: new WeakRef(array) };
    this.#taken.set(block.address, taken);
    this.#registry?.register(array, taken);
    return array;
  }

  /** Gives the memory of an array back that nobody will look at again. */
  release(array: ArrayBufferView): void {
    const taken = this.#taken.get(array.byteOffset);
    if (taken?.array.deref() === array) this.#giveBack(taken);
  }

  /** Gives back the memory of all arrays that can no longer be reached. */
  reclaim(): void {
    const { collect, budget } = this.#options;
    if (!collect) return;
    const start = performance.now();
    collect();
    for (const taken of this.#taken.values()) if (!taken.array.deref()) this.#giveBack(taken);
    const end = performance.now();
    const isDear = end - start > SHARE * (end - this.#collectedAt);
    const wanted = Math.max(budget, this.#blocks.taken, isDear ? 2 * this.#budget : 0);
    this.#budget = Math.min(wanted, (this.#options.end - this.#options.start) / 2);
    this.#spent = 0;
    this.#collectedAt = end;
  }

  #giveBack(taken: Taken): void {
    const { block } = taken;
    if (this.#taken.get(block.address) !== taken) return; // given back before
    if (this.#options.poison) new Uint8Array(this.#buffer, block.address, block.bytes).fill(0xff);
    this.#taken.delete(block.address);
    this.#blocks.give(block);
  }
}
