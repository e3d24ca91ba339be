/**
 * Sums of terms: over rows, and over columns. Few terms are added in float32, and their sums in float64: as exact as a plain
 * loop in float64 for all that float32 can hold of it, at several times its speed.
 */
import { bytes } from "./vectors";

/** What is summed, of elements a and b and a number of their row or column. */
@unmanaged class Term {
  of(a: v128, b: v128, shift: v128): v128 { return a; }
  /** Four elements of b; nothing where the term is of a alone. */
  second(b: usize): v128 { return v128.load(b); }
}

@unmanaged class RowsJob {
  /** Elements of a row. */
  n: i32;
  a: usize;
  b: usize;
  /** Where the rows' shifts are, one for each of so many channels, in turn. */
  shifts: usize;
  channels: i32;
  /** A row falls into parts of so many elements; each has a sum of its own, float64. */
  part: i32;
  sums: usize;
}

// @ts-ignore: decorator
@inline function sumOfVector(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)));
}

/** The sum of each part `from` up to `to`, counted row by row. */
// @ts-ignore: decorator
@inline function sumsOfRows<F extends Term>(job: RowsJob, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const n = job.n;
  const parts = (n + job.part - 1) / job.part;
  for (let p = from; p < to; p++) {
    const row = p / parts;
    const start = (p % parts) * job.part;
    let left = min(job.part, n - start);
    let a = job.a + bytes(row * n + start);
    let b = job.b + bytes(row * n + start);
    const shift = v128.load32_splat(job.shifts + bytes(row % job.channels));
    let total = f64x2.splat(0);
    while (left >= 32) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let s4 = s0;
      let s5 = s0;
      let s6 = s0;
      let s7 = s0;
      const rounds = min(left >> 5, 16);
      left -= rounds << 5;
      for (const end = a + (<usize>rounds << 7); a < end; a += 128, b += 128) {
        s0 = f32x4.add(s0, f.of(v128.load(a), f.second(b), shift));
        s1 = f32x4.add(s1, f.of(v128.load(a, 16), f.second(b + 16), shift));
        s2 = f32x4.add(s2, f.of(v128.load(a, 32), f.second(b + 32), shift));
        s3 = f32x4.add(s3, f.of(v128.load(a, 48), f.second(b + 48), shift));
        s4 = f32x4.add(s4, f.of(v128.load(a, 64), f.second(b + 64), shift));
        s5 = f32x4.add(s5, f.of(v128.load(a, 80), f.second(b + 80), shift));
        s6 = f32x4.add(s6, f.of(v128.load(a, 96), f.second(b + 96), shift));
        s7 = f32x4.add(s7, f.of(v128.load(a, 112), f.second(b + 112), shift));
      }
      total = f64x2.add(total, f64x2.add(sumOfVector(s0), sumOfVector(s1)));
      total = f64x2.add(total, f64x2.add(sumOfVector(s2), sumOfVector(s3)));
      total = f64x2.add(total, f64x2.add(sumOfVector(s4), sumOfVector(s5)));
      total = f64x2.add(total, f64x2.add(sumOfVector(s6), sumOfVector(s7)));
    }
    for (; left >= 4; left -= 4, a += 16, b += 16)
      total = f64x2.add(total, sumOfVector(f.of(v128.load(a), f.second(b), shift)));
    let sum = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
    for (; left > 0; left--, a += 4, b += 4)
      sum += <f64>f32x4.extract_lane(f.of(v128.load32_zero(a), v128.load32_zero(b), shift), 0);
    f64.store(job.sums + (<usize>p << 3), sum);
  }
}

/** Adds four numbers to four sums. */
// @ts-ignore: decorator
@inline function addVector(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)));
  const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
  v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16);
}

/** Columns of a strip. */
const STRIP: i32 = 64;

@unmanaged class ColumnsJob {
  rows: i32;
  columns: i32;
  a: usize;
  b: usize;
  /** One for each column. */
  shifts: usize;
  /** One for each column, float64. */
  sums: usize;
}

