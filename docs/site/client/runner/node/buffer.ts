/** What the engine uses of Node's Buffer: bytes that are read and written as numbers and texts. */

type Encoding = "utf8" | "utf-8" | "latin1" | "hex";

export const constants = { MAX_LENGTH: 2 ** 31 };
export const kMaxLength = constants.MAX_LENGTH;

function bytesOf(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "latin1") return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  if (encoding === "hex") return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return new TextEncoder().encode(text);
}

/** What a browser does not isolate knows no SharedArrayBuffer. */
const isMemory = (source: unknown): source is ArrayBufferLike =>
  /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(source));

export class Buffer extends Uint8Array {
  static alloc(size: number, fill: string | number = 0): Buffer {
    return new Buffer(size).fill(typeof fill === "string" ? fill.charCodeAt(0) : fill);
  }

  /** A text or numbers as bytes; or the bytes of an ArrayBuffer, of which it is a view. */
  static override from(
    source: string | ArrayLike<number> | Iterable<number> | ArrayBufferLike,
    how?: unknown,
    length?: number,
  ): Buffer {
    if (typeof source === "string") return Buffer.from(bytesOf(source, (how as Encoding) ?? "utf8"));
    if (isMemory(source)) return new Buffer(source as ArrayBuffer, how as number | undefined, length);
    const bytes = Uint8Array.from(source as ArrayLike<number>);
    return new Buffer(bytes.buffer);
  }

  static concat(parts: readonly Uint8Array[]): Buffer {
    const whole = Buffer.alloc(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  static compare(a: Uint8Array, b: Uint8Array): number {
    const at = a.findIndex((byte, i) => byte !== b[i]);
    return at < 0 ? Math.sign(a.length - b.length) : Math.sign(a[at] - (b[at] ?? -1));
  }

  override toString(encoding: Encoding = "utf8", start = 0, end = this.length): string {
    const bytes = new Uint8Array(this.buffer, this.byteOffset, this.length).slice(start, end); // not shared
    if (encoding === "latin1") return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    if (encoding === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return new TextDecoder().decode(bytes);
  }

  write(text: string, at: number | Encoding = 0, encoding: Encoding = "utf8"): number {
    const bytes = bytesOf(text, typeof at === "string" ? at : encoding);
    this.set(bytes, typeof at === "string" ? 0 : at);
    return bytes.length;
  }

  get #view(): DataView {
    return new DataView(this.buffer, this.byteOffset, this.byteLength);
  }

  readUInt32BE(at = 0): number {
    return this.#view.getUint32(at);
  }
  readInt32BE(at = 0): number {
    return this.#view.getInt32(at);
  }
  readUInt16BE(at = 0): number {
    return this.#view.getUint16(at);
  }
  writeUInt32LE(value: number, at = 0): number {
    this.#view.setUint32(at, value, true);
    return at + 4;
  }
  writeUInt16LE(value: number, at = 0): number {
    this.#view.setUint16(at, value, true);
    return at + 2;
  }
  writeInt16LE(value: number, at = 0): number {
    this.#view.setInt16(at, value, true);
    return at + 2;
  }
  writeDoubleBE(value: number, at = 0): number {
    this.#view.setFloat64(at, value);
    return at + 8;
  }
  writeBigUInt64LE(value: bigint, at = 0): number {
    this.#view.setBigUint64(at, value, true);
    return at + 8;
  }

  swap16(): this {
    return this.#swap(2);
  }
  swap32(): this {
    return this.#swap(4);
  }
  swap64(): this {
    return this.#swap(8);
  }
  #swap(width: number): this {
    for (let at = 0; at < this.length; at += width) this.subarray(at, at + width).reverse();
    return this;
  }
}
