/**
 * The innermost loops of the matrix product: one tile of the output, kept in registers while the depth runs. All add to what
 * is at `initial`, row by row: the output itself, a bias (with no step from row to row), or zeros.
 *
 * A product's elements are summed in the order of the depth by any tile, so with the same bits.
 */
import { multiplyAdd } from "./vectors";

/** Six rows of sixteen columns, in 24 vectors: where V8 joins them to twelve, as many as it has registers for. */
// @ts-ignore: decorator
@inline export function tile6x16(c: usize, cRow: usize, a: usize, b: usize, depth: i32, initial: usize, initialRow: usize): void {
  let c00 = v128.load(initial);
  let c01 = v128.load(initial, 16);
  let c02 = v128.load(initial, 32);
  let c03 = v128.load(initial, 48);
  initial += initialRow;
  let c10 = v128.load(initial);
  let c11 = v128.load(initial, 16);
  let c12 = v128.load(initial, 32);
  let c13 = v128.load(initial, 48);
  initial += initialRow;
  let c20 = v128.load(initial);
  let c21 = v128.load(initial, 16);
  let c22 = v128.load(initial, 32);
  let c23 = v128.load(initial, 48);
  initial += initialRow;
  let c30 = v128.load(initial);
  let c31 = v128.load(initial, 16);
  let c32 = v128.load(initial, 32);
  let c33 = v128.load(initial, 48);
  initial += initialRow;
  let c40 = v128.load(initial);
  let c41 = v128.load(initial, 16);
  let c42 = v128.load(initial, 32);
  let c43 = v128.load(initial, 48);
  initial += initialRow;
  let c50 = v128.load(initial);
  let c51 = v128.load(initial, 16);
  let c52 = v128.load(initial, 32);
  let c53 = v128.load(initial, 48);
  for (const end = b + (<usize>depth << 6); b < end; a += 24, b += 64) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c02 = multiplyAdd(a0, b2, c02);
    c03 = multiplyAdd(a0, b3, c03);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c12 = multiplyAdd(a1, b2, c12);
    c13 = multiplyAdd(a1, b3, c13);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c22 = multiplyAdd(a2, b2, c22);
    c23 = multiplyAdd(a2, b3, c23);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    c32 = multiplyAdd(a3, b2, c32);
    c33 = multiplyAdd(a3, b3, c33);
    const a4 = v128.load32_splat(a, 16);
    c40 = multiplyAdd(a4, b0, c40);
    c41 = multiplyAdd(a4, b1, c41);
    c42 = multiplyAdd(a4, b2, c42);
    c43 = multiplyAdd(a4, b3, c43);
    const a5 = v128.load32_splat(a, 20);
    c50 = multiplyAdd(a5, b0, c50);
    c51 = multiplyAdd(a5, b1, c51);
    c52 = multiplyAdd(a5, b2, c52);
    c53 = multiplyAdd(a5, b3, c53);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  v128.store(c, c12, 32);
  v128.store(c, c13, 48);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  v128.store(c, c22, 32);
  v128.store(c, c23, 48);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  v128.store(c, c32, 32);
  v128.store(c, c33, 48);
  c += cRow;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  v128.store(c, c42, 32);
  v128.store(c, c43, 48);
  c += cRow;
  v128.store(c, c50);
  v128.store(c, c51, 16);
  v128.store(c, c52, 32);
  v128.store(c, c53, 48);
}

/**
 * Four rows of sixteen columns, of a panel of six: for the last rows of a product, if they are no more than four. A function of its
 * own, for inside of its caller it would take registers from the others.
 */
export function tile4x16(c: usize, cRow: usize, a: usize, b: usize, depth: i32, initial: usize, initialRow: usize): void {
  let c00 = v128.load(initial);
  let c01 = v128.load(initial, 16);
  let c02 = v128.load(initial, 32);
  let c03 = v128.load(initial, 48);
  initial += initialRow;
  let c10 = v128.load(initial);
  let c11 = v128.load(initial, 16);
  let c12 = v128.load(initial, 32);
  let c13 = v128.load(initial, 48);
  initial += initialRow;
  let c20 = v128.load(initial);
  let c21 = v128.load(initial, 16);
  let c22 = v128.load(initial, 32);
  let c23 = v128.load(initial, 48);
  initial += initialRow;
  let c30 = v128.load(initial);
  let c31 = v128.load(initial, 16);
  let c32 = v128.load(initial, 32);
  let c33 = v128.load(initial, 48);
  for (const end = b + (<usize>depth << 6); b < end; a += 24, b += 64) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    c02 = multiplyAdd(a0, b2, c02);
    c03 = multiplyAdd(a0, b3, c03);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    c12 = multiplyAdd(a1, b2, c12);
    c13 = multiplyAdd(a1, b3, c13);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    c22 = multiplyAdd(a2, b2, c22);
    c23 = multiplyAdd(a2, b3, c23);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    c32 = multiplyAdd(a3, b2, c32);
    c33 = multiplyAdd(a3, b3, c33);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  v128.store(c, c12, 32);
  v128.store(c, c13, 48);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  v128.store(c, c22, 32);
  v128.store(c, c23, 48);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  v128.store(c, c32, 32);
  v128.store(c, c33, 48);
}

/** Four rows of eight columns: the best of those that fit into sixteen registers of four. */
// @ts-ignore: decorator
@inline export function tile4x8(c: usize, cRow: usize, a: usize, b: usize, depth: i32, initial: usize, initialRow: usize): void {
  let c00 = v128.load(initial);
  let c01 = v128.load(initial, 16);
  initial += initialRow;
  let c10 = v128.load(initial);
  let c11 = v128.load(initial, 16);
  initial += initialRow;
  let c20 = v128.load(initial);
  let c21 = v128.load(initial, 16);
  initial += initialRow;
  let c30 = v128.load(initial);
  let c31 = v128.load(initial, 16);
  for (const end = b + (<usize>depth << 6); b < end; a += 16, b += 64) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}
