/**
 * Matrices each column of which has a sum or values of its own: what reductions over leading dimensions and batch norm have
 * in common. The sums are float64, as in the plain loops. See rows.ts for channels that are rows.
 */
import type { Int, Locals, ModuleBuilder, Vector } from "./assembler.ts";
import { bytes, f64x2, i32, i32s, inSteps, v128 } from "./assembler.ts";
import { A, B, OUT, SUMS, VALUES } from "./chunks.ts";
import type { Scratch } from "./scratch.ts";

/** How many columns are summed at a time: enough for the additions not to wait for each other. */
const COLUMNS = 8;

/** What is summed, of two elements each of A and B and of the means of their columns, the first of their values; all float64. */
export type Term = (a: Vector, b: Vector, mean: Vector, locals: Locals) => Vector;

/** What is computed, of four elements each of A and B and of the values of their columns. */
export type Value = (a: Vector, b: Vector, values: Vector[]) => Vector;

/** Defines a function `name(rows, columns)` that adds, for each column, a term for each row to the column's sum. */
export function defineColumnSums<Name extends string>(module: ModuleBuilder, name: Name, term: Term) {
  return module.define(name, i32s(2), ([rows, columns], locals) => {
    const [j, i, at] = locals.addMany("i32", 3);
    const sums = locals.addMany("v128", COLUMNS / 2);
    const means = locals.addMany("v128", COLUMNS / 2);
    const two = (address: Int, offset: number) => f64x2.promote_f32x4(v128.load64_zero(address, offset));
    const sumAt = i32.shl(j, 3);
    const columnAt = bytes(j);
    return inSteps(j, columns, COLUMNS, [
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
 * Defines a function `name(rows, columns)` that computes OUT of A, B and the column's values, row by row. What it writes past
 * a row's end, the next row overwrites.
 */
export function defineColumnValues<Name extends string>(module: ModuleBuilder, name: Name, value: Value) {
  return module.define(name, i32s(2), ([rows, columns], locals) => {
    const [i, j, row, at] = locals.addMany("i32", 4);
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

/** The sums of so many columns, where the next chunk adds to them. */
export function columnSums({ doubles }: Scratch, columns: number): Float64Array<ArrayBufferLike> {
  return doubles.subarray(SUMS, SUMS + columns);
}

/** Sets the sums to 0. */
export function clearColumnSums({ doubles }: Scratch, columns: number): void {
  doubles.fill(0, SUMS, SUMS + columns + COLUMNS);
}
