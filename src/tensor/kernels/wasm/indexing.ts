/** Reading and adding at positions, and where the largest elements are, of float32. The rest goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import type * as indexing from "../indexing.ts";
import type * as reduction from "../reduction.ts";
import type { ReductionKernel } from "../reduction.ts";
import { type Jobs, LARGE } from "./jobs.ts";

/** Elements of a block. */
const BLOCK = 16_384;
/** Into how many blocks rows to be added to fall, at the most. */
const BLOCKS = 8;
/** Columns of a group, as in ../assembly/positions.ts. */
const GROUP = 16;
/** Elements of a row in which an extreme one is looked for by itself, so that a long row has work for several threads. */
const PART = 16_384;

const isInt32 = (data: TypedArray): data is Int32Array => data instanceof Int32Array;

export function indexingKernels(jobs: Jobs, plain: typeof indexing & typeof reduction) {
  const take: typeof indexing.take = (out, x, positions) => {
    const count = positions.length;
    if (count < LARGE || !jobs.takes(out, x) || !isInt32(positions) || !jobs.canReach(positions))
      return plain.take(out, x, positions);
    jobs.run("take", count, BLOCK, [jobs.output(out), jobs.input(x), jobs.input(positions)]);
    jobs.finish();
  };

  const putAdd: typeof indexing.putAdd = (out, x, positions) => {
    const count = positions.length;
    if (count < LARGE || !jobs.takes(out, x) || !isInt32(positions) || !jobs.canReach(positions))
      return plain.putAdd(out, x, positions);
    jobs.run("putAdd", count, count, [jobs.output(out), jobs.input(x), jobs.input(positions)]);
    jobs.finish();
  };

  const extremum =
    (name: string, otherwise: ReductionKernel, beats: (a: number, b: number) => boolean): ReductionKernel =>
    (out, x, outer, n, inner) => {
      if (outer * n * inner < LARGE || n === 0 || !jobs.takes(x) || !isInt32(out) || !jobs.canReach(out))
        return otherwise(out, x, outer, n, inner);
      if (inner > 1) {
        const groups = outer * Math.ceil(inner / GROUP);
        const words = [n, inner, jobs.output(out), jobs.input(x), n];
        jobs.run(`${name}OfColumns`, groups, Math.ceil(BLOCK / (GROUP * n)), words);
      } else if (n <= PART) {
        jobs.run(`${name}OfRows`, outer, Math.ceil(BLOCK / n), [n, inner, jobs.output(out), jobs.input(x), PART]);
      } else {
        const parts = Math.ceil(n / PART);
        const found = jobs.stage(4 * outer * parts);
        jobs.run(`${name}OfRows`, outer * parts, 1, [n, inner, found, jobs.input(x), PART]);
        const positions = jobs.ints(found, outer * parts);
        for (let row = 0; row < outer; row++) {
          const [start, end] = [row * parts, (row + 1) * parts];
          out[row] = positions.subarray(start, end).reduce((best, position) => {
            const [a, b] = [x[row * n + position], x[row * n + best]];
            return !Number.isNaN(b) && (Number.isNaN(a) || beats(a, b)) ? position : best;
          });
        }
      }
      jobs.finish();
    };

  const takeRows: typeof indexing.takeRows = (out, x, rows, width) => {
    if (out.length < LARGE || !jobs.takes(out, x) || !isInt32(rows) || !jobs.canReach(rows))
      return plain.takeRows(out, x, rows, width);
    const words = [width, jobs.output(out), jobs.input(x), jobs.input(rows), rows.length];
    jobs.run("takeRows", rows.length, Math.ceil(BLOCK / width), words);
    jobs.finish();
  };

  /** By rows of the result, so that what comes twice is added in order. Each block looks at all the numbers of rows. */
  const addRows: typeof indexing.addRows = (out, x, rows, width) => {
    if (out.length < LARGE || !jobs.takes(out, x) || !isInt32(rows) || !jobs.canReach(rows))
      return plain.addRows(out, x, rows, width);
    const count = out.length / width;
    const words = [width, jobs.output(out), jobs.input(x), jobs.input(rows), rows.length];
    jobs.run("addRows", count, Math.max(Math.ceil(BLOCK / width), Math.ceil(count / BLOCKS)), words);
    jobs.finish();
  };

  return {
    take,
    putAdd,
    takeRows,
    addRows,
    argmax: extremum("largest", plain.argmax, (a, b) => a > b),
    argmin: extremum("smallest", plain.argmin, (a, b) => a < b),
  };
}
