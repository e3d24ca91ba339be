/**
 * Typed arrays in one block of memory each. Users free nothing: a block is used again when its array can no longer be
 * reached, which the garbage collector is asked for from time to time; or at once, when the engine knows that nobody else
 * has the array.
 */
import { permitted } from "../host.ts";
import { type Block, Blocks } from "./blocks.ts";
import type { Collector } from "./collector.ts";

export interface HeapOptions {
  /** The addresses that blocks lie in. */
  readonly start: number;
  readonly end: number;
  /** How many bytes are taken before garbage is collected, at the least. */
  readonly budget: number;
  /** Null if only time tells what can no longer be reached. */
  readonly collector: Collector | null;
  /** For tests: what is free is filled with NaN, and garbage collected where this says so. */
  readonly poison: (() => boolean) | null;
}

type ArrayType<T> = new (buffer: ArrayBufferLike, address: number, length: number) => T;

interface Taken {
  readonly block: Block;
  readonly array: WeakRef<ArrayBufferView>;
}

/** A collection that takes a larger share of the time than this doubles the budget, up to so many bytes. */
const SHARE = 0.1;
const LARGEST_BUDGET = 256 * 2 ** 20;
/** How many bytes are taken before young garbage is collected, at the least: less than a cache holds. */
const YOUNG_BUDGET = 16 * 2 ** 20;

const isDear = (start: number, end: number, before: number): boolean => end - start > SHARE * (end - before);

export class Heap {
  readonly #buffer: ArrayBufferLike;
  readonly #blocks: Blocks;
  readonly #options: HeapOptions;
  /** By address. */
  readonly #taken = new Map<number, Taken>();
  /** Where the collector cannot be asked: told of what it found, after the running code. */
  readonly #registry: FinalizationRegistry<Taken> | null;
  #budget: number;
  /** Bytes taken since garbage was collected: all of it, or the young. */
  #spent = 0;
  #spentYoung = 0;
  #collectedAt = performance.now();
  #youngBudget = YOUNG_BUDGET;
  #youngCollectedAt = performance.now();

  constructor(buffer: ArrayBufferLike, options: HeapOptions) {
    this.#buffer = buffer;
    this.#options = options;
    this.#blocks = new Blocks(options.start, options.end);
    this.#budget = options.budget;
    this.#registry = options.collector ? null : new FinalizationRegistry((taken) => this.#giveBack(taken));
  }

  /** An array in memory of its own, with whatever was there before; null if there is no room. */
  allocate<T extends ArrayBufferView>(type: ArrayType<T>, length: number, bytes: number): T | null {
    this.#spent += bytes;
    this.#spentYoung += bytes;
    if (this.#spentYoung > this.#youngBudget) this.#reclaimYoung();
    if (this.#spent > this.#budget || this.#options.poison?.()) this.reclaim();
    let block = this.#blocks.take(bytes);
    if (!block && this.#spent > this.#budget / 4) {
      this.reclaim();
      block = this.#blocks.take(bytes);
    }
    if (!block) return null;
    this.#spoil(block);
    const array = new type(this.#buffer, block.address, length);
    const taken = { block, array: new WeakRef(array) };
    this.#taken.set(block.address, taken);
    this.#registry?.register(array, taken);
    return array;
  }

  /** Gives back the memory of an array of this heap that nobody will use any more. */
  release({ byteOffset }: ArrayBufferView): void {
    const taken = this.#taken.get(byteOffset);
    if (!taken) return;
    this.#spent -= taken.block.bytes;
    this.#spentYoung -= taken.block.bytes;
    this.#giveBack(taken);
  }

  /** Gives back the memory of all arrays that can no longer be reached. */
  reclaim(): void {
    const { collector, budget, start: first, end: last } = this.#options;
    if (!collector) {
      permitted(() => new ArrayBuffer(this.#spent)); // nobody keeps it: a reason for the collector to run soon
      this.#spent = 0;
      return;
    }
    const start = performance.now();
    collector.all();
    this.#sweep();
    const end = performance.now();
    const dearer = isDear(start, end, this.#collectedAt) ? Math.min(2 * this.#budget, LARGEST_BUDGET) : 0;
    this.#budget = Math.min(Math.max(budget, this.#blocks.taken, dearer), (last - first) / 2);
    this.#spent = 0;
    this.#spentYoung = 0;
    this.#collectedAt = end;
  }

  /** What it finds is not spent. */
  #reclaimYoung(): void {
    this.#spentYoung = 0;
    if (!this.#options.collector?.young) return;
    const start = performance.now();
    this.#options.collector.young();
    this.#spent -= this.#sweep();
    const end = performance.now();
    this.#youngBudget = isDear(start, end, this.#youngCollectedAt) ? 2 * this.#youngBudget : YOUNG_BUDGET;
    this.#youngCollectedAt = end;
  }

  /** Gives back what can no longer be reached. @returns how many bytes */
  #sweep(): number {
    const before = this.#blocks.taken;
    for (const taken of this.#taken.values()) if (!taken.array.deref()) this.#giveBack(taken);
    return before - this.#blocks.taken;
  }

  #giveBack(taken: Taken): void {
    const { block } = taken;
    if (this.#taken.get(block.address) !== taken) return; // given back before
    this.#spoil(block);
    this.#taken.delete(block.address);
    this.#blocks.give(block);
  }

  /** Fills with NaN what holds nobody's elements. */
  #spoil({ address, bytes }: Block): void {
    if (this.#options.poison) new Uint8Array(this.#buffer, address, bytes).fill(0xff);
  }
}
