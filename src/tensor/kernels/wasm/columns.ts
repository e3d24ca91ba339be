/**
 * Matrices each column of which has a sum or values of its own: what reductions over leading dimensions and batch norm have
 * in common. The sums are float64, as in the plain loops. See rows.ts for channels that are rows.
 */
import { type Code, f64x2, i32, i32s, inSteps, type Locals, type ModuleBuilder, v128 } from "./assembler.ts";
import { A, B, OUT, SUMS, VALUES } from "./chunks.ts";
import type { Scratch } from "./scratch.ts";

/** How many columns are summed at a time: enough for the additions not to wait for each other. */
const COLUMNS = 8;

/** What is summed, of two elements each of A and B and of the means of their columns, the first of their values; all float64. */
export type Term = (a: Code<"v128">, b: Code<"v128">, mean: Code<"v128">, locals: Locals) => Code<"v128">;

/** What is computed, of four elements each of A and B and of the values of their columns. */
export type Value = (a: Code<"v128">, b: Code<"v128">, values: Code<"v128">[]) => Code<"v128">;

/** Defines a function `name(rows, columns)` that adds, for each column, a term for each row to the column's sum. */
export function defineColumnSums<Name extends string>(module: ModuleBuilder, name: Name, term: Term) {
  return module.define(name, i32s(2), ([rows, columns], locals) => {
    const [j, i, at] = locals.addMany("i32", 3);
    const sums = locals.addMany("v128", COLUMNS / 2);
    const means = locals.addMany("v128", COLUMNS / 2);
    const two = (address: Code<"i32">, offset: number) => f64x2.promote_f32x4(v128.load64_zero(address, offset));
    const sumAt = i32.shl(j.get, i32.const(3));
    const columnAt = i32.shl(j.get, i32.const(2));
    return inSteps(
      j,
      columns.get,
      COLUMNS,
      at.set(columnAt),
      sums.map((sum, k) => sum.set(v128.load(sumAt, 8 * SUMS + 16 * k))),
      means.map((mean, k) => mean.set(two(columnAt, 4 * VALUES[0] + 8 * k))),
      inSteps(
        i,
        rows.get,
        1,
        sums.map((sum, k) => {
          const [a, b] = [A, B].map((slot) => two(at.get, 4 * slot + 8 * k));
          return sum.set(f64x2.add(sum.get, term(a, b, means[k].get, locals)));
        }),
        at.step(i32.shl(columns.get, i32.const(2))),
      ),
      sums.map((sum, k) => v128.store(sumAt, sum.get, 8 * SUMS + 16 * k)),
    );
  });
}

/**
 * Defines a function `name(rows, columns)` that computes OUT of A, B and the column's values, row by row. What it writes past
 * a row's end, the next row overwrites.
 */
export function defineColumnValues<Name extends string>(module: ModuleBuilder, name: Name, value: Value) {
  return module.define(name, i32s(2), ([rows, columns], locals) => {
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
}

/** The sums of so many columns, where the next chunk adds to them. */
export function columnSums({ doubles }: Scratch, columns: number): Float64Array<ArrayBufferLike> {
  return doubles.subarray(SUMS, SUMS + columns);
}

/** Sets the sums to 0. */
export function clearColumnSums({ doubles }: Scratch, columns: number): void {
  doubles.fill(0, SUMS, SUMS + columns + COLUMNS);
}
