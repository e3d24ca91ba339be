/** Reading and adding at positions, of elements and of rows, and where the largest elements are. */
import { Sum, Value, valuesOfRow } from "./rows";
import { bytes, storeFirst } from "./vectors";

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
  /** A row falls into parts of so many elements; each has a position of its own. */
  part: i32;
}

/** The largest or the smallest. Both pass over NaN, which is looked for beside. */
@unmanaged class Extreme {
  /** Beaten by all. */
  get last(): f32 { return 0; }
  /** Of two the one that wins. */
  of(a: v128, b: v128): v128 { return a; }
  beats(a: v128, b: v128): v128 { return a; }
}

// @ts-ignore: decorator
@inline function isNaN4(x: v128): v128 {
  return f32x4.ne(x, x);
}

/** The first element of 64 that is NaN. */
function firstNaN(x: usize): usize {
  while (!isNaN(f32.load(x))) x += 4;
  return x;
}

/** The first element that is `value`. */
function firstOf(x: usize, value: f32): usize {
  while (f32.load(x) != value) x += 4;
  return x;
}

// @ts-ignore: decorator
@inline function splatExtreme<F extends Extreme>(v: v128): v128 {
  const f = changetype<F>(0);
  const two = f.of(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f.of(two, v128.shuffle<i32>(two, two, 1, 0, 3, 2));
}

/** Where the first extreme element of so many is. Of 64 together it is only asked whether they have a better one. */
// @ts-ignore: decorator
@inline function positionIn<F extends Extreme>(x: usize, count: i32): usize {
  const f = changetype<F>(0);
  let best = f32x4.splat(f.last);
  let place = x;
  let left = count;
  for (; left >= 64; left -= 64, x += 256) {
    let m0 = v128.load(x);
    let m1 = v128.load(x, 16);
    let m2 = v128.load(x, 32);
    let m3 = v128.load(x, 48);
    let n0 = v128.or(isNaN4(m0), isNaN4(m1));
    let n1 = v128.or(isNaN4(m2), isNaN4(m3));
    for (let at = x + 64; at < x + 256; at += 64) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 16);
      const x2 = v128.load(at, 32);
      const x3 = v128.load(at, 48);
      m0 = f.of(m0, x0);
      m1 = f.of(m1, x1);
      m2 = f.of(m2, x2);
      m3 = f.of(m3, x3);
      n0 = v128.or(n0, v128.or(isNaN4(x0), isNaN4(x1)));
      n1 = v128.or(n1, v128.or(isNaN4(x2), isNaN4(x3)));
    }
    if (v128.any_true(v128.or(n0, n1))) return firstNaN(x);
    const m = f.of(f.of(m0, m1), f.of(m2, m3));
    if (v128.any_true(f.beats(m, best))) {
      best = splatExtreme<F>(m);
      place = x;
    }
  }
  for (; left > 0; left--, x += 4) {
    const value = v128.load32_splat(x);
    if (v128.any_true(isNaN4(value))) return x;
    if (v128.any_true(f.beats(value, best))) {
      best = value;
      place = x;
    }
  }
  return firstOf(place, f32x4.extract_lane(best, 0));
}

/** The position of the first extreme element in each part `from` up to `to` of rows; a NaN is more extreme than all. */
// @ts-ignore: decorator
@inline function extremumOfRows<F extends Extreme>(job: ExtremumJob, from: i32, to: i32): void {
  const n = job.n;
  const parts = (n + job.part - 1) / job.part;
  for (let p = from; p < to; p++) {
    const row = job.x + bytes((p / parts) * n);
    const start = (p % parts) * job.part;
    const place = positionIn<F>(row + bytes(start), min(job.part, n - start));
    i32.store(job.out + bytes(p), <i32>((place - row) >> 2));
  }
}

/** Columns of a group: a line of the cache. */
const GROUP: i32 = 16;

/** The same for columns of matrices (n, inner), in groups `from` up to `to`. */
// @ts-ignore: decorator
@inline function extremumOfColumns<F extends Extreme>(job: ExtremumJob, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const inner = job.inner;
  const groups = (inner + GROUP - 1) / GROUP;
  for (let group = from; group < to; group++) {
    const matrix = group / groups;
    const column = (group % groups) * GROUP;
    const first = job.x + bytes(matrix * job.n * inner + column);
    const out = job.out + bytes(matrix * inner + column);
    const columns = min(GROUP, inner - column);
    let best0 = v128.load(first);
    let best1 = v128.load(first, 16);
    let best2 = v128.load(first, 32);
    let best3 = v128.load(first, 48);
    let place0 = i32x4.splat(0);
    let place1 = place0;
    let place2 = place0;
    let place3 = place0;
    let nan = v128.or(v128.or(isNaN4(best0), isNaN4(best1)), v128.or(isNaN4(best2), isNaN4(best3)));
    let x = first;
    for (let k = 1; k < job.n; k++) {
      x += bytes(inner);
      const here = i32x4.splat(k);
      const x0 = v128.load(x);
      const x1 = v128.load(x, 16);
      const x2 = v128.load(x, 32);
      const x3 = v128.load(x, 48);
      place0 = v128.bitselect(here, place0, f.beats(x0, best0));
      place1 = v128.bitselect(here, place1, f.beats(x1, best1));
      place2 = v128.bitselect(here, place2, f.beats(x2, best2));
      place3 = v128.bitselect(here, place3, f.beats(x3, best3));
      best0 = f.of(best0, x0);
      best1 = f.of(best1, x1);
      best2 = f.of(best2, x2);
      best3 = f.of(best3, x3);
      nan = v128.or(nan, v128.or(v128.or(isNaN4(x0), isNaN4(x1)), v128.or(isNaN4(x2), isNaN4(x3))));
    }
    storeFirst(out, place0, columns);
    if (columns > 4) storeFirst(out + 16, place1, columns - 4);
    if (columns > 8) storeFirst(out + 32, place2, columns - 8);
    if (columns > 12) storeFirst(out + 48, place3, columns - 12);
    if (v128.any_true(nan)) findNaN(job, first, out, columns);
  }
}

/** Where columns have a NaN, the first one's position. */
function findNaN(job: ExtremumJob, first: usize, out: usize, columns: i32): void {
  for (let c = 0; c < columns; c++) {
    for (let k = 0; k < job.n; k++) {
      if (!isNaN(f32.load(first + bytes(k * job.inner + c)))) continue;
      i32.store(out + bytes(c), k);
      break;
    }
  }
}

@final @unmanaged class Largest extends Extreme {
  @inline get last(): f32 { return -Infinity; }
  @inline of(a: v128, b: v128): v128 { return f32x4.pmax(a, b); }
  @inline beats(a: v128, b: v128): v128 { return f32x4.gt(a, b); }
}
export function largestOfRows(job: ExtremumJob, from: i32, to: i32): void { extremumOfRows<Largest>(job, from, to); }
export function largestOfColumns(job: ExtremumJob, from: i32, to: i32): void { extremumOfColumns<Largest>(job, from, to); }

@final @unmanaged class Smallest extends Extreme {
  @inline get last(): f32 { return Infinity; }
  @inline of(a: v128, b: v128): v128 { return f32x4.pmin(a, b); }
  @inline beats(a: v128, b: v128): v128 { return f32x4.lt(a, b); }
}
export function smallestOfRows(job: ExtremumJob, from: i32, to: i32): void { extremumOfRows<Smallest>(job, from, to); }
export function smallestOfColumns(job: ExtremumJob, from: i32, to: i32): void { extremumOfColumns<Smallest>(job, from, to); }

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
