/**
 * Typed arrays in one block of memory each. Users free nothing: a block is used again when its array can no longer be
 * reached, which the garbage collector is asked for from time to time; or at once, when the engine knows that nobody else
 * has the array.
 */
import { permitted } from "../host.ts";
import { Anchor, anchorOf, hang, type Taken } from "./anchor.ts";
import { type Block, Blocks } from "./blocks.ts";
import { Budget } from "./budget.ts";
import type { Collector } from "./collector.ts";
import { isPending, settle } from "./pending.ts";
import { survivorsOf } from "./survivors.ts";

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

const MEBI = 2 ** 20;
/** At the least: less than a cache holds. */
const YOUNG_BUDGET = 8 * MEBI;
/** What has outlived so many collections is garbage only to a collection of all. */
const OLD = 2;

export class Heap {
  readonly #buffer: ArrayBufferLike;
  readonly #blocks: Blocks;
  readonly #options: HeapOptions;
  /** What was taken lately, and the anchors of that. */
  #young = new Set<Taken>();
  #nursery = new WeakSet<Anchor>();
  readonly #old = new Map<Taken, WeakRef<Anchor>>();
  /** Where the collector cannot be asked: told of what it found, after the running code. */
  readonly #registry: FinalizationRegistry<Taken> | null;
  readonly #budget: Budget;
  #spoils = 0;
  readonly #youngBudget: Budget;

  constructor(buffer: ArrayBufferLike, options: HeapOptions) {
    const { start, end, budget, collector } = options;
    this.#buffer = buffer;
    this.#options = options;
    this.#blocks = new Blocks(start, end);
    this.#registry = collector ? null : new FinalizationRegistry((taken) => this.#giveBack(taken));
    this.#budget = new Budget(budget, (end - start) / 2);
    this.#youngBudget = new Budget(YOUNG_BUDGET, (end - start) / 2);
  }

  /** An array in memory of its own, with whatever was there before; null if there is no room. */
  allocate<T extends ArrayBufferView>(type: ArrayType<T>, length: number, bytes: number): T | null {
    if (bytes > this.#options.end - this.#options.start) return null;
    this.#spend(bytes);
    const isDue = this.#options.poison?.() ?? false;
    if (isDue || this.#youngBudget.share > 1 || this.#budget.share > 1) this.#reclaimYoung();
    if (isDue || this.#budget.share > 1) this.reclaim(); // what was spent has outlived that
    let block = this.#blocks.take(bytes);
    if (!block && this.#budget.share > 0.25) {
      this.reclaim();
      block = this.#blocks.take(bytes);
    }
    if (!block) return null;
    this.#spoil(block);
    return hang(this.#anchor({ block, age: 0 }), new type(this.#buffer, block.address, length));
  }

  #anchor(taken: Taken): Anchor {
    const anchor = new Anchor(taken);
    if (this.#options.collector?.young) {
      this.#young.add(taken);
      this.#nursery.add(anchor);
    } else {
      this.#old.set(taken, new WeakRef(anchor));
      this.#registry?.register(anchor, taken);
    }
    return anchor;
  }

  /** Gives back the memory of an array of this heap that nobody will use any more. */
  release(array: ArrayBufferView): void {
    const anchor = anchorOf(array);
    if (!anchor) return;
    const { bytes } = anchor.taken.block;
    if (this.#giveBack(anchor.taken)) this.#spend(-bytes);
  }

  #spend(bytes: number): void {
    this.#budget.spent += bytes;
    this.#youngBudget.spent += bytes;
  }

  /** Gives back the memory of all arrays that can no longer be reached. */
  reclaim(): void {
    const { collector } = this.#options;
    if (!collector) {
      permitted(() => new ArrayBuffer(this.#budget.spent)); // nobody keeps it: a reason for the collector to run soon
      this.#budget.spent = 0;
      return;
    }
    const start = performance.now();
    collector.all();
    this.#sweepYoung(OLD);
    for (const [taken, anchor] of this.#old) if (!anchor.deref()) this.#giveBack(taken);
    this.#budget.renew(start, this.#blocks.taken);
    this.#youngBudget.spent = 0;
  }

  #reclaimYoung(): void {
    const start = performance.now();
    const before = this.#blocks.taken;
    if (this.#options.collector?.young) {
      this.#options.collector.young();
      this.#sweepYoung(1);
    }
    this.#budget.spent -= before - this.#blocks.taken;
    this.#youngBudget.renew(start, this.#blocks.taken);
  }

  /** Gives back what can no longer be reached of what was taken lately; the rest is older by so many collections. */
  #sweepYoung(collections: number): void {
    const survivors = survivorsOf(this.#nursery);
    if (!survivors) return;
    const dead = this.#young;
    this.#young = new Set();
    this.#nursery = new WeakSet();
    for (const anchor of survivors) {
      const { taken } = anchor;
      if (!dead.delete(taken)) continue; // given back already
      taken.age += collections;
      if (taken.age < OLD) {
        this.#young.add(taken);
        this.#nursery.add(anchor);
      } else this.#old.set(taken, new WeakRef(anchor));
    }
    for (const { block } of dead) this.#free(block);
  }

  /** @returns false if it was given back before */
  #giveBack(taken: Taken): boolean {
    const isTaken = this.#young.delete(taken) || this.#old.delete(taken);
    if (isTaken) this.#free(taken.block);
    return isTaken;
  }

  #free(block: Block): void {
    this.#spoil(block);
    this.#blocks.give(block);
  }

  /** Fills with NaN what holds nobody's elements, unless kernels are to be left at work, half of the times that they are. */
  #spoil({ address, bytes }: Block): void {
    if (!this.#options.poison || (isPending() && this.#spoils++ % 2 === 0)) return;
    settle();
    new Uint8Array(this.#buffer, address, bytes).fill(0xff);
  }
}
