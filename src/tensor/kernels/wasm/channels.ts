/**
 * Matrices whose elements belong to channels, each of which has a sum or values of its own: what reductions and batch norm
 * have in common. A channel is a column or, as images are laid out, every C-th row: (N, C, L) is N·C rows of length L, and
 * row r is of channel r mod C. The sums are float64, as in the plain loops.
 */
import type { Code, Int, Local, Locals, ModuleBuilder, Statements, Vector } from "./assembler.ts";
import { bytes, f64, f64x2, i32, i32s, ifElse, inSteps, v128, whileLoop } from "./assembler.ts";
import { A, B, OUT, type Scratch, SUMS, VALUES } from "./scratch.ts";

/** How many elements are summed at a time: enough for the additions not to wait for each other. */
const WIDTH = 8;

/** What is summed, of two elements each of A and B and of the means of their columns, the first of their values; all float64. */
export type Term = (a: Vector, b: Vector, mean: Vector, locals: Locals) => Vector;

/** What is computed, of four elements each of A and B and of the values of their columns. */
export type Value = (a: Vector, b: Vector, values: Vector[]) => Vector;

/** Defines a function `(rows, columns)` that adds, for each column, a term for each row to the column's sum. */
export function defineColumnSums(module: ModuleBuilder, term: Term) {
  return module.define(i32s(2), ([rows, columns], locals) => {
    const [j, i, at] = locals("i32", 3);
    const sums = locals("v128", WIDTH / 2);
    const means = locals("v128", WIDTH / 2);
    const two = (address: Int, offset: number) => f64x2.promote_f32x4(v128.load64_zero(address, offset));
    const sumAt = i32.shl(j, 3);
    const columnAt = bytes(j);
    return inSteps(j, columns, WIDTH, [
      at.set(columnAt),
      sums.map((sum, k) => sum.set(v128.load(sumAt, 8 * SUMS + 16 * k))),
      means.map((mean, k) => mean.set(two(columnAt, 4 * VALUES[0] + 8 * k))),
      inSteps(i, rows, 1, [
        sums.map((sum, k) => {
          const [a, b] = [A, B].map((slot) => two(at, 4 * slot + 8 * k));
          return sum.set(f64x2.add(sum, term(a, b, means[k], locals)));
        }),
        at.step(bytes(columns)),
      ]),
      sums.map((sum, k) => v128.store(sumAt, sum, 8 * SUMS + 16 * k)),
    ]);
  });
}

/**
 * Defines a function `(rows, columns)` that computes OUT of A, B and the column's values, row by row. What it writes past
 * a row's end, the next row overwrites.
 */
export function defineColumnValues(module: ModuleBuilder, value: Value) {
  return module.define(i32s(2), ([rows, columns], locals) => {
    const [i, j, row, at] = locals("i32", 4);
    const values = VALUES.map((slot) => v128.load(j, 4 * slot));
    const rowBytes = bytes(columns);
    const result = value(v128.load(at, 4 * A), v128.load(at, 4 * B), values);
    return [
      row.set(0),
      inSteps(i, rows, 1, [
        inSteps(j, rowBytes, 16, [at.set(i32.add(row, j)), v128.store(at, result, 4 * OUT)]),
        row.step(rowBytes),
      ]),
    ];
  });
}

/** A row, from byte `at` on up to byte `end`. */
type Row = { at: Local<"i32">; end: Local<"i32">; channel: Local<"i32"> };

/** Defines a function `(rows, length, channel, channels)` that runs `body` for each row; the first is of `channel`. */
function defineForRows(module: ModuleBuilder, body: (row: Row, locals: Locals) => Statements) {
  return module.define(i32s(4), ([rows, length, channel, channels], locals) => {
    const [row, at, end] = locals("i32", 3);
    return [
      end.set(0),
      inSteps(row, rows, 1, [
        at.set(end),
        end.step(bytes(length)),
        body({ at, end, channel }, locals),
        channel.step(1),
        ifElse(i32.eq(channel, channels), channel.set(0)),
      ]),
    ];
  });
}

/** Defines a function that adds a term for each element to the sum of its channel. */
export const defineRowSums = (module: ModuleBuilder, term: Term) =>
  defineForRows(module, ({ at, end, channel }, locals) => {
    const [mean] = locals("v128", 1);
    const sums = locals("v128", WIDTH / 2);
    const sumAt = i32.shl(channel, 3);
    const termAt = (load: typeof v128.load, offset: number) => {
      const [a, b] = [A, B].map((slot) => f64x2.promote_f32x4(load(at, 4 * slot + offset)));
      return term(a, b, mean, locals);
    };
    const [p, q, r, s] = sums;
    const add = (value: Code<"f64">) => f64.store(sumAt, f64.add(f64.load(sumAt, 8 * SUMS), value), 8 * SUMS);
    return [
      mean.set(f64x2.promote_f32x4(v128.load32_splat(bytes(channel), 4 * VALUES[0]))),
      sums.map((sum) => sum.set(f64x2.const(0))),
      whileLoop(i32.lt_u(i32.add(at, 4 * WIDTH - 1), end), [
        sums.map((sum, k) => sum.set(f64x2.add(sum, termAt(v128.load64_zero, 8 * k)))),
        at.step(4 * WIDTH),
      ]),
      p.set(f64x2.add(f64x2.add(p, q), f64x2.add(r, s))),
      add(f64.add(f64x2.extract_lane(p, 0), f64x2.extract_lane(p, 1))),
      whileLoop(i32.lt_u(at, end), [add(f64x2.extract_lane(termAt(v128.load32_zero, 0), 0)), at.step(4)]),
    ];
  });

/**
 * Defines a function that computes OUT of A, B and the channel's values. What it writes past a row's end, the next row
 * overwrites.
 */
export const defineRowValues = (module: ModuleBuilder, value: Value) =>
  defineForRows(module, ({ at, end, channel }, locals) => {
    const values = locals("v128", VALUES.length);
    const result = value(v128.load(at, 4 * A), v128.load(at, 4 * B), values);
    return [
      values.map((local, k) => local.set(v128.load32_splat(bytes(channel), 4 * VALUES[k]))),
      whileLoop(i32.lt_u(at, end), [v128.store(at, result, 4 * OUT), at.step(16)]),
    ];
  });

/** The channels' sums, after `add` has added to them. */
export function sumsOf({ doubles }: Scratch, channels: number, add: () => void): Float64Array<ArrayBufferLike> {
  doubles.fill(0, SUMS, SUMS + channels + WIDTH); // the functions add to whole groups of columns
  add();
  return doubles.subarray(SUMS, SUMS + channels);
}
