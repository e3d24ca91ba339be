/**
 * Rows whose elements all belong to one channel, as images are laid out: (N, C, L) is N·C rows of length L, and row r is of
 * channel r mod C. The counterpart of columns.ts, where a channel is a column.
 */
import {
  type Code,
  f64,
  f64x2,
  i32,
  i32s,
  ifElse,
  inSteps,
  type Local,
  type Locals,
  type ModuleBuilder,
  type Statements,
  v128,
  whileLoop,
} from "./assembler.ts";
import { A, B, OUT, SUMS, VALUES } from "./chunks.ts";
import type { Term, Value } from "./columns.ts";

/** How many elements are summed at a time: enough for the additions not to wait for each other. */
const WIDTH = 8;

/** Runs the body for each row, from byte `start` to byte `end`; `channel` is then the row's own. */
function forRows(
  [rows, length, channel, channels]: readonly Local<"i32">[],
  { row, start, end }: ReturnType<typeof rowLocals>,
  ...body: Statements[]
): Statements {
  return [
    end.set(i32.const(0)),
    inSteps(
      row,
      rows.get,
      1,
      start.set(end.get),
      end.step(i32.shl(length.get, i32.const(2))),
      body,
      channel.step(i32.const(1)),
      ifElse(i32.eq(channel.get, channels.get), channel.set(i32.const(0))),
    ),
  ];
}

const rowLocals = (locals: Locals) => {
  const [row, start, end] = locals.addMany("i32", 3);
  return { row, start, end };
};

/**
 * Defines a function `name(rows, length, channel, channels)` that adds a term for each element to the sum of its channel;
 * `channel` is that of the first row.
 */
export function defineRowSums<Name extends string>(module: ModuleBuilder, name: Name, term: Term) {
  return module.define(name, i32s(4), (parameters, locals) => {
    const position = rowLocals(locals);
    const { start: at, end } = position;
    const mean = locals.add("v128");
    const sums = locals.addMany("v128", WIDTH / 2);
    const channel = parameters[2];
    const sumAt = i32.shl(channel.get, i32.const(3));
    const termAt = (load: typeof v128.load, offset: number) => {
      const [a, b] = [A, B].map((slot) => f64x2.promote_f32x4(load(at.get, 4 * slot + offset)));
      return term(a, b, mean.get, locals);
    };
    const [p, q, r, s] = sums;
    const all = f64x2.add(f64x2.add(p.get, q.get), f64x2.add(r.get, s.get));
    const add = (value: Code<"f64">) => f64.store(sumAt, f64.add(f64.load(sumAt, 8 * SUMS), value), 8 * SUMS);
    return forRows(
      parameters,
      position,
      mean.set(f64x2.promote_f32x4(v128.load32_splat(i32.shl(channel.get, i32.const(2)), 4 * VALUES[0]))),
      sums.map((sum) => sum.set(f64x2.const(0))),
      whileLoop(
        i32.lt_u(i32.add(at.get, i32.const(4 * WIDTH - 1)), end.get),
        sums.map((sum, k) => sum.set(f64x2.add(sum.get, termAt(v128.load64_zero, 8 * k)))),
        at.step(i32.const(4 * WIDTH)),
      ),
      p.set(all),
      add(f64.add(f64x2.extract_lane(p.get, 0), f64x2.extract_lane(p.get, 1))),
      whileLoop(
        i32.lt_u(at.get, end.get),
        add(f64x2.extract_lane(termAt(v128.load32_zero, 0), 0)),
        at.step(i32.const(4)),
      ),
    );
  });
}

/**
 * Defines a function `name(rows, length, channel, channels)` that computes OUT of A, B and the channel's values. What it
 * writes past a row's end, the next row overwrites.
 */
export function defineRowValues<Name extends string>(module: ModuleBuilder, name: Name, value: Value) {
  return module.define(name, i32s(4), (parameters, locals) => {
    const position = rowLocals(locals);
    const { start: at, end } = position;
    const values = locals.addMany("v128", VALUES.length);
    const channelAt = i32.shl(parameters[2].get, i32.const(2));
    const result = value(
      v128.load(at.get, 4 * A),
      v128.load(at.get, 4 * B),
      values.map(({ get }) => get),
    );
    return forRows(
      parameters,
      position,
      values.map((local, k) => local.set(v128.load32_splat(channelAt, 4 * VALUES[k]))),
      whileLoop(i32.lt_u(at.get, end.get), v128.store(at.get, result, 4 * OUT), at.step(i32.const(16))),
    );
  });
}
