/** How the sums of ../assembly/sums.ts are asked for. */
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";

/** What is summed; see ../assembly/sums.ts. */
type Term = "elements" | "deviations" | "squares";

/** Elements of a row that are summed by themselves, so that a long row has work for several threads. */
const PART = 16_384;
/** Columns of a strip, as in ../assembly/sums.ts. */
export const STRIP = 64;
/** Elements of a block. */
const BLOCK = 16_384;

/** Whether there is room for so many sums. */
export const fitSums = (count: number): boolean => 16 * count <= STAGE_BYTES / 3;

/** Sums over the middle one of three dimensions. */
export type Sizes = readonly [outer: number, n: number, inner: number];

/** Float64 in memory: of each so many neighbours is a total to be made. */
export interface Sums {
  readonly address: number;
  readonly count: number;
  readonly parts: number;
}

/** @param x the address of the elements @param shifts the address of a number for each sum, if the term has one */
export function stageSums(jobs: Jobs, term: Term, [outer, n, inner]: Sizes, x: number, shifts = ZEROS): Sums {
  if (inner > 1) {
    const address = jobs.stage(8 * outer * inner);
    const strips = outer * Math.ceil(inner / STRIP);
    const grain = Math.ceil(BLOCK / (n * Math.min(inner, STRIP)));
    jobs.run(`${term}OfColumns`, strips, grain, [n, inner, x, shifts, address]);
    return { address, count: outer * inner, parts: 1 };
  }
  const parts = Math.ceil(n / PART);
  const address = jobs.stage(8 * outer * parts);
  jobs.run(`${term}OfRows`, outer * parts, Math.ceil(BLOCK / Math.min(n, PART)), [n, x, shifts, PART, address]);
  return { address, count: outer, parts };
}

/** out = base + total / divisor for each total, float32 at an address; without a base if that is 0. */
export function stageTotals(jobs: Jobs, { address, count, parts }: Sums, out: number, divisor = 1, base = 0): void {
  jobs.run("totals", count, count, [parts, address, divisor, base, out]);
}

/** out = √(total / divisor) */
export function stageRoots(jobs: Jobs, { address, count, parts }: Sums, out: number, divisor: number): void {
  jobs.run("rootsOfTotals", count, count, [parts, address, divisor, 0, out]);
}
