/**
 * Batch norm of x (N, C, L). After a fully connected layer L is 1, and a channel is a column; in images it is every C-th row.
 * The channels' own values are in the slots VALUES, in the order in which a kernel's comment names them.
 */
import type { TypedArray } from "../../dtype.ts";
import type { ChannelShape } from "../batch-norm.ts";
import * as plain from "../batch-norm.ts";
import { after, type Functions, f32x4, f64x2, type ModuleBuilder } from "./assembler.ts";
import type { Term, Value } from "./channels.ts";
import { defineColumnSums, defineColumnValues, defineRowSums, defineRowValues, sumsOf } from "./channels.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import type { ReductionFunctions } from "./reduction.ts";
import { A, B, CHUNK, inRowChunks, isFloat32, load, type Scratch, store, VALUES, WORTHWHILE } from "./scratch.ts";

/** Shorter rows are left to the plain loops. */
const LONG_ROW = 16;

/** Each function for both layouts. */
export function defineBatchNorm(module: ModuleBuilder, multiplyAdd: MultiplyAdd) {
  // Values: mean
  const squares: Term = (x, _, mean, locals) => {
    const [deviation] = locals("v128", 1);
    return after(deviation.set(f64x2.sub(x, mean)), f64x2.mul(deviation, deviation));
  };
  const dots: Term = (dy, x, mean) => f64x2.mul(dy, f64x2.sub(x, mean));
  // x · scale + shift. Values: scale, shift
  const scaleAndShift: Value = (x, _, [scale, shift]) => multiplyAdd(x, scale, shift);
  // scale · (dy - meanDy - (x - mean) · slope). Values: scale, meanDy, mean, slope
  const inputGradient: Value = (dy, x, [scale, meanDy, mean, slope]) =>
    f32x4.mul(scale, f32x4.sub(f32x4.sub(dy, meanDy), f32x4.mul(f32x4.sub(x, mean), slope)));
  return {
    squaresOfColumns: defineColumnSums(module, squares),
    squaresOfRows: defineRowSums(module, squares),
    dotsOfColumns: defineColumnSums(module, dots),
    dotsOfRows: defineRowSums(module, dots),
    scaleAndShiftOfColumns: defineColumnValues(module, scaleAndShift),
    scaleAndShiftOfRows: defineRowValues(module, scaleAndShift),
    inputGradientOfColumns: defineColumnValues(module, inputGradient),
    inputGradientOfRows: defineRowValues(module, inputGradient),
  };
}

type Name = "sums" | "squares" | "dots" | "scaleAndShift" | "inputGradient";
export type BatchNormFunctions = Functions<ReturnType<typeof defineBatchNorm>>;

/** The kernels as operations call them. What is not float32, not long, or has short rows goes to the plain loops. */
export function batchNormKernels(scratch: Scratch<BatchNormFunctions & ReductionFunctions>): typeof plain {
  const { functions } = scratch;

  const fits = ([n, c, l]: ChannelShape, ...arrays: TypedArray[]): boolean =>
    n * c * l >= WORTHWHILE && c <= CHUNK && (l === 1 || (l >= LONG_ROW && l <= CHUNK)) && arrays.every(isFloat32);
  const loadValues = (...values: ArrayLike<number>[]): void => {
    for (const [k, array] of values.entries()) scratch.floats.set(array, VALUES[k]);
  };
  /** Calls the function for chunks of a and b. */
  const inChunks = (name: Name, [n, c, l]: ChannelShape, a: TypedArray, b?: TypedArray | null, out?: TypedArray) => {
    const [rows, length] = l === 1 ? [n, c] : [n * c, l];
    inRowChunks(rows, length, (row, count) => {
      load(scratch, A, a, row * length, 1, count * length);
      if (b) load(scratch, B, b, row * length, 1, count * length);
      if (l === 1) functions[`${name}OfColumns` as const](count, length);
      else functions[`${name}OfRows` as const](count, length, row % c, c);
      if (out) store(scratch, out, row * length, count * length);
    });
  };
  const sums = (name: Name, shape: ChannelShape, a: TypedArray, b?: TypedArray) =>
    sumsOf(scratch, shape[1], () => inChunks(name, shape, a, b));

  return {
    batchStatistics(mean, squares, x, shape) {
      if (!fits(shape, x)) return plain.batchStatistics(mean, squares, x, shape);
      const [n, c, l] = shape;
      const total = sums("sums", shape, x);
      for (let ch = 0; ch < c; ch++) mean[ch] = total[ch] / (n * l);
      loadValues(mean);
      squares.set(sums("squares", shape, x));
    },

    scaleAndShift(out, x, scale, shift, shape) {
      if (!fits(shape, out, x)) return plain.scaleAndShift(out, x, scale, shift, shape);
      loadValues(scale, shift);
      inChunks("scaleAndShift", shape, x, null, out);
    },

    batchNormParameterGradients(dbias, dweight, dy, x, channels, shape) {
      if (!fits(shape, dy, x)) return plain.batchNormParameterGradients(dbias, dweight, dy, x, channels, shape);
      dbias.set(sums("sums", shape, dy));
      loadValues(channels.mean);
      const dots = sums("dots", shape, dy, x);
      for (let ch = 0; ch < dots.length; ch++) dweight[ch] = dots[ch] * channels.invstd[ch];
    },

    batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape) {
      if (!fits(shape, dx, dy, x)) return plain.batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape);
      const [n, c, l] = shape;
      const { mean, invstd, scale } = channels;
      const [meanDy, slope] = [new Float32Array(c), new Float32Array(c)];
      for (let ch = 0; ch < c; ch++) {
        meanDy[ch] = dbias[ch] / (n * l);
        slope[ch] = (invstd[ch] * dweight[ch]) / (n * l);
      }
      loadValues(scale, meanDy, mean, slope);
      inChunks("inputGradient", shape, dy, x, dx);
    },
  };
}
