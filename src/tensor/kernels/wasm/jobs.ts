/**
 * Jobs: calls of kernels. Operands lie in memory, or are copied there; what jobs need besides has a place there too.
 * Read next: queue.ts, which does them.
 */
import type { TypedArray } from "../../dtype.ts";
import { isInMemory, STAGE_END, STAGE_START } from "../../memory/memory.ts";
import { isPending, settle } from "../../memory/pending.ts";
import { isPoisoned } from "../../memory/poison.ts";
import type { Compiled } from "./module.ts";
import { Queue, type Words } from "./queue.ts";

/** Where zeros are, a line of the cache. */
export const ZEROS = 2048;
/** For fewer elements a plain loop is faster than a job. */
export const LARGE = 256;
/** Where operands that are elsewhere are copied to; before that is what jobs need besides. */
const COPIES = STAGE_START + (3 / 4) * (STAGE_END - STAGE_START);
/** How much jobs may need besides their operands. */
export const STAGE_BYTES = COPIES - STAGE_START;
/** How much of a job's operands may be elsewhere; with as much again for vectors that are not asked about. */
const MOST_COPIED = (STAGE_END - COPIES) / 2;

/** A number of float64 as two words, for a job that begins with it. */
export const doubleWords = (value: number): number[] => [...new Int32Array(Float64Array.of(value).buffer)];

export class Jobs {
  /** Rows of a tile of a product, which depend on how wide the machine's vectors are. */
  readonly rowsOfTile: number;
  readonly #queue: Queue;
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Uint8Array;
  #stageTop = STAGE_START;
  #copyTop = COPIES;
  /** Results that are to be copied back. */
  #elsewhere: [address: number, array: TypedArray][] = [];

  constructor({ module, isWide }: Compiled, memory: WebAssembly.Memory) {
    this.rowsOfTile = isWide ? 6 : 4;
    this.#queue = new Queue(module, memory);
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** How many threads take blocks of jobs. */
  get threads(): number {
    return this.#queue.threads;
  }

  set threads(count: number) {
    this.#queue.threads = count;
  }

  /** Whether all are in memory, or small enough to be copied there. */
  canReach(...arrays: readonly TypedArray[]): boolean {
    let elsewhere = 0;
    for (const array of arrays) if (!isInMemory(array)) elsewhere += array.byteLength;
    return elsewhere <= MOST_COPIED;
  }

  /** Whether all are float32, and can be reached. */
  takes(...arrays: readonly TypedArray[]): boolean {
    return arrays.every((array) => array instanceof Float32Array) && this.canReach(...arrays);
  }

  /** The address of x[i]; what is elsewhere is copied into memory. */
  input(x: TypedArray, i = 0): number {
    return (isInMemory(x) ? x.byteOffset : this.#copy(x)) + i * x.BYTES_PER_ELEMENT;
  }

  /** The same for a result, which is copied back when its jobs are done. */
  output(y: TypedArray, i = 0): number {
    if (isInMemory(y)) return y.byteOffset + i * y.BYTES_PER_ELEMENT;
    const address = this.#copy(y);
    this.#elsewhere.push([address, y]);
    return address + i * y.BYTES_PER_ELEMENT;
  }

  #copy(x: TypedArray): number {
    const address = this.#copyTop;
    this.#copyTop = this.#endOf(address, x.byteLength, STAGE_END);
    this.#bytes.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength), address);
    return address;
  }

  /** Memory until `finish`, for jobs to write and jobs to read. */
  stage(bytes: number): number {
    const address = this.#stageTop;
    this.#stageTop = this.#endOf(address, bytes, COPIES);
    if (isPoisoned && !isPending()) this.#bytes.fill(0xff, address, this.#stageTop);
    return address;
  }

  /** Does `count` elements, rows or tiles, in blocks of `atLeast` so many. */
  run(name: string, count: number, atLeast: number, words: Words, floats: Words = []): void {
    this.#queue.run(name, count, atLeast, words, floats);
  }

  /** x[i], for JavaScript to read: the jobs that write it are done. */
  element(x: TypedArray, i: number): number {
    if (isInMemory(x)) settle();
    return x[i];
  }

  /** A copy of so many int32 that jobs have staged. */
  ints(address: number, count: number): Int32Array {
    settle();
    return new Int32Array(this.#memory.buffer, address, count).slice();
  }

  /** A copy of so many float64 that jobs have staged. */
  doubles(address: number, count: number): Float64Array {
    settle();
    return new Float64Array(this.#memory.buffer, address, count).slice();
  }

  /** After the last job of an operation: the next may stage where it did. Results that are elsewhere are there now. */
  finish(): void {
    if (this.#elsewhere.length > 0 || this.#copyTop > COPIES + MOST_COPIED / 2) settle();
    for (const [address, array] of this.#elsewhere) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      bytes.set(this.#bytes.subarray(address, address + array.byteLength));
    }
    this.#clear();
  }

  #clear(): void {
    this.#stageTop = STAGE_START;
    this.#elsewhere.length = 0;
    if (!isPending()) this.#copyTop = COPIES;
  }

  /** Where a place of so many bytes ends, and the next begins. */
  #endOf(address: number, bytes: number, limit: number): number {
    const end = address + Math.ceil(bytes / 64) * 64 + 64;
    if (end <= limit) return end;
    settle();
    this.#clear();
    throw new RangeError("out of staging memory");
  }
}