/** The sums of the columns of strips `from` up to `to`, counted matrix by matrix. */
// @ts-ignore: decorator
@inline function sumsOfColumns<F extends Term>(job: ColumnsJob, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const columns = job.columns;
  const step = bytes(columns);
  const strips = (columns + STRIP - 1) / STRIP;
  for (let strip = from; strip < to; strip++) {
    const matrix = strip / strips;
    const first = (strip % strips) * STRIP;
    const width = min(STRIP, columns - first);
    const sums = job.sums + (<usize>(matrix * columns + first) << 3);
    memory.fill(sums, 0, <usize>width << 3);
    let a = job.a + bytes(matrix * job.rows * columns + first);
    let b = job.b + bytes(matrix * job.rows * columns + first);
    for (let left = job.rows; left > 0; ) {
      const rows = min(left, 8);
      left -= rows;
      let c = 0;
      for (; c + 16 <= width; c += 16) {
        const shifts = job.shifts + bytes(first + c);
        const shift0 = v128.load(shifts);
        const shift1 = v128.load(shifts, 16);
        const shift2 = v128.load(shifts, 32);
        const shift3 = v128.load(shifts, 48);
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        let aAt = a + bytes(c);
        let bAt = b + bytes(c);
        for (let r = 0; r < rows; r++, aAt += step, bAt += step) {
          s0 = f32x4.add(s0, f.of(v128.load(aAt), f.second(bAt), shift0));
          s1 = f32x4.add(s1, f.of(v128.load(aAt, 16), f.second(bAt + 16), shift1));
          s2 = f32x4.add(s2, f.of(v128.load(aAt, 32), f.second(bAt + 32), shift2));
          s3 = f32x4.add(s3, f.of(v128.load(aAt, 48), f.second(bAt + 48), shift3));
        }
        const at = sums + (<usize>c << 3);
        addVector(at, s0);
        addVector(at + 32, s1);
        addVector(at + 64, s2);
        addVector(at + 96, s3);
      }
      for (; c + 4 <= width; c += 4) {
        const shift = v128.load(job.shifts + bytes(first + c));
        let s = f32x4.splat(0);
        let aAt = a + bytes(c);
        let bAt = b + bytes(c);
        for (let r = 0; r < rows; r++, aAt += step, bAt += step)
          s = f32x4.add(s, f.of(v128.load(aAt), f.second(bAt), shift));
        addVector(sums + (<usize>c << 3), s);
      }
      for (; c < width; c++) {
        const shift = v128.load32_zero(job.shifts + bytes(first + c));
        const at = sums + (<usize>c << 3);
        for (let r = 0; r < rows; r++) {
          const offset = bytes(r * columns + c);
          const term = f.of(v128.load32_zero(a + offset), v128.load32_zero(b + offset), shift);
          f64.store(at, f64.load(at) + <f64>f32x4.extract_lane(term, 0));
        }
      }
      a += <usize>rows * step;
      b += <usize>rows * step;
    }
  }
}

/** a */
@final @unmanaged class Element extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return a; }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
}
export function elementsOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Element>(job, from, to); }
export function elementsOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Element>(job, from, to); }

/** a - shift */
@final @unmanaged class Deviation extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return f32x4.sub(a, shift); }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
}
export function deviationsOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Deviation>(job, from, to); }
export function deviationsOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Deviation>(job, from, to); }

/** (a - shift)² */
@final @unmanaged class Square extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 {
    const deviation = f32x4.sub(a, shift);
    return f32x4.mul(deviation, deviation);
  }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
}
export function squaresOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Square>(job, from, to); }
export function squaresOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Square>(job, from, to); }

/** a · (b - shift) */
@final @unmanaged class Dot extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return f32x4.mul(a, f32x4.sub(b, shift)); }
  @inline second(b: usize): v128 { return v128.load(b); }
}
export function dotsOfRows(job: RowsJob, from: i32, to: i32): void { sumsOfRows<Dot>(job, from, to); }
export function dotsOfColumns(job: ColumnsJob, from: i32, to: i32): void { sumsOfColumns<Dot>(job, from, to); }
