/** Softmax, its logarithm, and the logarithm of the sum of exponentials, over rows and over columns. */
import { exp4, log4 } from "./functions";
import { bytes, storeFirst } from "./vectors";

@unmanaged class SoftmaxJob {
  n: i32;
  inner: i32;
  out: usize;
  x: usize;
}

// @ts-ignore: decorator
@inline function largestLane(v: v128): f32 {
  const a = max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1));
  return max(a, max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)));
}

/** The first `count` lanes of x, and `other` in those past them. */
// @ts-ignore: decorator
@inline function firstLanes(x: v128, other: v128, count: i32): v128 {
  return v128.bitselect(x, other, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

/** The largest of n elements; NaN if there is one. */
function largestOfRow(x: usize, n: i32): f32 {
  let m0 = f32x4.splat(-Infinity);
  let m1 = m0;
  let left = n;
  for (; left >= 8; left -= 8, x += 32) {
    m0 = f32x4.max(m0, v128.load(x));
    m1 = f32x4.max(m1, v128.load(x, 16));
  }
  for (; left > 0; left -= 4, x += 16) m0 = f32x4.max(m0, firstLanes(v128.load(x), f32x4.splat(-Infinity), left));
  return largestLane(f32x4.max(m0, m1));
}

/** Σ exp(x - m), with the terms left in `out` unless that is 0. */
function exponentialsOfRow(out: usize, x: usize, n: i32, m: f32): f64 {
  const shift = f32x4.splat(m);
  let total = f64x2.splat(0);
  let left = n;
  while (left >= 16) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    const rounds = min(left >> 4, 16);
    left -= rounds << 4;
    for (const end = x + (<usize>rounds << 6); x < end; x += 64) {
      const e0 = exp4(f32x4.sub(v128.load(x), shift));
      const e1 = exp4(f32x4.sub(v128.load(x, 16), shift));
      const e2 = exp4(f32x4.sub(v128.load(x, 32), shift));
      const e3 = exp4(f32x4.sub(v128.load(x, 48), shift));
      if (out) {
        v128.store(out, e0);
        v128.store(out, e1, 16);
        v128.store(out, e2, 32);
        v128.store(out, e3, 48);
        out += 64;
      }
      s0 = f32x4.add(s0, e0);
      s1 = f32x4.add(s1, e1);
      s2 = f32x4.add(s2, e2);
      s3 = f32x4.add(s3, e3);
    }
    const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    total = f64x2.add(total, f64x2.promote_low_f32x4(s));
    total = f64x2.add(total, f64x2.promote_low_f32x4(v128.shuffle<i32>(s, s, 2, 3, 2, 3)));
  }
  for (; left > 0; left -= 4, x += 16) {
    const e = firstLanes(exp4(f32x4.sub(v128.load(x), shift)), f32x4.splat(0), left);
    if (out) {
      storeFirst(out, e, left);
      out += 16;
    }
    total = f64x2.add(total, f64x2.promote_low_f32x4(e));
    total = f64x2.add(total, f64x2.promote_low_f32x4(v128.shuffle<i32>(e, e, 2, 3, 2, 3)));
  }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

// @ts-ignore: decorator
@inline function logOf(x: f64): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(<f32>x)), 0);
}

/** Rows `from` up to `to`: exp(x - m) / Σ exp(x - m) */
export function softmax(job: SoftmaxJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    let out = job.out + bytes(row * n);
    const total = exponentialsOfRow(out, x, n, largestOfRow(x, n));
    const factor = f32x4.splat(<f32>(1 / total));
    let left = n;
    for (; left >= 16; left -= 16, out += 64) {
      const y0 = f32x4.mul(v128.load(out), factor);
      const y1 = f32x4.mul(v128.load(out, 16), factor);
      const y2 = f32x4.mul(v128.load(out, 32), factor);
      const y3 = f32x4.mul(v128.load(out, 48), factor);
      v128.store(out, y0);
      v128.store(out, y1, 16);
      v128.store(out, y2, 32);
      v128.store(out, y3, 48);
    }
    for (; left > 0; left -= 4, out += 16) storeFirst(out, f32x4.mul(v128.load(out), factor), left);
  }
}

/** Rows: (x - m) - log Σ exp(x - m) */
export function logSoftmax(job: SoftmaxJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    let x = job.x + bytes(row * n);
    let out = job.out + bytes(row * n);
    const m = largestOfRow(x, n);
    const shift = f32x4.splat(m);
    const logTotal = f32x4.splat(logOf(exponentialsOfRow(0, x, n, m)));
    for (let left = n; left > 0; left -= 4, out += 16, x += 16)
      storeFirst(out, f32x4.sub(f32x4.sub(v128.load(x), shift), logTotal), left);
  }
}

/** Rows: m + log Σ exp(x - m) for m = the largest x, or 0 if that is infinite */
export function logsumexp(job: SoftmaxJob, from: i32, to: i32): void {
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * job.n);
    const largest = largestOfRow(x, job.n);
    const m = isFinite(largest) ? largest : 0;
    f32.store(job.out + bytes(row), m + logOf(exponentialsOfRow(0, x, job.n, m)));
  }
}

