/** Pooling by windows of 2 x 2 side by side, the usual ones, in images without an odd row: no loop over a window, and no edges. */
import { PoolJob } from "./pooling";
import { bytes, storeFirst } from "./vectors";

/** Every other of eight elements. */
// @ts-ignore: decorator
@inline function even(x: usize): v128 {
  return v128.shuffle<i32>(v128.load(x), v128.load(x, 16), 0, 2, 4, 6);
}
// @ts-ignore: decorator
@inline function odd(x: usize): v128 {
  return v128.shuffle<i32>(v128.load(x), v128.load(x, 16), 1, 3, 5, 7);
}

/** The first largest element of each window, and where it is, for pairs of rows `from` up to `to`; a NaN is larger than all. */
export function maxPoolByTwo(job: PoolJob, from: i32, to: i32): void {
  const width = job.width;
  for (let pair = from; pair < to; pair++) {
    const start = 2 * pair * width;
    for (let o = 0; o < job.outWidth; o += 4) {
      const top = job.x + bytes(start + 2 * o);
      const below = top + bytes(width);
      let places = i32x4.add(i32x4.splat(start + 2 * o), i32x4(0, 2, 4, 6));
      let best = even(top);
      let place = places;
      for (let k = 1; k < 4; k++) {
        const value = k == 1 ? odd(top) : k == 2 ? even(below) : odd(below);
        places = i32x4.add(places, i32x4.splat(k == 2 ? width - 1 : 1));
        const isLarger = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
        best = v128.bitselect(value, best, isLarger);
        place = v128.bitselect(places, place, isLarger);
      }
      const at = bytes(pair * job.outWidth + o);
      storeFirst(job.y + at, best, job.outWidth - o);
      storeFirst(job.positions + at, place, job.outWidth - o);
    }
  }
}

/** The mean of each window. */
export function averagePoolByTwo(job: PoolJob, from: i32, to: i32): void {
  for (let pair = from; pair < to; pair++) {
    const row = pair % job.outHeight;
    for (let o = 0; o < job.outWidth; o += 4) {
      const top = job.x + bytes(2 * pair * job.width + 2 * o);
      const below = top + bytes(job.width);
      const sum = f32x4.add(f32x4.add(f32x4.add(even(top), odd(top)), even(below)), odd(below));
      const divisors = v128.load(job.divisors + bytes(row * job.outWidth + o));
      storeFirst(job.y + bytes(pair * job.outWidth + o), f32x4.div(sum, divisors), job.outWidth - o);
    }
  }
}

/** x gets y / divisor at each of a window's elements. */
export function averagePoolBackwardByTwo(job: PoolJob, from: i32, to: i32): void {
  for (let pair = from; pair < to; pair++) {
    const row = pair % job.outHeight;
    for (let o = 0; o < job.outWidth; o += 4) {
      const divisors = v128.load(job.divisors + bytes(row * job.outWidth + o));
      const share = f32x4.div(v128.load(job.y + bytes(pair * job.outWidth + o)), divisors);
      const left = v128.shuffle<i32>(share, share, 0, 0, 1, 1);
      const right = v128.shuffle<i32>(share, share, 2, 2, 3, 3);
      const count = 2 * (job.outWidth - o);
      for (let below = 0; below < 2; below++) {
        const x = job.x + bytes((2 * pair + below) * job.width + 2 * o);
        storeFirst(x, left, count);
        if (count > 4) storeFirst(x + 16, right, count - 4);
      }
    }
  }
}
