/**
 * Which parts of a range of addresses are in use: two-level segregated fit (Masmano, Ripoll, Crespo & Real 2004). Free blocks
 * lie in bins by size, eight bins to each doubling; what is taken is cut from the smallest bin that surely fits, and what
 * is given back joins the free blocks on either side of it. Both take about the same short time in any state. Of the blocks in
 * a bin the latest is taken: it is most likely still in the cache.
 */

/** Sizes are whole numbers of these bytes, a line of the cache: a vector at a block's end may reach past what it holds. */
const GRAIN = 64;
/** Bins to each doubling of the size. */
const STEPS = 8;

export interface Block {
  readonly address: number;
  bytes: number;
  isFree: boolean;
  /** The neighbours in memory. */
  before: Block | null;
  after: Block | null;
  /** While it is free, the neighbours in its bin. */
  newer: Block | null;
  older: Block | null;
}

/** The bin of the blocks of `bytes` up to, not including, the next bin's first. */
function binOf(bytes: number): number {
  const grains = bytes / GRAIN;
  if (grains < STEPS) return grains;
  const doublings = Math.floor(Math.log2(grains));
  return (doublings - 2) * STEPS + Math.floor((grains / 2 ** doublings - 1) * STEPS);
}

export class Blocks {
  /** The latest free block of each bin. */
  readonly #bins: (Block | null)[];
  /** Bytes that are taken. */
  taken = 0;

  /** All from `start` up to `end` is free; `start` is a multiple of 64. */
  constructor(start: number, end: number) {
    const bytes = Math.floor((end - start) / GRAIN) * GRAIN;
    this.#bins = Array.from({ length: binOf(bytes) + 1 }, () => null);
    this.#put({ address: start, bytes, isFree: true, before: null, after: null, newer: null, older: null });
  }

  /** A block of at least so many bytes, or null if none is left that surely fits. */
  take(bytes: number): Block | null {
    const wanted = Math.max(1, Math.ceil(bytes / GRAIN)) * GRAIN;
    const block = this.#smallestThatFits(wanted);
    if (!block) return null;
    this.#remove(block);
    const rest = block.bytes - wanted;
    if (rest > 0) {
      block.bytes = wanted;
      const { address, after } = block;
      const free = {
        address: address + wanted,
        bytes: rest,
        isFree: true,
        before: block,
        after,
        newer: null,
        older: null,
      };
      if (after) after.before = free;
      block.after = free;
      this.#put(free);
    }
    this.taken += wanted;
    return block;
  }

  /** Gives a block back; it must not be used any more. */
  give(block: Block): void {
    this.taken -= block.bytes;
    const { before, after } = block;
    if (after?.isFree) this.#join(block, after);
    if (before?.isFree) this.#put(this.#join(before, block));
    else this.#put(block);
  }

  #smallestThatFits(bytes: number): Block | undefined {
    // The latest of its own bin may be a little too small; all of the next bins are large enough.
    for (let bin = binOf(bytes); bin < this.#bins.length; bin++) {
      const block = this.#bins[bin];
      if (block && block.bytes >= bytes) return block;
    }
    return undefined;
  }

  /** `left` becomes as long as both. Neither is in a bin afterwards. */
  #join(left: Block, right: Block): Block {
    for (const block of [left, right]) if (block.isFree) this.#remove(block);
    left.bytes += right.bytes;
    left.after = right.after;
    if (right.after) right.after.before = left;
    return left;
  }

  #put(block: Block): void {
    const bin = binOf(block.bytes);
    const older = this.#bins[bin];
    block.isFree = true;
    block.newer = null;
    block.older = older;
    if (older) older.newer = block;
    this.#bins[bin] = block;
  }

  #remove(block: Block): void {
    const { newer, older } = block;
    block.isFree = false;
    if (newer) newer.older = older;
    else this.#bins[binOf(block.bytes)] = older;
    if (older) older.newer = newer;
  }
}
