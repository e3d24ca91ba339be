/**
 * The memory that compiled kernels work in. Tensors stay on the JavaScript heap, where the garbage collector owns them: a
 * kernel's operands are copied in here and its result out again, which takes a few per cent of the time it saves.
 */

import type { TypedArray } from "../../dtype.ts";
import { type Functions, ModuleBuilder } from "./assembler.ts";

const PAGE = 65_536;
/** 64 MiB, which three 2048 x 2048 matrices fit into. */
const MOST_PAGES = 1024;

/** How many bytes a kernel may ask for. */
export const CAPACITY = MOST_PAGES * PAGE;

/** A memory, and the functions of a module that work in it. One kernel at a time has all of it, from address 0 on. */
export class Scratch<Functions = unknown> {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
  /** The memory as float32, float64 and bytes; anew whenever it grows. */
  floats!: Float32Array<ArrayBufferLike>;
  doubles!: Float64Array<ArrayBufferLike>;
  bytes!: Uint8Array<ArrayBufferLike>;

  /** @param shared whether threads share the memory */
  constructor(bytes: Uint8Array<ArrayBuffer>, shared: boolean) {
    this.module = new WebAssembly.Module(bytes);
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared });
    const { exports } = new WebAssembly.Instance(this.module, { host: { memory: this.memory } });
    this.functions = exports as Functions;
    this.#look();
  }

  /** Grows to at least so many bytes. */
  reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    this.memory.grow(Math.ceil(missing / PAGE));
    this.#look();
  }

  #look(): void {
    this.floats = new Float32Array(this.memory.buffer);
    this.doubles = new Float64Array(this.memory.buffer);
    this.bytes = new Uint8Array(this.memory.buffer);
  }
}

/** A memory with the functions that `define` adds to a module; `shared` for threads. */
export function scratchWith<Calls extends Record<string, (...args: never[]) => unknown>>(
  define: (module: ModuleBuilder) => Calls,
  shared = false,
): Scratch<Functions<Calls>> {
  const builder = new ModuleBuilder();
  return new Scratch(builder.toBytes(define(builder), { maximum: MOST_PAGES, shared }), shared);
}

/**
 * How long arrays pass through: in chunks that stay in the second-level cache, operands in slots A and B, the result from
 * slot OUT. Kernels work on whole vectors: what they compute past a chunk's end is not read.
 */

/** How many elements a slot holds. */
export const CHUNK = 16_384;
/** For fewer elements, copies and calls take longer than a plain loop. */
export const WORTHWHILE = 1024;
/** The same for the multiply-adds of products. */
export const WORTHWHILE_PRODUCT = 8192;

/** From one slot to the next, with room for what is computed past the end. */
const SLOT = CHUNK + 16;
/** Where the slots are, in elements of float32. */
export const [A, B, OUT] = [0, SLOT, 2 * SLOT];
/** Slots of values that hold for all rows of a matrix, one for each column. */
export const VALUES = [3, 4, 5, 6].map((slot) => slot * SLOT);
/** Where sums are, one for each column, in elements of float64. */
export const SUMS = (7 * SLOT) / 2;

export const isFloat32 = (data: TypedArray): data is Float32Array => data instanceof Float32Array;

/** Copies x[i], x[i + di], … to a slot, where di is 1 or 0. */
export function load({ floats }: Scratch, slot: number, x: TypedArray, i: number, di: number, count: number): void {
  if (di === 0) floats.fill(x[i], slot, slot + count);
  else floats.set(x.subarray(i, i + count), slot);
}

/** Copies the result to out[o], out[o + 1], … */
export function store({ floats }: Scratch, out: TypedArray, o: number, count: number): void {
  out.set(floats.subarray(OUT, OUT + count), o);
}

/** Calls `run` for each chunk of n elements. */
export function inChunks(n: number, run: (start: number, count: number) => void, chunk = CHUNK): void {
  for (let start = 0; start < n; start += chunk) run(start, Math.min(chunk, n - start));
}

/** Calls `run` for chunks of whole rows of a matrix with so many columns. */
export function inRowChunks(rows: number, columns: number, run: (start: number, rows: number) => void): void {
  inChunks(rows, run, Math.floor(CHUNK / columns));
}
