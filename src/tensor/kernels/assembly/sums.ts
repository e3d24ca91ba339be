/** Sums of terms over rows, and over columns: few are added in float32, and their sums in float64, as in rows.ts. */
import { Deviation, Element, exactSum, Square, sumOfRow, Term } from "./rows";
import { bytes } from "./vectors";

@unmanaged class RowsJob {
  /** Elements of a row. */
  n: i32;
  x: usize;
  /** One for each row. */
  shifts: usize;
  /** A row falls into parts of so many elements; each has a sum of its own, float64. */
  part: i32;
  sums: usize;
}

/** The sum of each part `from` up to `to`, counted row by row. */
// @ts-ignore: decorator
@inline function sumsOfRows<F extends Term>(job: RowsJob, from: i32, to: i32): void {
  const n = job.n;
  const parts = (n + job.part - 1) / job.part;
  for (let p = from; p < to; p++) {
    const row = p / parts;
    const start = (p % parts) * job.part;
    const x = job.x + bytes(row * n + start);
    const shift = v128.load32_splat(job.shifts + bytes(row));
    f64.store(job.sums + (<usize>p << 3), sumOfRow<F>(min(job.part, n - start), x, x, shift));
  }
}

/** Columns of a strip, and how many of its rows are summed at a time: they stay in the first-level cache. */
export const STRIP: i32 = 64;
export const ROWS: i32 = 8;

@unmanaged class ColumnsJob {
  rows: i32;
  columns: i32;
  x: usize;
  /** One for each column. */
  shifts: usize;
  /** One for each column, float64. */
  sums: usize;
}

/** The sums of the columns of strips `from` up to `to`, counted matrix by matrix. */
// @ts-ignore: decorator
@inline function sumsOfColumns<F extends Term>(job: ColumnsJob, from: i32, to: i32): void {
  const columns = job.columns;
  const strips = (columns + STRIP - 1) / STRIP;
  for (let strip = from; strip < to; strip++) {
    const matrix = strip / strips;
    const first = (strip % strips) * STRIP;
    const at = job.sums + (<usize>(matrix * columns + first) << 3);
    const start = bytes(matrix * job.rows * columns + first);
    const width = min(STRIP, columns - first);
    const x = job.x + start;
    sumsOfStrip<F>(at, job.rows, width, x, x, job.shifts + bytes(first), columns);
  }
}

/** The sums of up to STRIP columns of a matrix, from its first row on. */
export function sumsOfStrip<F extends Term>(
  sums: usize,
  rows: i32,
  width: i32,
  a: usize,
  b: usize,
  shifts: usize,
  columns: i32,
): void {
  memory.fill(sums, 0, <usize>width << 3);
  for (let row = 0; row < rows; row += ROWS) {
    const start = bytes(row * columns);
    addRows<F>(sums, min(ROWS, rows - row), width, a + start, b + start, shifts, columns);
  }
  const f = changetype<F>(0);
  for (let column = 0; column < width; column++, a += 4, b += 4, shifts += 4, sums += 8)
    if (!f.isSafe(f64.load(sums))) f64.store(sums, exactSum<F>(rows, a, b, f32.load(shifts), bytes(columns)));
}

/** Adds a few rows to the sums of columns. */
// @ts-ignore: decorator
@inline function addRows<F extends Term>(
  sums: usize,
  rows: i32,
  width: i32,
  a: usize,
  b: usize,
  shifts: usize,
  columns: i32,
): void {
  const f = changetype<F>(0);
  const step = bytes(columns);
  let left = width;
  for (; left >= 16; left -= 16, a += 64, b += 64, shifts += 64, sums += 128) {
    const shift0 = v128.load(shifts);
    const shift1 = v128.load(shifts, 16);
    const shift2 = v128.load(shifts, 32);
    const shift3 = v128.load(shifts, 48);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let aAt = a;
    let bAt = b;
    for (let r = 0; r < rows; r++, aAt += step, bAt += step) {
      s0 = f32x4.add(s0, f.of(v128.load(aAt), f.second(bAt), shift0));
      s1 = f32x4.add(s1, f.of(v128.load(aAt, 16), f.second(bAt + 16), shift1));
      s2 = f32x4.add(s2, f.of(v128.load(aAt, 32), f.second(bAt + 32), shift2));
      s3 = f32x4.add(s3, f.of(v128.load(aAt, 48), f.second(bAt + 48), shift3));
    }
    addTo(sums, s0);
    addTo(sums + 32, s1);
    addTo(sums + 64, s2);
    addTo(sums + 96, s3);
  }
  for (; left >= 4; left -= 4, a += 16, b += 16, shifts += 16, sums += 32) {
    const shift = v128.load(shifts);
    let s = f32x4.splat(0);
    let aAt = a;
    let bAt = b;
    for (let r = 0; r < rows; r++, aAt += step, bAt += step)
      s = f32x4.add(s, f.of(v128.load(aAt), f.second(bAt), shift));
    addTo(sums, s);
  }
  for (; left > 0; left--, a += 4, b += 4, shifts += 4, sums += 8) {
    const shift = v128.load32_zero(shifts);
    let aAt = a;
    let bAt = b;
    for (let r = 0; r < rows; r++, aAt += step, bAt += step) {
      const term = f.of(v128.load32_zero(aAt), v128.load32_zero(bAt), shift);
      f64.store(sums, f64.load(sums) + <f64>f32x4.extract_lane(term, 0));
    }
  }
}

/** Adds four numbers to four of float64. */
// @ts-ignore: decorator
@inline export function addTo(sums: usize, s: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(s)));
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(s, s, 2, 3, 2, 3));
  v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16);
}

export function elementsOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Element>(job, from, to); }
export function deviationsOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Deviation>(job, from, to); }
export function squaresOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Square>(job, from, to); }
export function elementsOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Element>(job, from, to); }
export function deviationsOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Deviation>(job, from, to); }
export function squaresOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Square>(job, from, to); }

@unmanaged class TotalsJob {
  /** Of each total, neighbours of float64. */
  parts: i32;
  sums: usize;
  /** They are divided by so much, and added to float32 that are there already if `base` is not 0. */
  divisor: i32;
  base: usize;
  out: usize;
}

// @ts-ignore: decorator
@inline function total(job: TotalsJob, k: i32): f64 {
  let sum: f64 = 0;
  for (let p = 0; p < job.parts; p++) sum += f64.load(job.sums + (<usize>(k * job.parts + p) << 3));
  sum /= <f64>job.divisor;
  return job.base ? sum + <f64>f32.load(job.base + bytes(k)) : sum;
}

/** Totals `from` up to `to`, rounded to float32. */
export function totals(job: TotalsJob, from: i32, to: i32): void {
  for (let k = from; k < to; k++) f32.store(job.out + bytes(k), <f32>total(job, k));
}

/** Their roots, also where a total is too large or small for float32. */
export function rootsOfTotals(job: TotalsJob, from: i32, to: i32): void {
  for (let k = from; k < to; k++) f32.store(job.out + bytes(k), <f32>sqrt(total(job, k)));
}
