/** The two loops over a row, or part of one, that most kernels are made of: a sum of terms, and values. */
import { bytes, storeFirst, sumOfVector } from "./vectors";

/** What is summed, of elements a and b and a number of their row or column. */
@unmanaged export class Term {
  of(a: v128, b: v128, shift: v128): v128 { return a; }
  /** Four elements of b; nothing where the term is of a alone. */
  second(b: usize): v128 { return v128.load(b); }
  /** One term in float64. */
  exactly(a: f64, b: f64, shift: f64): f64 { return a; }
  /** Whether float32 could hold the terms of a sum, and sums of a few. */
  isSafe(sum: f64): bool { return isFinite(sum); }
}

/** a */
@final @unmanaged export class Element extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return a; }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
  @inline exactly(a: f64, b: f64, shift: f64): f64 { return a; }
  @inline isSafe(sum: f64): bool { return isFinite(sum); }
}

/** a - shift */
@final @unmanaged export class Deviation extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return f32x4.sub(a, shift); }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
  @inline exactly(a: f64, b: f64, shift: f64): f64 { return a - shift; }
  @inline isSafe(sum: f64): bool { return isFinite(sum); }
}

/** (a - shift)² */
@final @unmanaged export class Square extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 {
    const deviation = f32x4.sub(a, shift);
    return f32x4.mul(deviation, deviation);
  }
  @inline second(b: usize): v128 { return f32x4.splat(0); }
  @inline exactly(a: f64, b: f64, shift: f64): f64 { return (a - shift) * (a - shift); }
  /** Squares below 1e-38 have lost digits. */
  @inline isSafe(sum: f64): bool { return sum > 1e-30 && isFinite(sum); }
}

/** a · (b - shift) */
@final @unmanaged export class Dot extends Term {
  @inline of(a: v128, b: v128, shift: v128): v128 { return f32x4.mul(a, f32x4.sub(b, shift)); }
  @inline second(b: usize): v128 { return v128.load(b); }
  @inline exactly(a: f64, b: f64, shift: f64): f64 { return a * (b - shift); }
  @inline isSafe(sum: f64): bool { return isFinite(sum); }
}

/** Σ of n terms in float64, of elements so many bytes apart. */
export function exactSum<F extends Term>(n: i32, a: usize, b: usize, shift: f32, step: usize): f64 {
  const f = changetype<F>(0);
  let sum: f64 = 0;
  for (let left = n; left > 0; left--, a += step, b += step)
    sum += f.exactly(<f64>f32.load(a), <f64>f32.load(b), <f64>shift);
  return sum;
}

/**
 * Σ of n terms. Few are added in float32, and their sums in float64: as exact as a plain loop in float64, at several times its
 * speed. What float32 cannot hold is summed by such a loop.
 */
// @ts-ignore: decorator
@inline export function sumOfRow<F extends Term>(n: i32, a: usize, b: usize, shift: v128 = f32x4.splat(0)): f64 {
  const f = changetype<F>(0);
  const firstOfA = a;
  const firstOfB = b;
  let left = n;
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
  return f.isSafe(sum) ? sum : exactSum<F>(n, firstOfA, firstOfB, f32x4.extract_lane(shift, 0), 4);
}

/** What is computed, of elements a and b and up to four numbers of their row or column. */
@unmanaged export class Value {
  of(a: v128, b: v128, p: v128, q: v128, r: v128, s: v128): v128 { return a; }
}

/** a + b */
@final @unmanaged export class Sum extends Value {
  @inline of(a: v128, b: v128, p: v128, q: v128, r: v128, s: v128): v128 { return f32x4.add(a, b); }
}

/** n values. */
// @ts-ignore: decorator
@inline export function valuesOfRow<F extends Value>(
  n: i32,
  out: usize,
  a: usize,
  b: usize,
  p: v128,
  q: v128 = f32x4.splat(0),
  r: v128 = f32x4.splat(0),
  s: v128 = f32x4.splat(0),
): void {
  const f = changetype<F>(0);
  let left = n;
  for (; left >= 16; left -= 16, a += 64, b += 64, out += 64) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const a2 = v128.load(a, 32);
    const a3 = v128.load(a, 48);
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const y0 = f.of(a0, b0, p, q, r, s);
    const y1 = f.of(a1, b1, p, q, r, s);
    const y2 = f.of(a2, b2, p, q, r, s);
    const y3 = f.of(a3, b3, p, q, r, s);
    v128.store(out, y0);
    v128.store(out, y1, 16);
    v128.store(out, y2, 32);
    v128.store(out, y3, 48);
  }
  for (; left > 0; left -= 4, a += 16, b += 16, out += 16)
    storeFirst(out, f.of(v128.load(a), v128.load(b), p, q, r, s), left);
}
