/** Sums and softmaxes. */
import type { TypedArray } from "../../dtype.ts";
import type { ReductionKernel } from "../reduction.ts";
import * as plain from "../reduction.ts";
import type { Functions, Local, ModuleBuilder, Vector } from "./assembler.ts";
import { f32, f32x4, f64, f64x2, inSteps, v128 } from "./assembler.ts";
import { defineColumnSums, defineRowSums, sumsOf } from "./channels.ts";
import { exp } from "./exp.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";
import type { Scratch } from "./scratch.ts";
import { A, CHUNK, inChunks, inRowChunks, isFloat32, load, OUT, SUMS, store, VALUES, WORTHWHILE } from "./scratch.ts";

/** A row is summed as a matrix of so many columns, whose sums are then added. */
const ROW_COLUMNS = 16;
/** Shorter rows are summed by the plain loop. */
const SHORT_ROW = 16;
/** Shorter rows of a softmax are left to the plain loop. */
const LONG_ROW = 64;

/** Defines sums of columns and of rows, and the steps of a softmax of the row in slot A, filled up to a whole vector. */
export function defineReduction(module: ModuleBuilder, multiplyAdd: MultiplyAdd) {
  const sumsOfColumns = defineColumnSums(module, (a) => a);
  const sumsOfRows = defineRowSums(module, (a) => a);

  const rowMaximum = module.define(["i32"], ([bytes], locals) => {
    const [i] = locals("i32", 1);
    const [max] = locals("v128", 1);
    const lane = (index: number) => f32x4.extract_lane(max, index);
    return [
      max.set(f32x4.const(-Infinity)),
      inSteps(i, bytes, 16, max.set(f32x4.max(max, v128.load(i, 4 * A)))),
      f32.store(0, f32.max(f32.max(lane(0), lane(1)), f32.max(lane(2), lane(3))), 4 * VALUES[0]),
    ];
  });

  // OUT = exp(x - max), and their sum
  const rowExponentials = module.define(["i32", "f32"], ([bytes, max], locals) => {
    const [i] = locals("i32", 1);
    const [y, low, high] = locals("v128", 3);
    const upperHalf = v128.shuffle32(y, y, [2, 3, 2, 3]);
    const lane = (index: number) => f64x2.extract_lane(f64x2.add(low, high), index);
    return [
      inSteps(i, bytes, 16, [
        y.set(exp(f32x4.sub(v128.load(i, 4 * A), f32x4.splat(max)), multiplyAdd, locals)),
        v128.store(i, y, 4 * OUT),
        low.set(f64x2.add(low, f64x2.promote_f32x4(y))),
        high.set(f64x2.add(high, f64x2.promote_f32x4(upperHalf))),
      ]),
      f64.store(0, f64.add(lane(0), lane(1)), 8 * SUMS),
    ];
  });

  const defineRow = (value: (address: Local<"i32">, p: Vector, q: Vector) => Vector) =>
    module.define(["i32", "f32", "f32"], ([bytes, p, q], locals) => {
      const [i] = locals("i32", 1);
      const result = value(i, f32x4.splat(p), f32x4.splat(q));
      return inSteps(i, bytes, 16, v128.store(i, result, 4 * OUT));
    });
  const rowDivide = defineRow((i, total) => f32x4.div(v128.load(i, 4 * OUT), total));
  const rowSubtract = defineRow((i, max, logTotal) => f32x4.sub(f32x4.sub(v128.load(i, 4 * A), max), logTotal));
  return { sumsOfColumns, sumsOfRows, rowMaximum, rowExponentials, rowDivide, rowSubtract };
}

export type ReductionFunctions = Functions<ReturnType<typeof defineReduction>>;

/** The kernels as operations call them. What is not float32, not long, or a softmax of columns goes to the plain loop. */
export function reductionKernels(scratch: Scratch<ReductionFunctions>) {
  const { functions } = scratch;

  /** A matrix of 16 columns, of which the last row is filled up with zeros. */
  const sumOfRow = (x: TypedArray, start: number, n: number): number => {
    const sums = sumsOf(scratch, ROW_COLUMNS, () =>
      inChunks(n, (at, count) => {
        load(scratch, A, x, start + at, 1, count);
        const rows = Math.ceil(count / ROW_COLUMNS);
        scratch.floats.fill(0, A + count, A + rows * ROW_COLUMNS);
        functions.sumsOfColumns(rows, ROW_COLUMNS);
      }),
    );
    return sums.reduce((total, part) => total + part);
  };

  const sumOfRows = (x: TypedArray, start: number, rows: number, columns: number) =>
    sumsOf(scratch, columns, () =>
      inRowChunks(rows, columns, (row, count) => {
        load(scratch, A, x, start + row * columns, 1, count * columns);
        functions.sumsOfColumns(count, columns);
      }),
    );

  /** Many rows at a time, each with a sum of its own. */
  const sumsOfRows = (out: TypedArray, x: TypedArray, outer: number, n: number): void =>
    inRowChunks(outer, n, (row, count) => {
      load(scratch, A, x, row * n, 1, count * n);
      out.set(
        sumsOf(scratch, count, () => functions.sumsOfRows(count, n, 0, count)),
        row,
      );
    });

  const sum: ReductionKernel = (out, x, outer, n, inner) => {
    const isSmall = outer * n * inner < WORTHWHILE;
    if (!isSmall && inner === 1 && n >= SHORT_ROW && n <= CHUNK && isFloat32(x)) return sumsOfRows(out, x, outer, n);
    if (n * inner < WORTHWHILE || inner > CHUNK || !isFloat32(x)) return plain.sum(out, x, outer, n, inner);
    for (let a = 0; a < outer; a++) {
      if (inner === 1) out[a] = sumOfRow(x, a * n, n);
      else out.set(sumOfRows(x, a * n * inner, n, inner), a * inner);
    }
  };

  /** `finish` is given the largest element of the row in slot A and the sum of the exponentials that are in OUT. */
  function softmaxKernel(
    otherwise: ReductionKernel,
    finish: (out: TypedArray, row: number, n: number, max: number, total: number) => void,
    shift = (max: number) => max,
  ): ReductionKernel {
    return (out, x, outer, n, inner) => {
      if (inner !== 1 || n < LONG_ROW || n > CHUNK || !isFloat32(x)) return otherwise(out, x, outer, n, inner);
      for (let row = 0; row < outer; row++) {
        load(scratch, A, x, row * n, 1, n);
        scratch.floats.fill(-Infinity, A + n, A + n + 3);
        functions.rowMaximum(4 * n);
        const max = shift(scratch.floats[VALUES[0]]);
        functions.rowExponentials(4 * n, max);
        finish(out, row, n, max, scratch.doubles[SUMS]);
      }
    };
  }

  const softmax = softmaxKernel(plain.softmax, (out, row, n, _max, total) => {
    functions.rowDivide(4 * n, total, 0);
    store(scratch, out, row * n, n);
  });

  const logSoftmax = softmaxKernel(plain.logSoftmax, (out, row, n, max, total) => {
    functions.rowSubtract(4 * n, max, Math.log(total));
    store(scratch, out, row * n, n);
  });

  const logOfSum = (out: TypedArray, row: number, _n: number, max: number, total: number): void => {
    out[row] = max + Math.log(total);
  };
  const logsumexp = softmaxKernel(plain.logsumexp, logOfSum, (max) => (Number.isFinite(max) ? max : 0));

  return { sum, softmax, logSoftmax, logsumexp };
}
