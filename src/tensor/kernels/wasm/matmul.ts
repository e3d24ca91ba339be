/**
 * The matrix product as operations call it: the operands are copied in, each thread makes a block of the result with
 * `product`, the result is copied out.
 * Read next: product.ts.
 */
import { type Matrix, type ProductSizes, matmul as plain } from "../matmul.ts";
import type { Tile } from "./micro-kernel.ts";
import { type ProductFunctions, packingSpace } from "./product.ts";
import { CAPACITY, isFloat32, type Scratch, WORTHWHILE_PRODUCT } from "./scratch.ts";
import type { Threads } from "./threads.ts";

/** A thread with fewer multiply-adds to make is not worth the wait for it. */
const WORTH_A_THREAD = 600_000;

/** The last line of a matrix is read up to so many bytes past its end. */
const OVERREAD = 16;

/** Where in the result a block begins, and of what size it is. */
type Block = readonly [row: number, column: number, rows: number, columns: number];

/** Moves on by so many rows and columns. */
function within(x: Matrix, row: number, column: number): Matrix {
  return { ...x, offset: x.offset + row * x.rowStride + column * x.colStride };
}

/** One block a thread, cut between tiles across the longer dimension. */
function blocksOf([m, k, n]: ProductSizes, tile: Tile, numThreads: number): Block[] {
  const count = Math.min(numThreads, Math.floor((m * k * n) / WORTH_A_THREAD));
  if (count <= 1) return [[0, 0, m, n]];
  const [length, unit] = n >= m ? [n, tile.columns] : [m, tile.rows];
  const share = Math.ceil(length / unit / count) * unit;
  return Array.from({ length: Math.ceil(length / share) }, (_, i) => {
    const [start, size] = [i * share, Math.min(share, length - i * share)];
    return n >= m ? [0, start, m, size] : [start, 0, size, n];
  });
}

/**
 * Copies x (rows, columns) to the address `at`, so that one of its strides is one element: in the order in which it lies
 * if it has lines without gaps between elements, else row by row. Returns its strides there, in bytes.
 */
function load(
  { floats }: Scratch,
  at: number,
  x: Matrix,
  rows: number,
  columns: number,
): [row: number, column: number] {
  const { data, offset, rowStride, colStride } = x;
  const inColumns = rowStride === 1 && colStride !== 1;
  const [lines, length] = inColumns ? [columns, rows] : [rows, columns];
  const [stride, step] = inColumns ? [colStride, rowStride] : [rowStride, colStride];
  if (step === 1 && stride === length) floats.set(data.subarray(offset, offset + lines * length), at / 4);
  else {
    for (let line = 0, i = offset, to = at / 4; line < lines; line++, i += stride, to += length) {
      if (step === 1) floats.set(data.subarray(i, i + length), to);
      else for (let k = 0; k < length; k++) floats[to + k] = data[i + k * step];
    }
  }
  return inColumns ? [4, 4 * rows] : [4 * columns, 4];
}

/** Copies the result (m, n), which begins at address 0. */
function store({ floats }: Scratch, { data, offset, rowStride }: Matrix, [m, , n]: ProductSizes): void {
  if (rowStride === n) data.set(floats.subarray(0, m * n), offset);
  else for (let row = 0; row < m; row++) data.set(floats.subarray(row * n, (row + 1) * n), offset + row * rowStride);
}

/**
 * @param scratch where this thread works alone
 * @param team gives the threads that may work together; null if there is only this one
 */
export function matmulKernel(scratch: Scratch<ProductFunctions>, tile: Tile, team: () => Threads | null): typeof plain {
  /** The result, or the result added to what is there. */
  function multiply(result: Matrix, a: Matrix, b: Matrix, sizes: ProductSizes, accumulate: boolean): void {
    const [m, k, n] = sizes;
    const threads = m * k * n >= 2 * WORTH_A_THREAD ? team() : null;
    const blocks = blocksOf(sizes, tile, threads?.count ?? 1);
    // From address 0 on: the result, a, b, and room for each thread to pack.
    const aStart = 4 * m * n;
    const bStart = aStart + 4 * m * k;
    const packing = bStart + 4 * k * n + OVERREAD;
    const packingBytes = packingSpace(blocks[0][3], tile); // no block has more columns than the first
    const end = packing + blocks.length * packingBytes;
    if (end > CAPACITY) {
      multiplyHalves(result, a, b, sizes, accumulate);
      return;
    }

    const shared = blocks.length > 1 ? threads : null;
    const where = shared?.scratch ?? scratch;
    where.reserve(end);
    const [aRow, aDepth] = load(where, aStart, a, m, k);
    const [bDepth, bColumn] = load(where, bStart, b, k, n);
    if (accumulate) load(where, 0, result, m, n);
    const calls = blocks.map(([row, column, rows, columns], i): Parameters<ProductFunctions["product"]> => {
      const c = 4 * (row * n + column);
      const left = [aStart + row * aRow, aRow, aDepth] as const;
      const right = [bStart + column * bColumn, bColumn, bDepth] as const;
      return [c, 4 * n, ...left, ...right, rows, columns, k, Number(accumulate), packing + i * packingBytes];
    });
    const [own, ...others] = calls;
    if (!shared) where.functions.product(...own);
    else if (!shared.run("product", others, () => where.functions.product(...own))) {
      multiply(result, a, b, sizes, accumulate); // again, without the thread that failed
      return;
    }
    store(where, result, sizes);
  }

  /** What does not fit into scratch memory is made in two parts, along the longest of the three sizes. */
  function multiplyHalves(result: Matrix, a: Matrix, b: Matrix, [m, k, n]: ProductSizes, accumulate: boolean): void {
    const half = Math.ceil(Math.max(m, k, n) / 2);
    const [i, p, j] = k >= m && k >= n ? [0, half, 0] : m >= n ? [half, 0, 0] : [0, 0, half];
    multiply(result, a, b, [i || m, p || k, j || n], accumulate);
    const [rest, left, right] = [within(result, i, j), within(a, i, p), within(b, p, j)];
    multiply(rest, left, right, [m - i, k - p, n - j], accumulate || p > 0);
  }

  return (out, o, a, b, sizes, accumulate = false) => {
    const [m, k, n] = sizes;
    const isLarge = m * k * n >= WORTHWHILE_PRODUCT && m * n > 1; // one dot product has nothing to use twice
    if (!isLarge || !isFloat32(out) || !isFloat32(a.data) || !isFloat32(b.data)) {
      plain(out, o, a, b, sizes, accumulate);
    } else multiply({ data: out, offset: o, rowStride: n, colStride: 1 }, a, b, sizes, accumulate);
  };
}
