/** Comparisons of float32, whose results are bytes of 0 and 1; and the choice between two by such bytes. */
import { BinaryJob } from "./elementwise";
import { bytes, gather, storeFirst } from "./vectors";

/** Four lanes of all ones or zeros. */
@unmanaged class Comparison {
  of(a: v128, b: v128): v128 { return a; }
}

// @ts-ignore: decorator
@inline function compare<F extends Comparison>(job: BinaryJob, from: i32, to: i32): void {
  const f = changetype<F>(0);
  const columns = job.columns;
  const aStep = job.aStep;
  const bStep = job.bStep;
  for (let k = from; k < to; ) {
    const r = k / columns;
    const c = k - r * columns;
    let left = min(columns - c, to - k);
    let a = job.a + bytes(r * job.aRow + c * aStep);
    let b = job.b + bytes(r * job.bRow + c * bStep);
    let out = job.out + <usize>k;
    k += left;
    if (aStep == 1 && bStep == 1) {
      for (; left >= 16; left -= 16, out += 16, a += 64, b += 64) {
        const m0 = f.of(v128.load(a), v128.load(b));
        const m1 = f.of(v128.load(a, 16), v128.load(b, 16));
        const m2 = f.of(v128.load(a, 32), v128.load(b, 32));
        const m3 = f.of(v128.load(a, 48), v128.load(b, 48));
        v128.store(out, truths(m0, m1, m2, m3));
      }
    }
    for (; left > 0; left -= 16, out += 16) {
      const m0 = f.of(gather(a, aStep), gather(b, bStep));
      const m1 = f.of(gather(a + bytes(4 * aStep), aStep), gather(b + bytes(4 * bStep), bStep));
      const m2 = f.of(gather(a + bytes(8 * aStep), aStep), gather(b + bytes(8 * bStep), bStep));
      const m3 = f.of(gather(a + bytes(12 * aStep), aStep), gather(b + bytes(12 * bStep), bStep));
      if (left >= 16) v128.store(out, truths(m0, m1, m2, m3));
      else storeBytes(out, truths(m0, m1, m2, m3), left);
      a += bytes(16 * aStep);
      b += bytes(16 * bStep);
    }
  }
}

/** Sixteen bytes of 0 and 1. */
// @ts-ignore: decorator
@inline function truths(m0: v128, m1: v128, m2: v128, m3: v128): v128 {
  return v128.and(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3)), i8x16.splat(1));
}

/** The first `count` bytes, of fewer than sixteen. */
function storeBytes(out: usize, value: v128, count: i32): void {
  let low = i64x2.extract_lane(value, 0);
  if (count >= 8) {
    i64.store(out, low);
    out += 8;
    count -= 8;
    low = i64x2.extract_lane(value, 1);
  }
  for (; count > 0; count--, out++, low >>= 8) i32.store8(out, <i32>low);
}

@final @unmanaged class Equal extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.eq(a, b); }
}
export function eq(job: BinaryJob, from: i32, to: i32): void { compare<Equal>(job, from, to); }

@final @unmanaged class NotEqual extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.ne(a, b); }
}
export function ne(job: BinaryJob, from: i32, to: i32): void { compare<NotEqual>(job, from, to); }

@final @unmanaged class Less extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.lt(a, b); }
}
export function lt(job: BinaryJob, from: i32, to: i32): void { compare<Less>(job, from, to); }

@final @unmanaged class LessOrEqual extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.le(a, b); }
}
export function le(job: BinaryJob, from: i32, to: i32): void { compare<LessOrEqual>(job, from, to); }

@final @unmanaged class Greater extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.gt(a, b); }
}
export function gt(job: BinaryJob, from: i32, to: i32): void { compare<Greater>(job, from, to); }

@final @unmanaged class GreaterOrEqual extends Comparison {
  @inline of(a: v128, b: v128): v128 { return f32x4.ge(a, b); }
}
export function ge(job: BinaryJob, from: i32, to: i32): void { compare<GreaterOrEqual>(job, from, to); }

