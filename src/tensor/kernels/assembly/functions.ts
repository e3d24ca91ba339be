/** Mathematical functions of four float32 at once: within a few units of the last place. */
import { multiplyAdd } from "./vectors";

/** Numbers that formulas use, in memory: V8 would make a constant vector anew in every round of a loop. */
const NUMBERS = memory.data<f32>([
  1.44269504, -0.693359375, 2.12194440e-4, 12582912, -104, 89, // exp: 1 / ln 2, ln 2 in two parts, 1.5 · 2²³, the range
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1,
  // 13: log
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1, -0.5, 0.70710678,
  // 24: tanh for |x| < 0.625
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1, 0.625, 2,
]);

// @ts-ignore: decorator
@inline function number(k: i32): v128 {
  return v128.load32_splat(NUMBERS + (<usize>k << 2));
}

/**
 * eˣ = 2ᵏ · eʳ with the whole number k nearest to x / ln 2, so that r = x - k · ln 2 is within ±0.35, where six terms are
 * as good as float32 is (Moshier's Cephes). Adding 1.5 · 2²³ leaves k in the low bits; a float with the exponent k is 2ᵏ. It
 * is made in two halves, since k goes one further than exponents do.
 */
// @ts-ignore: decorator
@inline export function exp4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, number(4)), number(5)); // in this order, NaN stays NaN
  const shifted = multiplyAdd(bounded, number(0), number(3));
  const k = f32x4.sub(shifted, number(3));
  const r = multiplyAdd(k, number(2), multiplyAdd(k, number(1), bounded));
  let p = multiplyAdd(number(6), r, number(7));
  p = multiplyAdd(p, r, number(8));
  p = multiplyAdd(p, r, number(9));
  p = multiplyAdd(p, r, number(10));
  p = multiplyAdd(p, r, number(11));
  p = multiplyAdd(p, f32x4.mul(r, r), f32x4.add(r, number(12)));
  const whole = i32x4.sub(shifted, number(3));
  const half = i32x4.shr_s(whole, 1);
  const one = number(12);
  const low = i32x4.add(i32x4.shl(half, 23), one);
  const high = i32x4.add(i32x4.shl(i32x4.sub(whole, half), 23), one);
  return f32x4.mul(f32x4.mul(p, low), high);
}

/** ln x = k · ln 2 + ln m, with m between √½ and √2 (Cephes). -∞ at 0, NaN below. */
// @ts-ignore: decorator
@inline export function log4(x: v128): v128 {
  const isTiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, isTiny);
  const exponent = i32x4.sub(i32x4.shr_s(scaled, 23), i32x4.splat(126));
  let k = f32x4.convert_i32x4_s(exponent);
  k = f32x4.sub(k, v128.and(isTiny, f32x4.splat(23)));
  const fraction = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)); // in [½, 1)
  const isLow = f32x4.lt(fraction, number(23));
  k = f32x4.sub(k, v128.and(isLow, number(12)));
  const m = f32x4.sub(f32x4.add(fraction, v128.and(isLow, fraction)), number(12));
  const z = f32x4.mul(m, m);
  let p = multiplyAdd(number(13), m, number(14));
  p = multiplyAdd(p, m, number(15));
  p = multiplyAdd(p, m, number(16));
  p = multiplyAdd(p, m, number(17));
  p = multiplyAdd(p, m, number(18));
  p = multiplyAdd(p, m, number(19));
  p = multiplyAdd(p, m, number(20));
  p = multiplyAdd(p, m, number(21));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = multiplyAdd(k, f32x4.neg(number(2)), p);
  p = multiplyAdd(z, number(22), p);
  let y = f32x4.add(m, p);
  y = multiplyAdd(k, f32x4.neg(number(1)), y);
  y = v128.bitselect(f32x4.splat(f32.NaN), y, f32x4.lt(x, f32x4.splat(0)));
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  const isSpecial = v128.or(f32x4.ne(x, x), f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(x, y, isSpecial);
}

/** tanh x: near 0 an odd polynomial, elsewhere 1 - 2 / (e²ˣ + 1) of |x|. */
// @ts-ignore: decorator
@inline export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(number(12), f32x4.div(number(30), f32x4.add(e, number(12))));
  const z = f32x4.mul(x, x);
  let p = multiplyAdd(number(24), z, number(25));
  p = multiplyAdd(p, z, number(26));
  p = multiplyAdd(p, z, number(27));
  p = multiplyAdd(p, z, number(28));
  const near = multiplyAdd(f32x4.mul(p, z), x, x);
  const signed = v128.or(far, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(near, signed, f32x4.lt(size, number(29)));
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline export function sigmoid4(x: v128): v128 {
  return f32x4.div(number(12), f32x4.add(number(12), exp4(f32x4.neg(x))));
}
