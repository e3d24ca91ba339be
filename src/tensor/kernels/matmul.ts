/**
 * The matrix product, the one kernel in which a network spends its time.
 */
import type { TypedArray } from "../dtype.ts";

/** A matrix as it lies in memory: element (i, j) is data[offset + i·rowStride + j·colStride]. Transposing swaps strides. */
export interface Matrix {
  readonly data: TypedArray;
  readonly offset: number;
  readonly rowStride: number;
  readonly colStride: number;
}

/** How many rows the result has, how many products each sum, and how many columns. */
export type Initial = "zeros" | "out" | TypedArray;

export type ProductSizes = readonly [m: number, k: number, n: number];

/**
 * out (M, N) = initial + a (M, K) @ b (K, N), where out is row-major from index o: out[i,j] = initial + Σ_p a[i,p] b[p,j].
 * `initial` is "zeros", what "out" holds, or a bias with an element for each column.
 *
 * The result is made in tiles of 2 rows by 4 columns. A tile's eight sums stay in registers while p runs, so that each
 * number that is read from memory takes part in several multiply-adds: three times the speed of one sum at a time.
 * The sums are float64 and are rounded once, when stored. Those of int32 wrap, as its own sums and products do.
 */
export function matmul(
  out: TypedArray,
  o: number,
  a: Matrix,
  b: Matrix,
  sizes: ProductSizes,
  initial: Initial = "zeros",
): void {
  const [m, k, n] = sizes;
  if (initial === "zeros") out.fill(0, o, o + m * n);
  else if (initial !== "out") for (let i = 0; i < m; i++) out.set(initial, o + i * n);
  const isWhole = out instanceof Int32Array;
  const [tiledRows, tiledCols] = isWhole ? [0, 0] : [m - (m % 2), n - (n % 4)];
  const product = isWhole ? wholeDot : dot;
  for (let i = 0; i < tiledRows; i += 2) {
    for (let j = 0; j < tiledCols; j += 4) tile2x4(out, o + i * n + j, n, a, i, b, j, k);
  }
  // What is left: the columns right of the last tile, and the last row when M is odd.
  for (let i = 0; i < m; i++) {
    for (let j = i < tiledRows ? tiledCols : 0; j < n; j++) out[o + i * n + j] += product(a, i, b, j, k);
  }
}

function tile2x4(out: TypedArray, o: number, n: number, a: Matrix, i: number, b: Matrix, j: number, k: number): void {
  const { data: A, rowStride: aRow, colStride: aCol } = a;
  const { data: B, rowStride: bRow, colStride: bCol } = b;
  let at = a.offset + i * aRow;
  let bt = b.offset + j * bCol;
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  for (let p = 0; p < k; p++, at += aCol, bt += bRow) {
    const a0 = A[at];
    const a1 = A[at + aRow];
    const b0 = B[bt];
    const b1 = B[bt + bCol];
    const b2 = B[bt + 2 * bCol];
    const b3 = B[bt + 3 * bCol];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
  }
  out[o] += c00;
  out[o + 1] += c01;
  out[o + 2] += c02;
  out[o + 3] += c03;
  out[o + n] += c10;
  out[o + n + 1] += c11;
  out[o + n + 2] += c12;
  out[o + n + 3] += c13;
}

function dot(a: Matrix, i: number, b: Matrix, j: number, k: number): number {
  let at = a.offset + i * a.rowStride;
  let bt = b.offset + j * b.colStride;
  let sum = 0;
  for (let p = 0; p < k; p++, at += a.colStride, bt += b.rowStride) sum += a.data[at] * b.data[bt];
  return sum;
}

/** The same modulo 2³². */
function wholeDot(a: Matrix, i: number, b: Matrix, j: number, k: number): number {
  let at = a.offset + i * a.rowStride;
  let bt = b.offset + j * b.colStride;
  let sum = 0;
  for (let p = 0; p < k; p++, at += a.colStride, bt += b.rowStride) sum = (sum + Math.imul(a.data[at], b.data[bt])) | 0;
  return sum;
}