@unmanaged class WhereJob {
  columns: i32;
  out: usize;
  c: usize;
  a: usize;
  b: usize;
  cRow: i32;
  aRow: i32;
  bRow: i32;
  cStep: i32;
  aStep: i32;
  bStep: i32;
}

/** Four bytes that are `step` apart, as lanes of all ones where a byte is not 0. */
// @ts-ignore: decorator
@inline function mask(c: usize, step: i32): v128 {
  let four = step == 1 ? v128.load32_zero(c) : i8x16.splat(<i8>load<u8>(c));
  if (step > 1) {
    four = i8x16.replace_lane(four, 1, load<i8>(c + step));
    four = i8x16.replace_lane(four, 2, load<i8>(c + 2 * step));
    four = i8x16.replace_lane(four, 3, load<i8>(c + 3 * step));
  }
  return i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four)), i32x4.splat(0));
}

/** How four elements are read: neighbours, or one four times; and where the next sixteen are. */
@unmanaged class Source {
  load(x: usize, offset: usize): v128 { return v128.load(x); }
  next(x: usize): usize { return x; }
}
@final @unmanaged class Neighbours extends Source {
  @inline load(x: usize, offset: usize): v128 { return v128.load(x + offset); }
  @inline next(x: usize): usize { return x + 64; }
}
@final @unmanaged class Repeated extends Source {
  @inline load(x: usize, offset: usize): v128 { return v128.load32_splat(x); }
  @inline next(x: usize): usize { return x; }
}

/** Sixteen elements a round, the bytes that choose lying side by side. Returns how many are left. */
// @ts-ignore: decorator
@inline function whereRow<A extends Source, B extends Source>(count: i32, out: usize, c: usize, a: usize, b: usize): i32 {
  const ofA = changetype<A>(0);
  const ofB = changetype<B>(0);
  let left = count;
  for (; left >= 16; left -= 16, out += 64, c += 16, a = ofA.next(a), b = ofB.next(b)) {
    const sixteen = i8x16.ne(v128.load(c), i8x16.splat(0));
    const low = i16x8.extend_low_i8x16_s(sixteen);
    const high = i16x8.extend_high_i8x16_s(sixteen);
    v128.store(out, v128.bitselect(ofA.load(a, 0), ofB.load(b, 0), i32x4.extend_low_i16x8_s(low)));
    v128.store(out, v128.bitselect(ofA.load(a, 16), ofB.load(b, 16), i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(out, v128.bitselect(ofA.load(a, 32), ofB.load(b, 32), i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(out, v128.bitselect(ofA.load(a, 48), ofB.load(b, 48), i32x4.extend_high_i16x8_s(high)), 48);
  }
  return left;
}

export function where(job: WhereJob, from: i32, to: i32): void {
  const columns = job.columns;
  const cStep = job.cStep;
  const aStep = job.aStep;
  const bStep = job.bStep;
  for (let k = from; k < to; ) {
    const r = k / columns;
    const column = k - r * columns;
    const count = min(columns - column, to - k);
    let c = job.c + <usize>(r * job.cRow + column * cStep);
    let a = job.a + bytes(r * job.aRow + column * aStep);
    let b = job.b + bytes(r * job.bRow + column * bStep);
    let out = job.out + bytes(k);
    k += count;
    let left = count;
    if (cStep == 1) {
      if (aStep == 1 && bStep == 1) left = whereRow<Neighbours, Neighbours>(count, out, c, a, b);
      else if (aStep == 1 && bStep == 0) left = whereRow<Neighbours, Repeated>(count, out, c, a, b);
      else if (aStep == 0 && bStep == 1) left = whereRow<Repeated, Neighbours>(count, out, c, a, b);
      const done = count - left;
      c += done;
      a += bytes(done * aStep);
      b += bytes(done * bStep);
      out += bytes(done);
    }
    for (; left > 0; left -= 4, out += 16) {
      storeFirst(out, v128.bitselect(gather(a, aStep), gather(b, bStep), mask(c, cStep)), left);
      c += 4 * cStep;
      a += bytes(4 * aStep);
      b += bytes(4 * bStep);
    }
  }
}
