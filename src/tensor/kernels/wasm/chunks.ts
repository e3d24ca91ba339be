/**
 * How long arrays pass through scratch memory: in chunks that stay in the second-level cache, operands in slots A and B,
 * the result from slot OUT. Kernels work on whole vectors: what they compute past a chunk's end is not read.
 */
import type { TypedArray } from "../../dtype.ts";
import type { Scratch } from "./scratch.ts";

/** How many elements a slot holds. */
export const CHUNK = 16_384;
/** For fewer elements, copies and calls take longer than a plain loop. */
export const WORTHWHILE = 1024;

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
