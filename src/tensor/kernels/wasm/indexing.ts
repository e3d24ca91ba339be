/** Reading and adding at positions, and where the largest elements are, of float32. The rest goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import { LARGE } from "../../memory/memory.ts";
import * as indexing from "../indexing.ts";
import * as pooling from "../pooling.ts";
import type { ReductionKernel } from "../reduction.ts";
import * as reduction from "../reduction.ts";
import type { Jobs } from "./jobs.ts";

/** Elements of a block. */
const BLOCK = 16_384;
/** Columns of a group, as in ../assembly/positions.ts. */
const GROUP = 16;
/** Elements of a row in which an extreme one is looked for by itself, so that a long row has work for several threads. */
const PART = 16_384;

const isInt32 = (data: TypedArray): data is Int32Array => data instanceof Int32Array;

export function indexingKernels(jobs: Jobs) {
  const take: typeof indexing.take = (out, x, positions) => {
    const count = positions.length;
    if (count < LARGE || !jobs.takes(out, x) || !isInt32(positions) || !jobs.canReach(positions))
      return indexing.take(out, x, positions);
    jobs.run("take", count, BLOCK, [jobs.output(out), jobs.input(x), jobs.input(positions)]);
    jobs.finish();
  };

  const putAdd: typeof indexing.putAdd = (out, x, positions) => {
    const count = positions.length;
    if (count < LARGE || !jobs.takes(out, x) || !isInt32(positions) || !jobs.canReach(positions))
      return indexing.putAdd(out, x, positions);
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

  /** Windows of 2 x 2 side by side, on images without an odd row that no window has. */
  const isUsual = ({ size, kernelSize, outSize, stride, padding, dilation }: pooling.PoolingShape): boolean =>
    size[0] === 2 * outSize[0] &&
    [...kernelSize, ...stride].every((length) => length === 2) &&
    [...padding, dilation[0] - 1, dilation[1] - 1].every((length) => length === 0);

  const maxPositions: typeof pooling.maxPositions = (positions, x, shape) => {
    if (!isUsual(shape) || x.length < LARGE || !jobs.takes(x) || !jobs.canReach(positions))
      return pooling.maxPositions(positions, x, shape);
    const [width, outputs] = [shape.size[1], shape.outSize[1]];
    const pairs = shape.images * shape.outSize[0];
    const words = [width, outputs, jobs.output(positions), jobs.input(x)];
    jobs.run("maxPositions", pairs, Math.ceil(BLOCK / (2 * width)), words);
    jobs.finish();
  };

  return {
    take,
    putAdd,
    argmax: extremum("largest", reduction.argmax, (a, b) => a > b),
    argmin: extremum("smallest", reduction.argmin, (a, b) => a < b),
    maxPositions,
  };
}
