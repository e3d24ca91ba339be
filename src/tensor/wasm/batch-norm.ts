/**
 * Batch norm of x (N, C), the form after a fully connected layer: a channel is a column. The channels' own values are
 * in the slots VALUES, in the order in which a kernel's comment names them.
 */
import type { TypedArray } from "../dtype.ts";
import * as plain from "../kernels/batch-norm.ts";
import { type Code, f32x4, f64x2, i32, inSteps, type ModuleBuilder, v128 } from "./assembler.ts";
import { A, B, CHUNK, inRowChunks, isFloat32, load, OUT, store, VALUES, WORTHWHILE } from "./chunks.ts";
import { clearColumnSums, columnSums, defineColumnSums } from "./columns.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import type { Scratch } from "./scratch.ts";

export function defineBatchNorm(module: ModuleBuilder, multiplyAdd: MultiplyAdd): void {
  // Values: mean
  defineColumnSums(module, "columnSquares", (x, _, mean, locals) => {
    const deviation = locals.add("v128");
    return [deviation.set(f64x2.sub(x, mean)), f64x2.mul(deviation.get, deviation.get)];
  });
  defineColumnSums(module, "columnDots", (dy, x, mean) => f64x2.mul(dy, f64x2.sub(x, mean)));

  /** A function `name(rows, columns)` that computes OUT row by row. What it writes past a row's end, the next row overwrites. */
  const defineRows = (name: string, value: (a: Code, b: Code, values: Code[]) => Code) =>
    module.define(name, ["i32", "i32"], ([rows, columns], locals) => {
      const [i, j, row, at] = locals.addMany("i32", 4);
      const values = VALUES.map((slot) => v128.load(j.get, 4 * slot));
      const rowBytes = i32.shl(columns.get, i32.const(2));
      return [
        row.set(i32.const(0)),
        inSteps(
          i,
          rows.get,
          1,
          inSteps(
            j,
            rowBytes,
            16,
            at.set(i32.add(row.get, j.get)),
            v128.store(at.get, value(v128.load(at.get, 4 * A), v128.load(at.get, 4 * B), values), 4 * OUT),
          ),
          row.step(rowBytes),
        ),
      ];
    });
  // x · scale + shift. Values: scale, shift
  defineRows("scaleAndShift", (x, _, [scale, shift]) => multiplyAdd(x, scale, shift));
  // scale · (dy - meanDy - (x - mean) · slope). Values: scale, meanDy, mean, slope
  defineRows("batchNormInputGradient", (dy, x, [scale, meanDy, mean, slope]) =>
    f32x4.mul(scale, f32x4.sub(f32x4.sub(dy, meanDy), f32x4.mul(f32x4.sub(x, mean), slope))),
  );
}

/** The kernels as operations call them. What is not float32, not long, or has L above 1 goes to the plain loops. */
export function batchNormKernels(scratch: Scratch): typeof plain {
  const { functions } = scratch;

  const fits = ([n, c, l]: plain.ChannelShape, ...arrays: TypedArray[]): boolean =>
    l === 1 && n * c >= WORTHWHILE && c <= CHUNK && arrays.every(isFloat32);
  const loadValues = (...values: ArrayLike<number>[]): void => {
    for (const [k, array] of values.entries()) scratch.floats.set(array, VALUES[k]);
  };
  /** Calls a function for chunks of rows of the matrices a and b. */
  const forRows = (
    name: string,
    rows: number,
    columns: number,
    a: TypedArray,
    b: TypedArray | null,
    out?: TypedArray,
  ) =>
    inRowChunks(rows, columns, (row, count) => {
      load(scratch, A, a, row * columns, 1, count * columns);
      if (b) load(scratch, B, b, row * columns, 1, count * columns);
      functions[name](count, columns);
      if (out) store(scratch, out, row * columns, count * columns);
    });
  const sumsOf = (name: string, n: number, c: number, a: TypedArray, b: TypedArray | null = null) => {
    clearColumnSums(scratch, c);
    forRows(name, n, c, a, b);
    return columnSums(scratch, c);
  };

  return {
    batchStatistics(mean, squares, x, shape) {
      if (!fits(shape, x)) return plain.batchStatistics(mean, squares, x, shape);
      const [n, c] = shape;
      const sums = sumsOf("columnSums", n, c, x);
      for (let ch = 0; ch < c; ch++) mean[ch] = sums[ch] / n;
      loadValues(mean);
      squares.set(sumsOf("columnSquares", n, c, x));
    },

    scaleAndShift(out, x, scale, shift, shape) {
      if (!fits(shape, out, x)) return plain.scaleAndShift(out, x, scale, shift, shape);
      const [n, c] = shape;
      loadValues(scale, shift);
      forRows("scaleAndShift", n, c, x, null, out);
    },

    batchNormParameterGradients(dbias, dweight, dy, x, channels, shape) {
      if (!fits(shape, dy, x)) return plain.batchNormParameterGradients(dbias, dweight, dy, x, channels, shape);
      const [n, c] = shape;
      dbias.set(sumsOf("columnSums", n, c, dy));
      loadValues(channels.mean);
      const dots = sumsOf("columnDots", n, c, dy, x);
      for (let ch = 0; ch < c; ch++) dweight[ch] = dots[ch] * channels.invstd[ch];
    },

    batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape) {
      if (!fits(shape, dx, dy, x)) return plain.batchNormInputGradient(dx, dy, x, dbias, dweight, channels, shape);
      const [n, c] = shape;
      const { mean, invstd, scale } = channels;
      const [meanDy, slope] = [new Float32Array(c), new Float32Array(c)];
      for (let ch = 0; ch < c; ch++) {
        meanDy[ch] = dbias[ch] / n;
        slope[ch] = (invstd[ch] * dweight[ch]) / n;
      }
      loadValues(scale, meanDy, mean, slope);
      forRows("batchNormInputGradient", n, c, dy, x, dx);
    },
  };
}
