/** The matrix product: its operands are packed, then multiplied, both by all threads. */
import type { TypedArray } from "../../dtype.ts";
import type { Matrix, matmul, ProductSizes } from "../matmul.ts";
import { isFloat32 } from "./float32.ts";
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";

/** For fewer multiply-adds, packing takes longer than the plain loops. */
const WORTHWHILE = 2048;
/** Multiply-adds of a block, at the least. */
const BLOCK = 250_000;
/** Rows and columns times depth that are packed as a block. */
const PACKED = 8192;
/** From so many tasks side by side on, a thread packs the panels of b that it needs itself: they are in its cache then. */
const WIDE_ENOUGH = 4;
/** Columns of a packed panel of b; panels each way of a task. As in ../assembly/matmul.ts. */
const [COLUMNS, TASK_ROWS, TASK_COLUMNS] = [16, 8, 4];

/** A matrix in memory; steps are in elements. */
interface Placed {
  readonly address: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** The matrix without its first rows, and without its first columns. */
const below = (x: Placed, rows: number): Placed => ({ ...x, address: x.address + 4 * rows * x.rowStep });
const beside = (x: Placed, columns: number): Placed => ({ ...x, address: x.address + 4 * columns * x.columnStep });

/** How much may be packed at once. Bytes. */
const MOST_PACKED = STAGE_BYTES / 3;

export function matmulKernel(jobs: Jobs, plain: typeof matmul): typeof matmul {
  const rows = jobs.rowsOfTile;
  const packedBytes = ([m, k, n]: ProductSizes): [a: number, b: number] => [
    64 * Math.ceil((Math.ceil(m / rows) * rows * k) / 16),
    4 * Math.ceil(n / COLUMNS) * COLUMNS * k,
  ];

  /** out = initial + a @ b, packed from `panels` on. Of one row for all, initial has the row step 0; of zeros, no steps. */
  function multiply(out: Placed, a: Placed, b: Placed, sizes: ProductSizes, initial: Placed, panels: number): void {
    const [bytesOfA, bytesOfB] = packedBytes(sizes);
    if (bytesOfA + bytesOfB > MOST_PACKED) {
      multiplyHalves(out, a, b, sizes, initial, panels);
      return;
    }
    const [m, k, n] = sizes;
    const [panelsOfA, panelsOfB] = [Math.ceil(m / rows), Math.ceil(n / COLUMNS)];
    const words = [
      ...[m, k, n, out.address, out.rowStep],
      ...[a.address, a.rowStep, a.columnStep],
      ...[b.address, b.rowStep, b.columnStep],
      ...[panels, panels + bytesOfA],
      ...[initial.address, initial.rowStep, initial.columnStep],
      rows,
    ];
    const across = Math.ceil(panelsOfB / TASK_COLUMNS);
    if (across >= WIDE_ENOUGH) {
      jobs.run("pack", panelsOfA, Math.ceil(PACKED / k), words);
      jobs.run("multiplyColumns", across, Math.ceil((BLOCK * across) / (m * k * n)), words);
    } else {
      const tasks = Math.ceil(panelsOfA / TASK_ROWS) * across;
      jobs.run("pack", panelsOfA + panelsOfB, Math.ceil(PACKED / k), words);
      jobs.run("multiply", tasks, Math.ceil((BLOCK * tasks) / (m * k * n)), words);
    }
  }

  /** What is too large to be packed at once is made in two parts, along the longest of the three sizes. */
  function multiplyHalves(
    out: Placed,
    a: Placed,
    b: Placed,
    [m, k, n]: ProductSizes,
    initial: Placed,
    panels: number,
  ): void {
    const [p, q] = [Math.ceil(Math.max(m, k, n) / 2), Math.floor(Math.max(m, k, n) / 2)];
    if (k >= m && k >= n) {
      multiply(out, a, b, [m, p, n], initial, panels);
      multiply(out, beside(a, p), below(b, p), [m, q, n], out, panels);
    } else if (m >= n) {
      multiply(out, a, b, [p, k, n], initial, panels);
      multiply(below(out, p), below(a, p), b, [q, k, n], below(initial, p), panels);
    } else {
      multiply(out, a, b, [m, k, p], initial, panels);
      multiply(beside(out, p), a, beside(b, p), [m, k, q], beside(initial, p), panels);
    }
  }

  const placed = ({ data, offset, rowStride, colStride }: Matrix): Placed => ({
    ...{ address: jobs.input(data, offset), rowStep: rowStride, columnStep: colStride },
  });

  return (out, o, a, b, sizes, initial = "zeros") => {
    const [m, k, n] = sizes;
    const isLarge = m * k * n >= WORTHWHILE && m * n > 1; // one dot product has nothing to use twice
    if (!isLarge || !isFloat32(out) || !jobs.takes(out, a.data, b.data)) {
      plain(out, o, a, b, sizes, initial);
      return;
    }
    const y = { address: jobs.output(out, o), rowStep: n, columnStep: 1 };
    const zeros = { address: ZEROS, rowStep: 0, columnStep: 0 };
    const row = (bias: TypedArray) => ({ address: jobs.input(bias), rowStep: 0, columnStep: 1 });
    const start = initial === "zeros" ? zeros : initial === "out" ? y : row(initial);
    const [bytesOfA, bytesOfB] = packedBytes(sizes);
    const panels = jobs.stage(Math.min(bytesOfA + bytesOfB, MOST_PACKED));
    multiply(y, placed(a), placed(b), sizes, start, panels);
    jobs.finish();
  };
}
