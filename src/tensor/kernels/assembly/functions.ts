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
  // 31: expm1: below, it is -1; nearer to 0, x
  -20, 2.9802322e-8, 0.5,
  // 34: sin and cos: 2 / π, π / 2 in four parts, how far they reach; sin, cos
  0.636619772, -1.5703125, -4.837512969970703e-4, -7.54978995489e-8, 1.7151245e-15, 1000,
  -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, -0.5,
  // 47: erf for |x| < 1, elsewhere
  7.889119297e-5, -8.020841051e-4, 5.189535208e-3, -2.685444429e-2, 1.1283600330e-1, -3.7612625957e-1, 1.2837916613e-1,
  -1.8557489966e-4, 2.9396156315e-3, -2.1805351600e-2, 1.0303743184e-1, 6.3822561502e-1, 1.1270400286, 3.5370892147e-4, 4,
]);

// @ts-ignore: decorator
@inline function number(k: i32): v128 {
  return v128.load32_splat(NUMBERS + (<usize>k << 2));
}

/** (eʳ - 1 - r) / r² within ±0.35 */
// @ts-ignore: decorator
@inline function expTerms(r: v128): v128 {
  let p = multiplyAdd(number(6), r, number(7));
  p = multiplyAdd(p, r, number(8));
  p = multiplyAdd(p, r, number(9));
  p = multiplyAdd(p, r, number(10));
  p = multiplyAdd(p, r, number(11));
  return p;
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
  const p = multiplyAdd(expTerms(r), f32x4.mul(r, r), f32x4.add(r, number(12)));
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

/** y, which is positive or has x's sign, with x's sign: so that -0 gives -0, which sums lose. */
// @ts-ignore: decorator
@inline function withSignOf(x: v128, y: v128): v128 {
  return v128.or(y, v128.and(x, f32x4.splat(-0.0)));
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
  return withSignOf(x, v128.bitselect(near, far, f32x4.lt(size, number(29))));
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline export function sigmoid4(x: v128): v128 {
  return f32x4.div(number(12), f32x4.add(number(12), exp4(f32x4.neg(x))));
}

/** eˣ - 1 = 2ᵏ · (eʳ - 1) + (2ᵏ - 1), as exp4; twice its half, since k goes one further than exponents do. */
// @ts-ignore: decorator
@inline export function expm14(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, number(31)), number(5));
  const shifted = multiplyAdd(bounded, number(0), number(3));
  const k = f32x4.sub(shifted, number(3));
  const r = multiplyAdd(k, number(2), multiplyAdd(k, number(1), bounded));
  const p = multiplyAdd(expTerms(r), f32x4.mul(r, r), r);
  const half = i32x4.add(i32x4.shl(i32x4.sub(shifted, number(3)), 23), number(33));
  const y = multiplyAdd(p, half, f32x4.sub(half, number(33)));
  return v128.bitselect(x, f32x4.add(y, y), f32x4.lt(f32x4.abs(x), number(32)));
}

/** ln (1 + x) = ln u + (x - (u - 1)) / u, where u is 1 + x rounded: what rounding took is given back. */
// @ts-ignore: decorator
@inline export function log1p4(x: v128): v128 {
  const u = f32x4.add(x, number(12));
  const lost = f32x4.sub(x, f32x4.sub(u, number(12)));
  const y = log4(u);
  const isUsual = v128.and(f32x4.gt(u, f32x4.splat(0)), f32x4.lt(u, f32x4.splat(Infinity)));
  return withSignOf(x, f32x4.add(y, v128.and(isUsual, f32x4.div(lost, u))));
}

/**
 * sin (x + quadrants · π / 2): x is n · π / 2 + r with the whole number n nearest to x / (π / 2), and n says whether sin r or
 * cos r it is, and its sign (Cephes). Further from 0 than π / 2 in four parts is good for, one after another is computed.
 */
// @ts-ignore: decorator
@inline function sinOf(x: v128, quadrants: i32): v128 {
  const shifted = multiplyAdd(x, number(34), number(3));
  const n = f32x4.sub(shifted, number(3));
  const near = multiplyAdd(n, number(36), multiplyAdd(n, number(35), x));
  const r = multiplyAdd(n, number(38), multiplyAdd(n, number(37), near));
  const z = f32x4.mul(r, r);
  let sine = multiplyAdd(number(40), z, number(41));
  sine = multiplyAdd(sine, z, number(42));
  sine = multiplyAdd(f32x4.mul(sine, z), r, r);
  let cosine = multiplyAdd(number(43), z, number(44));
  cosine = multiplyAdd(cosine, z, number(45));
  cosine = multiplyAdd(cosine, z, number(46));
  cosine = multiplyAdd(cosine, z, number(12));
  const quadrant = i32x4.add(shifted, i32x4.splat(quadrants));
  const isCosine = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const sign = i32x4.shl(i32x4.shr_u(quadrant, 1), 31);
  return v128.xor(v128.bitselect(cosine, sine, isCosine), sign);
}

// @ts-ignore: decorator
@inline function isFar(x: v128): bool {
  return v128.any_true(f32x4.gt(f32x4.abs(x), number(39)));
}

// @ts-ignore: decorator
@inline export function sin4(x: v128): v128 {
  const y = isFar(x) ? farSinOf(x, 0) : sinOf(x, 0);
  return v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(0))); // with its sign
}

// @ts-ignore: decorator
@inline export function cos4(x: v128): v128 {
  return isFar(x) ? farSinOf(x, 1) : sinOf(x, 1);
}

function farSinOf(x: v128, quadrants: i32): v128 {
  let y = f32x4.replace_lane(x, 0, oneSinOf(f32x4.extract_lane(x, 0), quadrants));
  y = f32x4.replace_lane(y, 1, oneSinOf(f32x4.extract_lane(x, 1), quadrants));
  y = f32x4.replace_lane(y, 2, oneSinOf(f32x4.extract_lane(x, 2), quadrants));
  return f32x4.replace_lane(y, 3, oneSinOf(f32x4.extract_lane(x, 3), quadrants));
}

function oneSinOf(x: f32, quadrants: i32): f32 {
  return <f32>(quadrants == 0 ? Math.sin(x) : Math.cos(x));
}

/** erf x: near 0 an odd polynomial, elsewhere 1 - e to the power of another of |x|, up to 4, where it is 1. */
// @ts-ignore: decorator
@inline export function erf4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let near = multiplyAdd(number(47), z, number(48));
  near = multiplyAdd(near, z, number(49));
  near = multiplyAdd(near, z, number(50));
  near = multiplyAdd(near, z, number(51));
  near = multiplyAdd(near, z, number(52));
  near = multiplyAdd(near, z, number(53));
  near = multiplyAdd(near, x, x);
  const size = f32x4.pmin(f32x4.abs(x), number(61));
  let power = multiplyAdd(number(54), size, number(55));
  power = multiplyAdd(power, size, number(56));
  power = multiplyAdd(power, size, number(57));
  power = multiplyAdd(power, size, number(58));
  power = multiplyAdd(power, size, number(59));
  power = multiplyAdd(power, size, number(60));
  const far = f32x4.sub(number(12), exp4(f32x4.neg(power)));
  const signed = v128.or(far, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(near, signed, f32x4.lt(size, number(12)));
}
