/**
 * The matrix product. Both operands are packed into panels that tiles read from one end to the other: a in panels of a few
 * rows, b in panels of sixteen columns, depth by depth. A task makes a block of the result, a few panels each way; the depth
 * is cut so that a panel of b stays in the first-level cache (Goto & van de Geijn 2008,
 * https://doi.org/10.1145/1356052.1356053).
 */
import { scratch } from "./thread";
import { tile4x8, tile4x16, tile6x16 } from "./tiles";
import { bytes, storeTransposed } from "./vectors";

/** Columns of a panel of b. */
export const COLUMNS: i32 = 16;
/** How deep a panel is that stays in the first-level cache. */
const DEPTH: i32 = 384;
/** Panels of a task. */
const TASK_ROWS: i32 = 8;
const TASK_COLUMNS: i32 = 4;

/** out (m, n) = initial + a (m, k) @ b (k, n); strides in elements. */
@unmanaged class ProductJob {
  m: i32;
  k: i32;
  n: i32;
  out: usize;
  outRow: i32;
  a: usize;
  aRow: i32;
  aColumn: i32;
  b: usize;
  bRow: i32;
  bColumn: i32;
  packedA: usize;
  packedB: usize;
  /** What the sums start from, and its row stride: out itself, a bias and 0, or zeros and 0. */
  initial: usize;
  initialRow: i32;
  /** 1, or 0 for the same sixteen for all columns. */
  initialColumns: i32;
  /** Rows of a panel of a: 6 with vectors of eight, 4 with vectors of four. */
  rows: i32;
}

/** Packs panels: those of a first, then those of b. */
export function pack(job: ProductJob, from: i32, to: i32): void {
  const panelsOfA = (job.m + job.rows - 1) / job.rows;
  for (let p = from; p < to; p++) {
    if (p < panelsOfA) {
      const i = p * job.rows;
      const out = job.packedA + bytes(i * job.k);
      packPanel(out, job.rows, job.a + bytes(i * job.aRow), job.aRow, job.aColumn, min(job.rows, job.m - i), job.k);
    } else {
      const j = (p - panelsOfA) * COLUMNS;
      const out = job.packedB + bytes(j * job.k);
      packPanel(out, COLUMNS, job.b + bytes(j * job.bColumn), job.bColumn, job.bRow, min(COLUMNS, job.n - j), job.k);
    }
  }
}

/** out[d, line] = x[line, d], of `lines` lines, with zeros for those that there are not up to `width`. */
export function packPanel(out: usize, width: i32, x: usize, lineStride: i32, depthStride: i32, lines: i32, depth: i32): void {
  const step = bytes(width);
  for (let line = 0; line < width; line += 4) {
    const at = out + bytes(line);
    const from = x + bytes(line * lineStride);
    const count = min(4, lines - line);
    const isWhole = line + 4 <= width && count == 4;
    if (isWhole && lineStride == 1) copyFour(at, step, from, bytes(depthStride), depth);
    else if (isWhole && depthStride == 1) transposeFour(at, step, from, bytes(lineStride), depth);
    else if (width - line == 2 && count == 2 && lineStride == 1) copyTwo(at, step, from, bytes(depthStride), depth);
    else if (width - line == 2 && count == 2 && depthStride == 1) transposeTwo(at, step, from, bytes(lineStride), depth);
    else packSome(at, step, from, bytes(lineStride), bytes(depthStride), min(4, width - line), count, depth);
  }
}

/** Four lines that are neighbours. */
// @ts-ignore: decorator
@inline function copyFour(out: usize, step: usize, x: usize, depthStride: usize, depth: i32): void {
  for (let d = 0; d < depth; d++, out += step, x += depthStride) v128.store(out, v128.load(x));
}

/** Four lines, each in one piece: blocks of 4 x 4 are transposed in registers. */
// @ts-ignore: decorator
@inline function transposeFour(out: usize, step: usize, x: usize, lineStride: usize, depth: i32): void {
  let d = 0;
  for (; d + 4 <= depth; d += 4, x += 16, out += 4 * step) {
    const x0 = v128.load(x);
    const x1 = v128.load(x + lineStride);
    const x2 = v128.load(x + 2 * lineStride);
    const x3 = v128.load(x + 3 * lineStride);
    storeTransposed(out, step, x0, x1, x2, x3);
  }
  for (; d < depth; d++, x += 4, out += step) {
    f32.store(out, f32.load(x));
    f32.store(out, f32.load(x + lineStride), 4);
    f32.store(out, f32.load(x + 2 * lineStride), 8);
    f32.store(out, f32.load(x + 3 * lineStride), 12);
  }
}

/** The same for two lines, the last of a panel of six. */
// @ts-ignore: decorator
@inline function copyTwo(out: usize, step: usize, x: usize, depthStride: usize, depth: i32): void {
  for (let d = 0; d < depth; d++, out += step, x += depthStride) i64.store(out, i64.load(x));
}

// @ts-ignore: decorator
@inline function transposeTwo(out: usize, step: usize, x: usize, lineStride: usize, depth: i32): void {
  let d = 0;
  for (; d + 4 <= depth; d += 4, x += 16) {
    const x0 = v128.load(x);
    const x1 = v128.load(x + lineStride);
    const low = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const high = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    v128.store64_lane(out, low, 0);
    out += step;
    v128.store64_lane(out, low, 1);
    out += step;
    v128.store64_lane(out, high, 0);
    out += step;
    v128.store64_lane(out, high, 1);
    out += step;
  }
  for (; d < depth; d++, x += 4, out += step) {
    f32.store(out, f32.load(x));
    f32.store(out, f32.load(x + lineStride), 4);
  }
}

