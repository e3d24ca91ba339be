/** The matrix product: its operands are packed, then multiplied, both by all threads. */
import { type Initial, type Matrix, type ProductSizes, matmul as plain } from "../matmul.ts";
import { isFloat32 } from "./float32.ts";
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";

/** For fewer multiply-adds, packing takes longer than the plain loops. */
const WORTHWHILE = 2048;
/** Multiply-adds of a block, at the least. */
const BLOCK = 250_000;
/** From so many tasks side by side on, a thread packs the panels of b that it needs itself: they are in its cache then. */
const WIDE_ENOUGH = 4;
/** Columns of a packed panel of b; panels each way of a task. As in ../assembly/matmul.ts. */
const [COLUMNS, TASK_ROWS, TASK_COLUMNS] = [16, 8, 4];

/** @param rows of a tile, which depend on how wide the machine's vectors are */
export function matmulKernel(jobs: Jobs, rows: number): typeof plain {
  /** The result's rows are `stride` elements apart. */
  function multiply(
    out: Float32Array,
    o: number,
    stride: number,
    a: Matrix,
    b: Matrix,
    sizes: ProductSizes,
    initial: Initial,
  ): void {
    const [m, k, n] = sizes;
    const [panelsOfA, panelsOfB] = [Math.ceil(m / rows), Math.ceil(n / COLUMNS)];
    const [bytesOfA, bytesOfB] = [4 * panelsOfA * rows * k, 4 * panelsOfB * COLUMNS * k];
    if (bytesOfA + bytesOfB > STAGE_BYTES / 4) {
      multiplyHalves(out, o, stride, a, b, sizes, initial);
      return;
    }
    const start =
      initial === "zeros"
        ? [ZEROS, 0, 0]
        : initial === "out"
          ? [jobs.output(out, o), stride, 1]
          : [jobs.input(initial), 0, 1];
    const words = [
      ...[m, k, n, jobs.output(out, o), stride],
      ...[jobs.input(a.data, a.offset), a.rowStride, a.colStride],
      ...[jobs.input(b.data, b.offset), b.rowStride, b.colStride],
      ...[jobs.stage(bytesOfA), jobs.stage(bytesOfB)],
      ...start,
      rows,
    ];
    const across = Math.ceil(panelsOfB / TASK_COLUMNS);
    if (across >= WIDE_ENOUGH) {
      jobs.run("pack", panelsOfA, Math.ceil(8192 / k), words);
      jobs.run("multiplyColumns", across, Math.ceil((BLOCK * across) / (m * k * n)), words);
    } else {
      const tasks = Math.ceil(panelsOfA / TASK_ROWS) * across;
      jobs.run("pack", panelsOfA + panelsOfB, Math.ceil(8192 / k), words);
      jobs.run("multiply", tasks, Math.ceil((BLOCK * tasks) / (m * k * n)), words);
    }
    jobs.finish();
  }

  /** What is too large to be packed at once is made in two parts, along the longest of the three sizes. */
  function multiplyHalves(
    out: Float32Array,
    o: number,
    stride: number,
    a: Matrix,
    b: Matrix,
    [m, k, n]: ProductSizes,
    initial: Initial,
  ): void {
    if (k >= m && k >= n) {
      const half = Math.ceil(k / 2);
      multiply(out, o, stride, a, b, [m, half, n], initial);
      const right = { ...a, offset: a.offset + half * a.colStride };
      const below = { ...b, offset: b.offset + half * b.rowStride };
      multiply(out, o, stride, right, below, [m, k - half, n], "out");
    } else if (m >= n) {
      const half = Math.ceil(m / 2);
      multiply(out, o, stride, a, b, [half, k, n], initial);
      const below = { ...a, offset: a.offset + half * a.rowStride };
      multiply(out, o + half * stride, stride, below, b, [m - half, k, n], initial);
    } else {
      const half = Math.ceil(n / 2);
      const [left, right] =
        typeof initial === "string" ? [initial, initial] : [initial.subarray(0, half), initial.subarray(half)];
      multiply(out, o, stride, a, b, [m, k, half], left);
      const beside = { ...b, offset: b.offset + half * b.colStride };
      multiply(out, o + half, stride, a, beside, [m, k, n - half], right);
    }
  }

  return (out, o, a, b, sizes, initial = "zeros") => {
    const [m, k, n] = sizes;
    const isLarge = m * k * n >= WORTHWHILE && m * n > 1; // one dot product has nothing to use twice
    if (isLarge && isFloat32(out) && jobs.takes(out, a.data, b.data)) multiply(out, o, n, a, b, sizes, initial);
    else plain(out, o, a, b, sizes, initial);
  };
}
