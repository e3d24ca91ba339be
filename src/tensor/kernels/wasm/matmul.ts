/**
 * The matrix product as operations call it: the operands are copied in, each thread makes a block of the result with
 * `product`, the result is copied out.
 * Read next: product.ts.
 */
import { type Matrix, type ProductSizes, matmul as plain } from "../matmul.ts";
import { isFloat32 } from "./chunks.ts";
import type { Tile } from "./micro-kernel.ts";
import { type ProductFunctions, packingSpace } from "./product.ts";
import { CAPACITY, type Scratch } from "./scratch.ts";
import type { Threads } from "./threads.ts";

/** For fewer multiply-adds, copies and calls take longer than the plain loops. */
const WORTHWHILE = 8192;
/** A thread with fewer multiply-adds to make is not worth the wait for it. */
const WORTH_A_THREAD = 600_000;

/** The last line of a matrix is read up to so many bytes past its end. */
const OVERREAD = 16;

/** A result's rows are `stride` elements apart, from element o of `out` on. */
interface Result {
  readonly out: Float32Array;
  readonly o: number;
  readonly stride: number;
}

/** A block of the result. */
interface Block {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** A matrix's strides in scratch memory, in bytes. */
interface Strides {
  readonly rowStride: number;
  readonly colStride: number;
}

/** Moves on by so many rows and columns. */
function within(x: Matrix, row: number, column: number): Matrix {
  return { ...x, offset: x.offset + row * x.rowStride + column * x.colStride };
}

/** One block a thread, cut between tiles across the longer dimension. */
function blocksOf([m, k, n]: ProductSizes, tile: Tile, numThreads: number): Block[] {
  const count = Math.min(numThreads, Math.floor((m * k * n) / WORTH_A_THREAD));
  if (count <= 1) return [{ row: 0, column: 0, rows: m, columns: n }];
  const [length, unit] = n >= m ? [n, tile.columns] : [m, tile.rows];
  const share = Math.ceil(length / unit / count) * unit;
  return Array.from({ length: Math.ceil(length / share) }, (_, i) => {
    const [start, size] = [i * share, Math.min(share, length - i * share)];
    return n >= m
      ? { row: 0, column: start, rows: m, columns: size }
      : { row: start, column: 0, rows: size, columns: n };
  });
}

/**
 * Copies x (rows, columns) to the address `at`, so that one of its strides is one element: in the order in which it lies
 * if it has lines without gaps between elements, else row by row.
 */
function load({ floats }: Scratch, at: number, x: Matrix, rows: number, columns: number): Strides {
  const { data, offset, rowStride, colStride } = x;
  const copyLines = (lines: number, length: number, stride: number): void => {
    if (stride === length) floats.set(data.subarray(offset, offset + lines * length), at / 4);
    else {
      for (let line = 0, i = offset; line < lines; line++, i += stride) {
        floats.set(data.subarray(i, i + length), at / 4 + line * length);
      }
    }
  };
  if (rowStride === 1 && colStride !== 1) {
    copyLines(columns, rows, colStride);
    return { rowStride: 4, colStride: 4 * rows };
  }
  if (colStride === 1) copyLines(rows, columns, rowStride);
  else {
    for (let row = 0, to = at / 4; row < rows; row++) {
      for (let column = 0, i = offset + row * rowStride; column < columns; column++, i += colStride)
        floats[to++] = data[i];
    }
  }
  return { rowStride: 4 * columns, colStride: 4 };
}

/** Calls `copy` for each row of a result: where it is in `out`, where in scratch memory. One call if there are no gaps. */
function forRows(
  [m, , n]: ProductSizes,
  { o, stride }: Result,
  copy: (o: number, at: number, length: number) => void,
): void {
  if (stride === n) copy(o, 0, m * n);
  else for (let row = 0; row < m; row++) copy(o + row * stride, row * n, n);
}

/**
 * @param scratch where this thread works alone
 * @param team gives the threads that may work together; null if there is only this one
 */
export function matmulKernel(scratch: Scratch<ProductFunctions>, tile: Tile, team: () => Threads | null): typeof plain {
  /** The result, or the result added to what is there. */
  function multiply(result: Result, a: Matrix, b: Matrix, sizes: ProductSizes, accumulate: boolean): void {
    const [m, k, n] = sizes;
    const threads = m * k * n >= 2 * WORTH_A_THREAD ? team() : null;
    const blocks = blocksOf(sizes, tile, threads?.count ?? 1);
    // From address 0 on: the result, a, b, and room for each thread to pack.
    const aStart = 4 * m * n;
    const bStart = aStart + 4 * m * k;
    const packing = bStart + 4 * k * n + OVERREAD;
    const packingBytes = packingSpace(blocks[0].columns, tile);
    const end = packing + blocks.length * packingBytes;
    if (end > CAPACITY) {
      multiplyHalves(result, a, b, sizes, accumulate);
      return;
    }

    const shared = blocks.length > 1 ? threads : null;
    const where = shared?.scratch ?? scratch;
    where.reserve(end);
    const left = load(where, aStart, a, m, k);
    const right = load(where, bStart, b, k, n);
    if (accumulate) {
      forRows(sizes, result, (o, at, length) => where.floats.set(result.out.subarray(o, o + length), at));
    }
    const calls: Parameters<ProductFunctions["product"]>[] = blocks.map(({ row, column, rows, columns }, i) => [
      4 * (row * n + column),
      4 * n,
      aStart + row * left.rowStride,
      left.rowStride,
      left.colStride,
      bStart + column * right.colStride,
      right.colStride,
      right.rowStride,
      rows,
      columns,
      k,
      Number(accumulate),
      packing + i * packingBytes,
    ]);
    const [own, ...others] = calls;
    if (!shared) where.functions.product(...own);
    else if (!shared.run("product", others, () => where.functions.product(...own))) {
      multiply(result, a, b, sizes, accumulate); // again, without the thread that failed
      return;
    }
    forRows(sizes, result, (o, at, length) => result.out.set(where.floats.subarray(at, at + length), o));
  }

  /** What does not fit into scratch memory is made in two parts, along the longest of the three sizes. */
  function multiplyHalves(
    { out, o, stride }: Result,
    a: Matrix,
    b: Matrix,
    sizes: ProductSizes,
    accumulate: boolean,
  ): void {
    const [m, k, n] = sizes;
    const half = (size: number) => Math.ceil(size / 2);
    const first = { out, o, stride };
    if (k >= m && k >= n) {
      multiply(first, a, b, [m, half(k), n], accumulate);
      multiply(first, within(a, 0, half(k)), within(b, half(k), 0), [m, k - half(k), n], true);
    } else if (m >= n) {
      multiply(first, a, b, [half(m), k, n], accumulate);
      const second = { out, o: o + half(m) * stride, stride };
      multiply(second, within(a, half(m), 0), b, [m - half(m), k, n], accumulate);
    } else {
      multiply(first, a, b, [m, k, half(n)], accumulate);
      multiply({ out, o: o + half(n), stride }, a, within(b, 0, half(n)), [m, k, n - half(n)], accumulate);
    }
  }

  return (out, o, a, b, sizes, accumulate = false) => {
    const [m, k, n] = sizes;
    const isLarge = m * k * n >= WORTHWHILE && m * n > 1; // one dot product has nothing to use twice
    if (!isLarge || !isFloat32(out) || !isFloat32(a.data) || !isFloat32(b.data)) {
      plain(out, o, a, b, sizes, accumulate);
    } else multiply({ out, o, stride: n }, a, b, sizes, accumulate);
  };
}
