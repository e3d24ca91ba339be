/** Batch norm of float32 (N, C, L). What is small, or of another dtype, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import * as plain from "../batch-norm.ts";
import { isFloat32 } from "./float32.ts";
import { type Jobs, LARGE } from "./jobs.ts";
import { fitSums, sumsOfColumns, sumsOfRows, type Term } from "./sums.ts";

/** Elements of a block. */
const BLOCK = 16_384;

export function batchNormKernels(jobs: Jobs): typeof plain {
  const isFast = ([n, c, l]: plain.ChannelShape, ...arrays: TypedArray[]): boolean =>
    n * c * l >= LARGE && fitSums(l === 1 ? c : n * c) && jobs.takes(...arrays);

  /** The sums of a term, of each kind, for each channel. */
  function channelSums(
    term: Term,
    [n, c, l]: plain.ChannelShape,
    a: TypedArray,
    b: TypedArray,
    shifts: Float32Array | null = null,
  ): Float64Array[] {
    if (l === 1) return sumsOfColumns(jobs, term, [1, n, c], a, b, shifts);
    return sumsOfRows(jobs, term, n * c, l, a, b, shifts).map((ofRows) => {
      if (n === 1) return ofRows;
      const sums = new Float64Array(c);
      for (let row = 0; row < n * c; row++) sums[row % c] += ofRows[row];
      return sums;
    });
  }

  /** out of a, b and so many numbers of each channel. */
  function channelValues(
    name: "scaleAndShift" | "inputGradient",
    [n, c, l]: plain.ChannelShape,
    out: TypedArray,
    a: TypedArray,
    b: TypedArray,
    numbers: ArrayLike<number>[],
  ): void {
    const all = new Float32Array(4 * c);
    for (const [k, array] of numbers.entries()) all.set(array, k * c);
    const [rows, length, layout] = l === 1 ? [n, c, "Columns"] : [n * c, l, "Rows"];
    const words = [length, jobs.output(out), jobs.input(a), jobs.input(b), c, jobs.input(all), 4 * c];
    jobs.run(`${name}${layout}`, rows, Math.ceil(BLOCK / length), words);
    jobs.finish();
  }

  const float32 = (values: TypedArray) => (isFloat32(values) ? values : Float32Array.from(values));

  return {
    batchStatistics(mean, squares, x, shape) {
      if (!isFast(shape, x)) return plain.batchStatistics(mean, squares, x, shape);
      const [n, c, l] = shape;
      const [sums] = channelSums("deviations", shape, x, x);
      for (let ch = 0; ch < c; ch++) mean[ch] = sums[ch] / (n * l);
      squares.set(channelSums("squares", shape, x, x, float32(mean))[0]);
    },

    scaleAndShift(out, x, scale, shift, shape) {
      if (isFast(shape, out, x)) channelValues("scaleAndShift", shape, out, x, x, [scale, shift]);
      else plain.scaleAndShift(out, x, scale, shift, shape);
    },

    batchNormParameterGradients(dbias, dweight, dy, x, channels, shape) {
      if (!isFast(shape, dy, x)) return plain.batchNormParameterGradients(dbias, dweight, dy, x, channels, shape);
      const { mean, invstd } = channels;
      const [sums, dots] = channelSums("sumsAndDots", shape, dy, x, float32(mean));
      dbias.set(sums);
      for (let ch = 0; ch < dots.length; ch++) dweight[ch] = dots[ch] * invstd[ch];
    },

    batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape) {
      if (!isFast(shape, dx, dy, x)) return plain.batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape);
      const [n, c, l] = shape;
      const { mean, invstd, scale } = channels;
      const [offset, slope] = [new Float64Array(c), new Float64Array(c)];
      for (let ch = 0; ch < c; ch++) {
        offset[ch] = (scale[ch] * dbias[ch]) / (n * l);
        slope[ch] = (scale[ch] * invstd[ch] * dweight[ch]) / (n * l);
      }
      channelValues("inputGradient", shape, dx, dy, x, [scale, offset, mean, slope]);
    },

    channelInputGradient(dx, dy, x, values, shape) {
      if (!isFast(shape, dx, dy, x)) return plain.channelInputGradient(dx, dy, x, values, shape);
      const { scale, offset, mean, slope } = values;
      channelValues("inputGradient", shape, dx, dy, x, [scale, offset, mean, slope]);
    },
  };
}
