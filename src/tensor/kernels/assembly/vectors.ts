/**
 * What all fast kernels are made of: vectors of four float32, and how elements get into them and out.
 *
 * V8 can join neighbouring vectors into one of eight, where both are computed alike: so loops take four vectors a round, load
 * all of them first and store them last.
 */

/** a · b + c, rounded once where the machine can. */
// @ts-ignore: decorator
@inline export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** Four elements that are `step` elements apart: neighbours, one four times, or any. */
// @ts-ignore: decorator
@inline export function gather(x: usize, step: i32): v128 {
  if (step == 1) return v128.load(x);
  if (step == 0) return v128.load32_splat(x);
  const apart = <usize>step << 2;
  const two = v128.load32_lane(x + apart, v128.load32_zero(x), 1);
  return v128.load32_lane(x + 3 * apart, v128.load32_lane(x + 2 * apart, two, 2), 3);
}

/** Writes the first `count` of four elements. */
// @ts-ignore: decorator
@inline export function storeFirst(out: usize, value: v128, count: i32): void {
  if (count >= 4) v128.store(out, value);
  else {
    v128.store32_lane(out, value, 0);
    if (count > 1) v128.store32_lane(out, value, 1, 4);
    if (count > 2) v128.store32_lane(out, value, 2, 8);
  }
}

/** Writes four rows of four elements as columns, `step` bytes apart. */
// @ts-ignore: decorator
@inline export function storeTransposed(out: usize, step: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i32>(low01, low23, 0, 1, 4, 5));
  v128.store(out + step, v128.shuffle<i32>(low01, low23, 2, 3, 6, 7));
  v128.store(out + 2 * step, v128.shuffle<i32>(high01, high23, 0, 1, 4, 5));
  v128.store(out + 3 * step, v128.shuffle<i32>(high01, high23, 2, 3, 6, 7));
}

/** Its lanes 0 and 2, and 1 and 3, added in float64. */
// @ts-ignore: decorator
@inline export function sumOfVector(v: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)));
}

/** How many elements further `k` is, in bytes of float32. */
// @ts-ignore: decorator
@inline export function bytes(k: i32): usize {
  return <usize>k << 2;
}