/** Any lines. */
function packSome(out: usize, step: usize, x: usize, lineStride: usize, depthStride: usize, width: i32, lines: i32, depth: i32): void {
  for (let d = 0; d < depth; d++, out += step, x += depthStride) {
    for (let line = 0; line < width; line++)
      f32.store(out + bytes(line), line < lines ? f32.load(x + <usize>line * lineStride) : 0);
  }
}

/** Makes blocks of the result, counted row by row. */
export function multiply(job: ProductJob, from: i32, to: i32): void {
  const panelsOfA = (job.m + job.rows - 1) / job.rows;
  const panelsOfB = (job.n + COLUMNS - 1) / COLUMNS;
  const tasksAcross = (panelsOfB + TASK_COLUMNS - 1) / TASK_COLUMNS;
  for (let task = from; task < to; task++) {
    const i0 = (task / tasksAcross) * TASK_ROWS;
    const j0 = (task % tasksAcross) * TASK_COLUMNS;
    multiplyBlock(job, i0, min(i0 + TASK_ROWS, panelsOfA), j0, min(j0 + TASK_COLUMNS, panelsOfB));
  }
}

/** The same for blocks of all rows, each of whose panels of b is packed by the thread that needs it. */
export function multiplyColumns(job: ProductJob, from: i32, to: i32): void {
  const panelsOfA = (job.m + job.rows - 1) / job.rows;
  const panelsOfB = (job.n + COLUMNS - 1) / COLUMNS;
  for (let task = from; task < to; task++) {
    const j0 = task * TASK_COLUMNS;
    const j1 = min(j0 + TASK_COLUMNS, panelsOfB);
    pack(job, panelsOfA + j0, panelsOfA + j1);
    for (let i = 0; i < panelsOfA; i += 2 * TASK_ROWS) multiplyBlock(job, i, min(i + 2 * TASK_ROWS, panelsOfA), j0, j1);
  }
}

/** Panels i0 up to i1 of a by panels j0 up to j1 of b. */
function multiplyBlock(job: ProductJob, i0: i32, i1: i32, j0: i32, j1: i32): void {
  for (let d = 0; d < job.k; ) {
    const left = job.k - d;
    // A last stretch between one block and two is halved, so that no block is very short.
    const depth = left >= 2 * DEPTH ? DEPTH : left > DEPTH ? (left / 2 + 7) & -8 : left;
    for (let j = j0; j < j1; j++) for (let i = i0; i < i1; i++) multiplyTile(job, i * job.rows, j * COLUMNS, d, depth);
    d += depth;
  }
}

// @ts-ignore: decorator
@inline function multiplyTile(job: ProductJob, i: i32, j: i32, d: i32, depth: i32): void {
  const rows = job.rows;
  const a = job.packedA + bytes(i * job.k + d * rows);
  const b = job.packedB + bytes(j * job.k + d * COLUMNS);
  const c = job.out + bytes(i * job.outRow + j);
  let initial = c;
  let initialRow = bytes(job.outRow);
  if (d == 0) {
    initialRow = bytes(job.initialRow);
    initial = job.initial + <usize>i * initialRow + bytes(j * job.initialColumns);
  }
  tile(rows, job.m - i, job.n - j, c, bytes(job.outRow), a, b, depth, initial, initialRow);
}

/** c = initial + a @ b for a tile of so many rows; of one at the edge, what is past `rowsLeft` and `columnsLeft` is left alone. */
export function tile(
  rows: i32,
  rowsLeft: i32,
  columnsLeft: i32,
  c: usize,
  cRow: usize,
  a: usize,
  b: usize,
  depth: i32,
  initial: usize,
  initialRow: usize,
): void {
  const isShort = rows == 6 && rowsLeft <= 4;
  if (rowsLeft >= (isShort ? 4 : rows) && columnsLeft >= COLUMNS)
    return wholeTile(rows, isShort, c, cRow, a, b, depth, initial, initialRow);
  rowsLeft = min(rows, rowsLeft);
  columnsLeft = min(COLUMNS, columnsLeft);
  for (let r = 0; r < rowsLeft; r++)
    memory.copy(scratch + (<usize>r << 6), initial + <usize>r * initialRow, bytes(columnsLeft));
  wholeTile(rows, isShort, scratch, 64, a, b, depth, scratch, 64);
  for (let r = 0; r < rowsLeft; r++) memory.copy(c + <usize>r * cRow, scratch + (<usize>r << 6), bytes(columnsLeft));
}

// @ts-ignore: decorator
@inline function wholeTile(
  rows: i32,
  isShort: bool,
  c: usize,
  cRow: usize,
  a: usize,
  b: usize,
  depth: i32,
  initial: usize,
  initialRow: usize,
): void {
  if (isShort) tile4x16(c, cRow, a, b, depth, initial, initialRow);
  else if (rows == 6) tile6x16(c, cRow, a, b, depth, initial, initialRow);
  else {
    tile4x8(c, cRow, a, b, depth, initial, initialRow);
    tile4x8(c + 32, cRow, a, b + 32, depth, initial + 32, initialRow);
  }
}
