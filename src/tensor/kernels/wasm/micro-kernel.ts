/**
 * The innermost loop of the matrix product: one tile of the output, kept in SIMD registers while the depth runs.
 * Read next: product.ts, which cuts a product into tiles.
 */
import type { ModuleBuilder, Operand, Statements, Vector } from "./assembler.ts";
import { f32x4, i32, i32s, ifElse, repeatWhile, v128 } from "./assembler.ts";

/** A tile of the output. `columns` is a multiple of 4, the lanes of a register, and `rows` at most 4. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/**
 * What was measured to be fastest of all shapes that fit into 16 registers, at 61 and 50 GFLOP/s on one core. Nine sums
 * leave room for three columns of b and one element of a; without a fused multiply-add its product needs a register too.
 */
export const fastestTile = (fused: boolean): Tile => (fused ? { rows: 3, columns: 12 } : { rows: 4, columns: 8 });

/** a · b + c */
export type MultiplyAdd = (...operands: [a: Operand<"v128">, b: Operand<"v128">, c: Operand<"v128">]) => Vector;

/** Rounded once, by relaxed SIMD's instruction, or after each of the two. */
export const multiplyAdd = (fused: boolean): MultiplyAdd =>
  fused ? f32x4.relaxed_madd : (a, b, c) => f32x4.add(c, f32x4.mul(a, b));

/**
 * Defines `tile(c, cStride, a, b, depth, accumulate)`, all addresses and strides in bytes: c[i,j] = Σ_p a[p,i] b[p,j],
 * or c[i,j] += that, summed in the order of p, for `depth` > 0 and packed operands: a (depth, 4), of which `rows` are
 * read, and b (depth, columns), each contiguous.
 */
export function defineTile(module: ModuleBuilder, { rows, columns }: Tile, multiplyAdd: MultiplyAdd) {
  return module.define(i32s(6), ([c, cStride, a, b, depth, accumulate], locals) => {
    const sums = Array.from({ length: rows }, () => locals("v128", columns / 4));
    const bRow = locals("v128", columns / 4);
    const [aElement] = locals("v128", 1);
    const [bEnd] = locals("i32", 1);
    const storeSums = (value: (sum: Vector, at: number) => Vector): Statements =>
      sums.map((row) => [row.map((sum, j) => v128.store(c, value(sum, 16 * j), 16 * j)), c.step(cStride)]);
    return [
      bEnd.set(i32.add(b, i32.mul(depth, 4 * columns))),
      repeatWhile(i32.lt_u(b, bEnd), [
        bRow.map((vector, j) => vector.set(v128.load(b, 16 * j))),
        sums.map((row, i) => [
          aElement.set(v128.load32_splat(a, 4 * i)),
          row.map((sum, j) => sum.set(multiplyAdd(aElement, bRow[j], sum))),
        ]),
        a.step(16),
        b.step(4 * columns),
      ]),
      ifElse(
        accumulate,
        storeSums((sum, at) => f32x4.add(v128.load(c, at), sum)),
        storeSums((sum) => sum),
      ),
    ];
  });
}
