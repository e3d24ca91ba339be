/** How the sums of ../assembly/sums.ts are asked for. */
import type { TypedArray } from "../../dtype.ts";
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";

/** What is summed; see ../assembly/sums.ts. The last is two sums. */
export type Term = "elements" | "deviations" | "squares" | "sumsAndDots";

/** Elements of a row that are summed by themselves, so that a long row has work for several threads. */
const PART = 16_384;
/** Columns of a strip, as in ../assembly/sums.ts. */
const STRIP = 64;
/** Elements of a block. */
const BLOCK = 16_384;

/** Whether there is room for so many sums. */
export const fitSums = (count: number): boolean => 16 * count <= STAGE_BYTES / 4;

/** The sums of each row of n elements, of each kind; row r is of channel r mod the number of shifts. */
export function sumsOfRows(
  jobs: Jobs,
  term: Term,
  rows: number,
  n: number,
  a: TypedArray,
  b: TypedArray = a,
  shifts: Float32Array | null = null,
): Float64Array[] {
  const parts = Math.ceil(n / PART);
  const [sums, dots] = [0, 1].map(() => jobs.stage(8 * rows * parts));
  const ofShifts = [shifts ? jobs.input(shifts) : ZEROS, shifts?.length ?? 1];
  const words = [n, jobs.input(a), jobs.input(b), ...ofShifts, PART, sums, dots];
  jobs.run(`${term}OfRows`, rows * parts, Math.ceil(BLOCK / Math.min(n, PART)), words);
  const found = term === "sumsAndDots" ? [sums, dots] : [sums];
  const totals = found.map((at) => sumsOfParts(jobs.doubles(at, rows * parts), parts));
  jobs.finish();
  return totals;
}

/** The sum of each so many neighbours. */
function sumsOfParts(sums: Float64Array, parts: number): Float64Array {
  if (parts === 1) return sums;
  const totals = new Float64Array(sums.length / parts);
  for (let p = 0; p < sums.length; p++) totals[Math.floor(p / parts)] += sums[p];
  return totals;
}

/** The sums of each column, of each kind, of so many matrices (rows, columns) one after another. */
export function sumsOfColumns(
  jobs: Jobs,
  term: Term,
  [matrices, rows, columns]: readonly [number, number, number],
  a: TypedArray,
  b: TypedArray = a,
  shifts: Float32Array | null = null,
): Float64Array[] {
  const [sums, dots] = [0, 1].map(() => jobs.stage(8 * matrices * columns));
  const zeros = shifts ?? new Float32Array(columns);
  const words = [rows, columns, jobs.input(a), jobs.input(b), jobs.input(zeros), sums, dots];
  const strips = matrices * Math.ceil(columns / STRIP);
  jobs.run(`${term}OfColumns`, strips, Math.ceil(BLOCK / (rows * Math.min(columns, STRIP))), words);
  const found = term === "sumsAndDots" ? [sums, dots] : [sums];
  const totals = found.map((at) => jobs.doubles(at, matrices * columns));
  jobs.finish();
  return totals;
}
