/**
 * Rows whose elements all belong to one channel, as images are laid out: (N, C, L) is N·C rows of length L, and row r is of
 * channel r mod C. The counterpart of columns.ts, where a channel is a column.
 */
import type { Code, Local, Locals, ModuleBuilder, Statements } from "./assembler.ts";
import { bytes, f64, f64x2, i32, i32s, ifElse, inSteps, v128, whileLoop } from "./assembler.ts";
import { A, B, OUT, SUMS, VALUES } from "./chunks.ts";
import type { Term, Value } from "./columns.ts";

/** How many elements are summed at a time: enough for the additions not to wait for each other. */
const WIDTH = 8;

/** A row, from byte `at` on up to byte `end`. */
type Row = { at: Local<"i32">; end: Local<"i32">; channel: Local<"i32"> };

/** Defines a function `name(rows, length, channel, channels)` that runs `body` for each row; the first is of `channel`. */
function defineForRows<Name extends string>(
  module: ModuleBuilder,
  name: Name,
  body: (row: Row, locals: Locals) => Statements,
) {
  return module.define(name, i32s(4), ([rows, length, channel, channels], locals) => {
    const [row, at, end] = locals.addMany("i32", 3);
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
export const defineRowSums = <Name extends string>(module: ModuleBuilder, name: Name, term: Term) =>
  defineForRows(module, name, ({ at, end, channel }, locals) => {
    const mean = locals.add("v128");
    const sums = locals.addMany("v128", WIDTH / 2);
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
export const defineRowValues = <Name extends string>(module: ModuleBuilder, name: Name, value: Value) =>
  defineForRows(module, name, ({ at, end, channel }, locals) => {
    const values = locals.addMany("v128", VALUES.length);
    const result = value(v128.load(at, 4 * A), v128.load(at, 4 * B), values);
    return [
      values.map((local, k) => local.set(v128.load32_splat(bytes(channel), 4 * VALUES[k]))),
      whileLoop(i32.lt_u(at, end), [v128.store(at, result, 4 * OUT), at.step(16)]),
    ];
  });
