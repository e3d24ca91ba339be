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
  const halvings = Math.clz32(STEPS) - Math.clz32(grains); // that leave STEPS grains, or up to twice as many
  return halvings * STEPS + (grains >>> halvings);
}

export class Blocks {
  /** The latest free block of each bin. */
  readonly #bins: (Block | null)[];
  /** A bit for each bin that has one. */
  readonly #filled: Int32Array;
  /** Bytes that are taken. */
  taken = 0;

  /** All from `start` up to `end` is free; `start` is a multiple of 64. */
  constructor(start: number, end: number) {
    const bytes = Math.floor((end - start) / GRAIN) * GRAIN;
    this.#bins = Array.from({ length: binOf(bytes) + 1 }, () => null);
    this.#filled = new Int32Array(Math.ceil(this.#bins.length / 32));
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

  #smallestThatFits(bytes: number): Block | null {
    const bin = binOf(bytes);
    const latest = this.#bins[bin];
    if (latest && latest.bytes >= bytes) return latest; // it may be a little too small; all of the next bins are large enough
    return this.#bins[this.#firstFilled(bin + 1)] ?? null;
  }

  /** The first bin from this one on that has a block, 32 at a look; else the number of a bin that is not there. */
  #firstFilled(bin: number): number {
    let seen = -1 << bin; // a shift counts modulo 32
    for (let word = bin >> 5; word < this.#filled.length; word++) {
      const bits = this.#filled[word] & seen;
      if (bits !== 0) return 32 * word + 31 - Math.clz32(bits & -bits);
      seen = -1;
    }
    return this.#bins.length;
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
    this.#filled[bin >> 5] |= 1 << bin;
  }

  #remove(block: Block): void {
    const { newer, older } = block;
    const bin = binOf(block.bytes);
    block.isFree = false;
    if (newer) newer.older = older;
    else this.#bins[bin] = older;
    if (older) older.newer = newer;
    if (!newer && !older) this.#filled[bin >> 5] &= ~(1 << bin);
  }
}
