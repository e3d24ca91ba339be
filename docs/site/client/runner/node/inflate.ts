/**
 * Deflate unpacked, as RFC 1951 has it: a stream of bits in which a number under 256 is a byte, and a larger one a length that, with a
 * distance, says where the same bytes stood before. Both are written in codes that are shorter the more often they occur.
 */

/** A Huffman code: how many codes have each length, and the symbols in the order of their codes. */
interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const LONGEST = 15;

/** By the length of each symbol's code; 0 for those that do not occur. */
function codesOf(lengths: ArrayLike<number>): Codes {
  const counts = new Uint16Array(LONGEST + 1);
  for (let i = 0; i < lengths.length; i++) counts[lengths[i]]++;
  counts[0] = 0;
  const places = new Uint16Array(LONGEST + 2);
  for (let length = 1; length <= LONGEST; length++) places[length + 1] = places[length] + counts[length];
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) if (lengths[i]) symbols[places[lengths[i]]++] = i;
  return { counts, symbols };
}

const run = (length: number, value: number): number[] => new Array<number>(length).fill(value);
const fixedCodes = codesOf([...run(144, 8), ...run(112, 9), ...run(24, 7), ...run(8, 8)]);
const fixedDistances = codesOf(run(30, 5));

/** What lengths and distances begin with, and how many bits follow. */
const lengthBits = [...run(8, 0), ...[1, 2, 3, 4, 5].flatMap((bits) => run(4, bits)), 0];
const lengthStarts = [...starts(lengthBits.slice(0, 28), 3), 258];
const distanceBits = [0, 0, ...Array.from({ length: 28 }, (_, i) => i >> 1)];
const distanceStarts = starts(distanceBits, 1);

function starts(bits: readonly number[], first: number): number[] {
  let next = first;
  return bits.map((count) => {
    const start = next;
    next += 2 ** count;
    return start;
  });
}

/** The order in which the lengths of the codes of lengths are written. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

class Inflater {
  readonly #packed: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  #out = new Uint8Array(1 << 16);
  #length = 0;

  constructor(packed: Uint8Array, start: number) {
    this.#packed = packed;
    this.#at = start;
  }

  all(): Uint8Array {
    for (let isLast = false; !isLast; ) {
      isLast = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#coded(fixedCodes, fixedDistances);
      else if (kind === 2) this.#coded(...this.#ownCodes());
      else throw new Error("invalid block type");
    }
    return this.#out.subarray(0, this.#length);
  }

  #take(count: number): number {
    while (this.#count < count) {
      if (this.#at >= this.#packed.length) throw new Error("unexpected end of file");
      this.#bits |= this.#packed[this.#at++] << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  /** The next symbol: codes of each length are consecutive numbers, which begin where the shorter ones have stopped. */
  #symbol({ counts, symbols }: Codes): number {
    let [code, first, place] = [0, 0, 0];
    for (let length = 1; length <= LONGEST; length++) {
      code |= this.#take(1);
      if (code - first < counts[length]) return symbols[place + code - first];
      place += counts[length];
      first = (first + counts[length]) << 1;
      code <<= 1;
    }
    throw new Error("invalid code");
  }

  #room(more: number): void {
    if (this.#length + more <= this.#out.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#out);
    this.#out = larger;
  }

  /** Bytes as they are, from the next whole byte on. */
  #stored(): void {
    this.#bits = this.#count = 0;
    const length = this.#packed[this.#at] | (this.#packed[this.#at + 1] << 8);
    const from = this.#at + 4;
    if (from + length > this.#packed.length) throw new Error("unexpected end of file");
    this.#room(length);
    this.#out.set(this.#packed.subarray(from, from + length), this.#length);
    this.#length += length;
    this.#at = from + length;
  }

  #coded(codes: Codes, distances: Codes): void {
    for (;;) {
      const symbol = this.#symbol(codes);
      if (symbol === 256) return;
      this.#room(258);
      if (symbol < 256) this.#out[this.#length++] = symbol;
      else {
        const length = lengthStarts[symbol - 257] + this.#take(lengthBits[symbol - 257]);
        const place = this.#symbol(distances);
        const distance = distanceStarts[place] + this.#take(distanceBits[place]);
        if (distance > this.#length) throw new Error("invalid distance too far back");
        for (let i = 0; i < length; i++, this.#length++) this.#out[this.#length] = this.#out[this.#length - distance];
      }
    }
  }

  /** The codes of a block, which are written as the lengths of their codes, in a code of their own. */
  #ownCodes(): [Codes, Codes] {
    const [count, distances, orders] = [this.#take(5) + 257, this.#take(5) + 1, this.#take(4) + 4];
    const ofLengths = new Uint8Array(19);
    for (let i = 0; i < orders; i++) ofLengths[ORDER[i]] = this.#take(3);
    const codes = codesOf(ofLengths);
    const lengths: number[] = [];
    while (lengths.length < count + distances) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) lengths.push(...run(3 + this.#take(2), lengths.at(-1)!));
      else if (symbol === 17) lengths.push(...run(3 + this.#take(3), 0));
      else lengths.push(...run(11 + this.#take(7), 0));
    }
    return [codesOf(lengths.slice(0, count)), codesOf(lengths.slice(count))];
  }
}

/** @param start where the stream begins, after what a file has before it */
export const inflate = (packed: Uint8Array, start = 0): Uint8Array => new Inflater(packed, start).all();
