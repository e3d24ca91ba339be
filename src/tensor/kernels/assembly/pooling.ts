/** The largest element and the mean of each window of an image, and what they pull back. */
import { bytes, gather, storeFirst } from "./vectors";

@unmanaged class PoolJob {
  height: i32;
  width: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  outHeight: i32;
  outWidth: i32;
  strideY: i32;
  strideX: i32;
  paddingY: i32;
  paddingX: i32;
  dilationY: i32;
  dilationX: i32;
  x: usize;
  y: usize;
  /** Where in x the largest elements are; or what sums are divided by, for each output of an image. */
  positions: usize;
  divisors: usize;

  /** Of a row's outputs, those from the first up to the last have windows with every column inside. */
  @inline get firstWhole(): i32 { return (this.paddingX + this.strideX - 1) / this.strideX; }
  @inline get lastWhole(): i32 {
    const room = this.width + this.paddingX - (this.kernelWidth - 1) * this.dilationX - 1;
    return room < 0 ? 0 : min(room / this.strideX + 1, this.outWidth);
  }
}

/** The first place of a window that is inside, where it begins at `start`. */
// @ts-ignore: decorator
@inline function firstInside(start: i32, dilation: i32): i32 {
  return start >= 0 ? start : start + ((dilation - 1 - start) / dilation) * dilation;
}

/** What an element does to a window's outcome, for the windows of one output or of four neighbours. */
@unmanaged class Pool {
  one(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {}
  four(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {}
}

/** For rows of outputs `from` up to `to`: four windows at once where they have no column outside. */
// @ts-ignore: decorator
@inline function poolRows<P extends Pool>(job: PoolJob, from: i32, to: i32): void {
  const pool = changetype<P>(0);
  const firstWhole = job.firstWhole;
  for (let row = from; row < to; row++) {
    const image = (row / job.outHeight) * job.height;
    const y = (row % job.outHeight) * job.strideY - job.paddingY;
    const first = (image + firstInside(y, job.dilationY)) * job.width;
    const end = (image + min(y + job.kernelHeight * job.dilationY, job.height)) * job.width;
    const lastWhole = first < end ? job.lastWhole : 0;
    const hasFour = lastWhole - firstWhole >= 4;
    for (let o = 0; o < job.outWidth; ) {
      if (hasFour && o >= firstWhole && o < lastWhole) {
        o = min(o, lastWhole - 4);
        pool.four(job, first, end, o, row * job.outWidth + o);
        o += 4;
      } else {
        pool.one(job, first, end, o, row * job.outWidth + o);
        o++;
      }
    }
  }
}

/** Elements of four windows that are neighbours. */
// @ts-ignore: decorator
@inline function fourApart(x: usize, stride: i32): v128 {
  return stride == 2 ? v128.shuffle<i32>(v128.load(x), v128.load(x, 12), 0, 2, 5, 7) : gather(x, stride);
}

/** The first largest element of a window, and where it is; a NaN is larger than all. Of one without elements, -∞ and -1. */
@final @unmanaged class Largest extends Pool {
  @inline one(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {
    const x = o * job.strideX - job.paddingX;
    const xStart = firstInside(x, job.dilationX);
    const xEnd = min(x + job.kernelWidth * job.dilationX, job.width);
    let best: f32 = -Infinity;
    let place = -1;
    for (let row = first; row < end; row += job.dilationY * job.width) {
      for (let k = row + xStart; k < row + xEnd; k += job.dilationX) {
        const value = f32.load(job.x + bytes(k));
        if (place >= 0 && !(value > best) && value == value) continue;
        best = value;
        place = k;
      }
    }
    f32.store(job.y + bytes(at), best);
    i32.store(job.positions + bytes(at), place);
  }

  @inline four(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {
    const stride = job.strideX;
    const start = o * stride - job.paddingX;
    const steps = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(stride));
    let best = fourApart(job.x + bytes(first + start), stride);
    let place = i32x4.add(steps, i32x4.splat(first + start));
    for (let row = first; row < end; row += job.dilationY * job.width) {
      for (let kx = 0, k = row + start; kx < job.kernelWidth; kx++, k += job.dilationX) {
        const value = fourApart(job.x + bytes(k), stride);
        const isLarger = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
        best = v128.bitselect(value, best, isLarger);
        place = v128.bitselect(i32x4.add(steps, i32x4.splat(k)), place, isLarger);
      }
    }
    v128.store(job.y + bytes(at), best);
    v128.store(job.positions + bytes(at), place);
  }
}
export function maxPool(job: PoolJob, from: i32, to: i32): void { poolRows<Largest>(job, from, to); }

/** The sum of a window's elements over its divisor. */
@final @unmanaged class Mean extends Pool {
  @inline one(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {
    const x = o * job.strideX - job.paddingX;
    const xStart = max(x, 0);
    const xEnd = min(x + job.kernelWidth, job.width);
    let sum: f32 = 0;
    for (let row = first; row < end; row += job.width)
      for (let k = row + xStart; k < row + xEnd; k++) sum += f32.load(job.x + bytes(k));
    f32.store(job.y + bytes(at), sum / f32.load(job.divisors + bytes(at % (job.outHeight * job.outWidth))));
  }

  @inline four(job: PoolJob, first: i32, end: i32, o: i32, at: i32): void {
    const stride = job.strideX;
    const start = job.x + bytes(o * stride - job.paddingX);
    let sum = f32x4.splat(0);
    for (let row = first; row < end; row += job.width)
      for (let kx = 0; kx < job.kernelWidth; kx++) sum = f32x4.add(sum, fourApart(start + bytes(row + kx), stride));
    const divisors = v128.load(job.divisors + bytes(at % (job.outHeight * job.outWidth)));
    v128.store(job.y + bytes(at), f32x4.div(sum, divisors));
  }
}
export function averagePool(job: PoolJob, from: i32, to: i32): void { poolRows<Mean>(job, from, to); }

/** x gets y / divisor at each of a window's elements, for windows of 2 x 2 side by side. */
export function averagePoolBackward(job: PoolJob, from: i32, to: i32): void {
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
