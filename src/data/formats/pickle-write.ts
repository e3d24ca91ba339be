/** Writing pickles, as pickle.ts reads them. What is there twice is written once, so that it stays one. */
import { check } from "../../tensor/check.ts";

/** The instructions that make a pickle, one after the other. */
export class Pickle {
  #bytes = Buffer.alloc(256);
  #length = 0;
  /** The number under which a value was noted. */
  readonly #memo = new Map<unknown, number>();

  constructor() {
    this.op("\x80").uint8(2); // protocol
  }

  /** How it ends: with one value. */
  finish(): Uint8Array {
    this.op(".");
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where so many bytes more are to be written. */
  #skip(length: number): number {
    const begin = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return begin;
  }

  op(character: string): this {
    return this.uint8(character.charCodeAt(0));
  }

  uint8(value: number): this {
    const at = this.#skip(1);
    this.#bytes[at] = value;
    return this;
  }

  #uint32(value: number): this {
    const at = this.#skip(4);
    this.#bytes.writeUInt32LE(value, at);
    return this;
  }

  /** A whole number that a Python int holds is one, any other number is a float. */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.op("G");
      const at = this.#skip(8);
      this.#bytes.writeDoubleBE(value, at);
      return this;
    }
    if (value >= 0 && value < 256) return this.op("K").uint8(value);
    return value === (value | 0) ? this.op("J").#uint32(value >>> 0) : this.whole(BigInt(value));
  }

  /** In two's complement, the lowest byte first. */
  whole(value: bigint): this {
    const bytes: number[] = [];
    let rest = value;
    for (let isWhole = false; !isWhole; rest >>= 8n) {
      bytes.push(Number(rest & 255n));
      isWhole = BigInt.asIntN(8, rest) === rest;
    }
    if (bytes.length < 256) this.op("\x8a").uint8(bytes.length);
    else this.op("\x8b").#uint32(bytes.length);
    const at = this.#skip(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** @throws if it is no whole text: it has half of a character that takes two */
  text(value: string): this {
    check(!/\p{Surrogate}/u.test(value), () => `the text ${JSON.stringify(value.slice(0, 60))} is not Unicode`);
    const bytes = Buffer.from(value);
    this.op("X").#uint32(bytes.length);
    const at = this.#skip(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** A name of Python's: `collections.OrderedDict` is of the module `collections`. */
  named(module: string, name: string): this {
    const bytes = Buffer.from(`c${module}\n${name}\n`);
    const at = this.#skip(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Notes that the value is what was written last. */
  note(value: unknown): void {
    const index = this.#memo.size;
    this.#memo.set(value, index);
    if (index < 256) this.op("q").uint8(index);
    else this.op("r").#uint32(index);
  }

  /** Writes what was noted for the value, if something was. */
  again(value: unknown): boolean {
    const index = this.#memo.get(value);
    if (index === undefined) return false;
    if (index < 256) this.op("h").uint8(index);
    else this.op("j").#uint32(index);
    return true;
  }
}
