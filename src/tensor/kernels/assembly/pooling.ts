/** Windows of 2 x 2 side by side, in images without an odd row: their largest elements, their means, and what they pull back. */
import { bytes, storeFirst } from "./vectors";

@unmanaged class PoolJob {
  width: i32;
  /** Outputs of a row of them, and rows of them in an image. */
  outputs: i32;
  outRows: i32;
  x: usize;
  y: usize;
  /** Where in x the largest elements are; or what sums are divided by, for each output of an image. */
  positions: usize;
  divisors: usize;
}

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
export function maxPool(job: PoolJob, from: i32, to: i32): void {
  const width = job.width;
  for (let pair = from; pair < to; pair++) {
    const start = 2 * pair * width;
    for (let o = 0; o < job.outputs; o += 4) {
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
      const at = bytes(pair * job.outputs + o);
      storeFirst(job.y + at, best, job.outputs - o);
      storeFirst(job.positions + at, place, job.outputs - o);
    }
  }
}

/** The mean of each window. */
export function averagePool(job: PoolJob, from: i32, to: i32): void {
  for (let pair = from; pair < to; pair++) {
    const row = pair % job.outRows;
    for (let o = 0; o < job.outputs; o += 4) {
      const top = job.x + bytes(2 * pair * job.width + 2 * o);
      const below = top + bytes(job.width);
      const sum = f32x4.add(f32x4.add(f32x4.add(even(top), odd(top)), even(below)), odd(below));
      const divisors = v128.load(job.divisors + bytes(row * job.outputs + o));
      storeFirst(job.y + bytes(pair * job.outputs + o), f32x4.div(sum, divisors), job.outputs - o);
    }
  }
}

/** x gets y / divisor at each of a window's elements. */
export function averagePoolBackward(job: PoolJob, from: i32, to: i32): void {
  for (let pair = from; pair < to; pair++) {
    const row = pair % job.outRows;
    for (let o = 0; o < job.outputs; o += 4) {
      const divisors = v128.load(job.divisors + bytes(row * job.outputs + o));
      const share = f32x4.div(v128.load(job.y + bytes(pair * job.outputs + o)), divisors);
      const left = v128.shuffle<i32>(share, share, 0, 0, 1, 1);
      const right = v128.shuffle<i32>(share, share, 2, 2, 3, 3);
      const count = 2 * (job.outputs - o);
      for (let below = 0; below < 2; below++) {
        const x = job.x + bytes((2 * pair + below) * job.width + 2 * o);
        storeFirst(x, left, count);
        if (count > 4) storeFirst(x + 16, right, count - 4);
      }
    }
  }
}

@unmanaged class ImagesJob {
  /** Elements of an image, and of its outputs. */
  size: i32;
  outSize: i32;
  dx: usize;
  dy: usize;
  positions: usize;
}

/** dx = 0 but dx[positions[o]] += dy[o], for images `from` up to `to`, in which their positions are, unless they are -1. */
export function maxPoolBackward(job: ImagesJob, from: i32, to: i32): void {
  memory.fill(job.dx + bytes(from * job.size), 0, bytes((to - from) * job.size));
  for (let o = from * job.outSize; o < to * job.outSize; o++) {
    const position = i32.load(job.positions + bytes(o));
    if (position < 0) continue;
    const at = job.dx + bytes(position);
    f32.store(at, f32.load(at) + f32.load(job.dy + bytes(o)));
  }
}
