/** Reading and adding at positions, of elements and of rows, and where the largest elements are. */
import { Value, valuesOfRow } from "./rows";
import { bytes } from "./vectors";

@unmanaged class PositionsJob {
  out: usize;
  x: usize;
  positions: usize;
}

/** out[k] = x[positions[k]], of elements of four bytes */
export function take(job: PositionsJob, from: i32, to: i32): void {
  for (let k = from; k < to; k++) i32.store(job.out + bytes(k), i32.load(job.x + bytes(i32.load(job.positions + bytes(k)))));
}

/** out[positions[k]] += x[k]: by one thread, in order */
export function putAdd(job: PositionsJob, from: i32, to: i32): void {
  for (let k = from; k < to; k++) {
    const at = job.out + bytes(i32.load(job.positions + bytes(k)));
    f32.store(at, f32.load(at) + f32.load(job.x + bytes(k)));
  }
}

@unmanaged class ExtremumJob {
  n: i32;
  inner: i32;
  out: usize;
  x: usize;
  /** -1 for the smallest: of the negative, the largest. */
  sign: f32;
}

/** The index of the first largest element of each row `from` up to `to`; a NaN is larger than all. */
export function extremumOfRows(job: ExtremumJob, from: i32, to: i32): void {
  const n = job.n;
  const sign = f32x4.splat(job.sign);
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    let m0 = f32x4.splat(-Infinity);
    let m1 = m0;
    let at = x;
    let left = n;
    for (; left >= 8; left -= 8, at += 32) {
      m0 = f32x4.max(m0, f32x4.mul(v128.load(at), sign));
      m1 = f32x4.max(m1, f32x4.mul(v128.load(at, 16), sign));
    }
    m0 = f32x4.max(m0, m1);
    let largest = max(max(f32x4.extract_lane(m0, 0), f32x4.extract_lane(m0, 1)), max(f32x4.extract_lane(m0, 2), f32x4.extract_lane(m0, 3)));
    for (; left > 0; left--, at += 4) largest = max(largest, f32.load(at) * job.sign);
    let k = 0;
    if (isNaN(largest)) while (!isNaN(f32.load(x + bytes(k)))) k++;
    else while (f32.load(x + bytes(k)) * job.sign != largest) k++;
    i32.store(job.out + bytes(row), k);
  }
}

/** The same for columns of matrices (n, inner), in groups `from` up to `to` of four columns. */
export function extremumOfColumns(job: ExtremumJob, from: i32, to: i32): void {
  const inner = job.inner;
  const groups = (inner + 3) / 4;
  const sign = f32x4.splat(job.sign);
  for (let group = from; group < to; group++) {
    const matrix = group / groups;
    const column = (group % groups) * 4;
    let x = job.x + bytes(matrix * job.n * inner + column);
    let best = f32x4.mul(v128.load(x), sign);
    let where = i32x4.splat(0);
    for (let k = 1; k < job.n; k++) {
      x += bytes(inner);
      const value = f32x4.mul(v128.load(x), sign);
      const isNew = v128.and(v128.not(f32x4.le(value, best)), f32x4.eq(best, best)); // also where value is NaN
      best = v128.bitselect(value, best, isNew);
      where = v128.bitselect(i32x4.splat(k), where, isNew);
    }
    const out = job.out + bytes(matrix * inner + column);
    const count = min(4, inner - column);
    i32.store(out, i32x4.extract_lane(where, 0));
    if (count > 1) i32.store(out, i32x4.extract_lane(where, 1), 4);
    if (count > 2) i32.store(out, i32x4.extract_lane(where, 2), 8);
    if (count > 3) i32.store(out, i32x4.extract_lane(where, 3), 12);
  }
}

@unmanaged class RowsAtJob {
  width: i32;
  out: usize;
  x: usize;
  /** Numbers of rows, and how many there are. */
  rows: usize;
  count: i32;
}

/** out[k, :] = x[rows[k], :] */
export function takeRows(job: RowsAtJob, from: i32, to: i32): void {
  const width = job.width;
  for (let k = from; k < to; k++) {
    const x = job.x + bytes(i32.load(job.rows + bytes(k)) * width);
    valuesOfRow<Copy>(width, job.out + bytes(k * width), x, x, f32x4.splat(0));
  }
}

@final @unmanaged class Copy extends Value {
  @inline of(a: v128, b: v128, p: v128, q: v128, r: v128, s: v128): v128 { return a; }
}

@final @unmanaged class Sum extends Value {
  @inline of(a: v128, b: v128, p: v128, q: v128, r: v128, s: v128): v128 { return f32x4.add(a, b); }
}

/** out[r, :] = Σ x[k, :] over all k for which rows[k] = r, for r `from` up to `to` */
export function addRows(job: RowsAtJob, from: i32, to: i32): void {
  const width = job.width;
  memory.fill(job.out + bytes(from * width), 0, bytes((to - from) * width));
  for (let k = 0; k < job.count; k++) {
    const row = i32.load(job.rows + bytes(k));
    if (row < from || row >= to) continue;
    const out = job.out + bytes(row * width);
    valuesOfRow<Sum>(width, out, out, job.x + bytes(k * width), f32x4.splat(0));
  }
}
