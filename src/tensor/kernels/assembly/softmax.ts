/** Softmax, its logarithm, and the logarithm of the sum of exponentials, over rows and over columns. */
import { exp4, log4 } from "./functions";
import { Dot, Element, sumOfRow, Value, valuesOfRow } from "./rows";
import { bytes, storeFirst, sumOfVector } from "./vectors";

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

/** The largest of n elements but NaN, which the sum of exponentials finds. */
function largestOfRow(x: usize, n: i32): f32 {
  let m0 = f32x4.splat(-Infinity);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  let left = n;
  for (; left >= 16; left -= 16, x += 64) {
    m0 = f32x4.pmax(m0, v128.load(x));
    m1 = f32x4.pmax(m1, v128.load(x, 16));
    m2 = f32x4.pmax(m2, v128.load(x, 32));
    m3 = f32x4.pmax(m3, v128.load(x, 48));
  }
  for (; left > 0; left -= 4, x += 16) m0 = f32x4.pmax(m0, firstLanes(v128.load(x), f32x4.splat(-Infinity), left));
  return largestLane(f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3)));
}

/** Σ exp(x - m), with the terms left in `out` if they are to be kept. */
// @ts-ignore: decorator
@inline function exponentialsOfRow(keep: bool, out: usize, x: usize, n: i32, m: f32): f64 {
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
      if (keep) {
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
    total = f64x2.add(total, sumOfVector(s));
  }
  for (; left > 0; left -= 4, x += 16) {
    const e = firstLanes(exp4(f32x4.sub(v128.load(x), shift)), f32x4.splat(0), left);
    if (keep) {
      storeFirst(out, e, left);
      out += 16;
    }
    total = f64x2.add(total, sumOfVector(e));
  }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

// @ts-ignore: decorator
@inline function logOf(x: f64): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(<f32>x)), 0);
}

/** a · factor */
@final @unmanaged class Scaled extends Value {
  @inline of(a: v128, b: v128, factor: v128, q: v128, r: v128, s: v128): v128 { return f32x4.mul(a, factor); }
}

/** Rows `from` up to `to`: exp(x - m) / Σ exp(x - m) */
export function softmax(job: SoftmaxJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    const out = job.out + bytes(row * n);
    const total = exponentialsOfRow(true, out, x, n, largestOfRow(x, n));
    valuesOfRow<Scaled>(n, out, out, out, f32x4.splat(<f32>(1 / total)));
  }
}

/** (a - m) - log Σ */
@final @unmanaged class MinusTwo extends Value {
  @inline of(a: v128, b: v128, m: v128, logTotal: v128, r: v128, s: v128): v128 {
    return f32x4.sub(f32x4.sub(a, m), logTotal);
  }
}

/** Rows: (x - m) - log Σ exp(x - m) */
export function logSoftmax(job: SoftmaxJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    const out = job.out + bytes(row * n);
    const m = largestOfRow(x, n);
    const logTotal = logOf(exponentialsOfRow(true, out, x, n, m)); // kept for nothing: V8 joins vectors that are stored
    valuesOfRow<MinusTwo>(n, out, x, x, f32x4.splat(m), f32x4.splat(logTotal));
  }
}

/** Rows: m + log Σ exp(x - m) for m = the largest x, or 0 if that is infinite */
export function logsumexp(job: SoftmaxJob, from: i32, to: i32): void {
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * job.n);
    const largest = largestOfRow(x, job.n);
    const m = isFinite(largest) ? largest : 0;
    f32.store(job.out + bytes(row), m + logOf(exponentialsOfRow(false, 0, x, job.n, m)));
  }
}

@unmanaged class GradientJob {
  n: i32;
  dx: usize;
  dy: usize;
  y: usize;
}

/** y · (dy - Σ) */
@final @unmanaged class SoftmaxGradient extends Value {
  @inline of(dy: v128, y: v128, sum: v128, q: v128, r: v128, s: v128): v128 { return f32x4.mul(y, f32x4.sub(dy, sum)); }
}

/** Rows: y · (dy - Σ dy · y) */
export function softmaxBackward(job: GradientJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const dy = job.dy + bytes(row * n);
    const y = job.y + bytes(row * n);
    const sum = f32x4.splat(<f32>sumOfRow<Dot>(n, dy, y));
    valuesOfRow<SoftmaxGradient>(n, job.dx + bytes(row * n), dy, y, sum);
  }
}

/** dy - eʸ · Σ */
@final @unmanaged class LogSoftmaxGradient extends Value {
  @inline of(dy: v128, y: v128, sum: v128, q: v128, r: v128, s: v128): v128 {
    return f32x4.sub(dy, f32x4.mul(exp4(y), sum));
  }
}

/** Rows: dy - eʸ · Σ dy */
export function logSoftmaxBackward(job: GradientJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const dy = job.dy + bytes(row * n);
    const sum = f32x4.splat(<f32>sumOfRow<Element>(n, dy, dy));
    valuesOfRow<LogSoftmaxGradient>(n, job.dx + bytes(row * n), dy, job.y + bytes(row * n), sum);
  }
}

@unmanaged class CrossEntropyJob {
  n: i32;
  /** For each row: its loss; and in the backward pass, the gradient of that. */
  loss: usize;
  p: usize;
  /** Here, in the backward pass, is dx. */
  x: usize;
  /** The index of each row's class. */
  target: usize;
}

/** Rows: p = softmax x, and the loss log Σ exp(x - m) - (x[target] - m); 0 for a target that is no class */
export function crossEntropy(job: CrossEntropyJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    const p = job.p + bytes(row * n);
    const m = largestOfRow(x, n);
    const total = exponentialsOfRow(true, p, x, n, m);
    valuesOfRow<Scaled>(n, p, p, p, f32x4.splat(<f32>(1 / total)));
    const target = i32.load(job.target + bytes(row));
    const isClass = <u32>target < <u32>n;
    f32.store(job.loss + bytes(row), isClass ? logOf(total) - (f32.load(x + bytes(target)) - m) : 0);
  }
}

/** Rows: dx = dy · (p - onehot(target)), 0 for a target that is no class */
export function crossEntropyBackward(job: CrossEntropyJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const p = job.p + bytes(row * n);
    const dx = job.x + bytes(row * n);
    const target = i32.load(job.target + bytes(row));
    const isClass = <u32>target < <u32>n;
    const dy = isClass ? f32.load(job.loss + bytes(row)) : 0;
    valuesOfRow<Scaled>(n, dx, p, p, f32x4.splat(dy));
    if (isClass) f32.store(dx + bytes(target), dy * (f32.load(p + bytes(target)) - 1));
  }
}
