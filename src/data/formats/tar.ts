/**
 * Tar files: each file after a header of 512 bytes, filled up to a multiple of them. They are read part by part: the large ones do not
 * fit into memory. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
import { check } from "../../tensor/check.ts";

const BLOCK = 512;

/** Where a header has the name of its file, and how long these places are. */
const [NAME, SIZE, SUM, TYPE, MAGIC, PREFIX] = [
  [0, 100],
  [124, 12],
  [148, 8],
  [156, 1],
  [257, 5],
  [345, 155],
];

/** A file in a tar file. */
export interface TarFile {
  readonly name: string;
  readonly size: number;
  /** Its parts, until the next file is asked for. */
  readonly parts: AsyncIterable<Uint8Array>;
}

/** The files of a tar file, without its folders and links. @throws if it is cut off or no tar file */
export async function* tarFiles(parts: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = new Source(parts);
  for (;;) {
    const header = Buffer.concat(await all(source.take(BLOCK)));
    if (header.every((byte) => byte === 0)) return;
    check(octal(header, SUM) === sumOf(header), "it is damaged, or is no tar file");
    const size = octal(header, SIZE);
    const content = source.take(size);
    const isFile = ["0", "\0"].includes(String.fromCharCode(header[TYPE[0]]));
    if (isFile) yield { name: nameOf(header), size, parts: content };
    for await (const _ of content); // what was not asked for
    await all(source.take((BLOCK - (size % BLOCK)) % BLOCK));
  }
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

/** The bytes of all parts, as many at a time as are asked for. */
class Source {
  readonly #parts: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(parts: AsyncIterable<Uint8Array>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** The next so many bytes; whoever stops in the middle may go on. */
  take(size: number): AsyncIterable<Uint8Array> & AsyncIterator<Uint8Array> {
    let missing = size;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      if (missing === 0) return { done: true, value: undefined };
      if (this.#rest.length === 0) {
        const { done, value } = await this.#parts.next();
        check(!done, "it is cut off");
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      return { done: false, value: part };
    };
    const iterator = { next, [Symbol.asyncIterator]: () => iterator };
    return iterator;
  }
}

const text = (header: Buffer, [at, length]: readonly number[]): string => {
  const field = header.toString("latin1", at, at + length);
  return field.split("\0", 1)[0];
};

/** @throws unless it is a number in base 8 */
function octal(header: Buffer, place: readonly number[]): number {
  const digits = text(header, place).trim();
  check(/^[0-7]+$/.test(digits), "it is damaged, or is no tar file");
  return Number.parseInt(digits, 8);
}

/** The sum of a header's bytes, with blanks where it stands itself. */
const sumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, at) => sum + (at >= SUM[0] && at < SUM[0] + SUM[1] ? 32 : byte), 0);

function nameOf(header: Buffer): string {
  const prefix = text(header, MAGIC) === "ustar" ? text(header, PREFIX) : "";
  return (prefix ? `${prefix}/` : "") + text(header, NAME).replace(/^\.\//, "");
}
