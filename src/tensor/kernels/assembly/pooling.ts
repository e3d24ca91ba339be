/** The largest element and the mean of each window of an image, and what they pull back. */
import { bytes, gather } from "./vectors";
import { WindowsJob } from "./windows";

@unmanaged export class PoolJob extends WindowsJob {
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

/** What a window's elements come to: of one window, or of four neighbours with every column inside. */
@unmanaged class Pool {
  /** Columns xStart up to xEnd of the rows at `first` up to `end`, as places in x; for output `o` of an image, at `at` of all. */
  one(job: PoolJob, first: i32, end: i32, row: i32, xStart: i32, xEnd: i32, o: i32, at: i32): void {}
  /** The first window's first place, the rows of how many elements from there, and so many columns. */
  four(job: PoolJob, first: i32, rows: i32, row: i32, columns: i32, stride: i32, o: i32, at: i32): void {}
}

/** For rows of outputs `from` up to `to`. */
// @ts-ignore: decorator
@inline function poolRows<P extends Pool>(job: PoolJob, from: i32, to: i32): void {
  const pool = changetype<P>(0);
  const outWidth = job.outWidth;
  const width = job.width;
  const stride = job.strideX;
  const columns = job.kernelWidth * job.dilationX;
  const row = job.dilationY * width;
  const firstWhole = job.firstWhole;
  const lastWhole = job.lastWhole;
  for (let line = from; line < to; line++) {
    const image = line / job.outHeight;
    const oy = line - image * job.outHeight;
    const y = oy * job.strideY - job.paddingY;
    const yStart = firstInside(y, job.dilationY);
    const first = (image * job.height + yStart) * width;
    const rows = (min(y + job.kernelHeight * job.dilationY, job.height) - yStart) * width;
    const hasFour = lastWhole - firstWhole >= 4 && rows > 0;
    for (let o = 0; o < outWidth; ) {
      if (hasFour && o >= firstWhole && o < lastWhole) {
        o = min(o, lastWhole - 4);
        pool.four(job, first + o * stride - job.paddingX, rows, row, columns, stride, oy * outWidth + o, line * outWidth + o);
        o += 4;
      } else {
        const x = o * stride - job.paddingX;
        const xStart = firstInside(x, job.dilationX);
        pool.one(job, first, first + rows, row, xStart, min(x + columns, width), oy * outWidth + o, line * outWidth + o);
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
  @inline one(job: PoolJob, first: i32, end: i32, row: i32, xStart: i32, xEnd: i32, o: i32, at: i32): void {
    let best: f32 = -Infinity;
    let place = -1;
    for (let start = first; start < end; start += row) {
      for (let k = start + xStart; k < start + xEnd; k += job.dilationX) {
        const value = f32.load(job.x + bytes(k));
        if (place >= 0 && !(value > best) && value == value) continue;
        best = value;
        place = k;
      }
    }
    f32.store(job.y + bytes(at), best);
    i32.store(job.positions + bytes(at), place);
  }

  @inline four(job: PoolJob, first: i32, rows: i32, row: i32, columns: i32, stride: i32, o: i32, at: i32): void {
    const x = job.x + bytes(first);
    let best = fourApart(x, stride);
    let place = i32x4.splat(0);
    const column = job.dilationX;
    for (let start = 0; start < rows; start += row) {
      for (let k = start; k < start + columns; k += column) {
        const value = fourApart(x + bytes(k), stride);
        const isLarger = v128.or(f32x4.gt(value, best), f32x4.ne(value, value));
        best = v128.bitselect(value, best, isLarger);
        place = v128.bitselect(i32x4.splat(k), place, isLarger);
      }
    }
    const windows = i32x4.add(i32x4.splat(first), i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(stride)));
    v128.store(job.y + bytes(at), best);
    v128.store(job.positions + bytes(at), i32x4.add(place, windows));
  }
}
export function maxPool(job: PoolJob, from: i32, to: i32): void { poolRows<Largest>(job, from, to); }

/** The sum of a window's elements over its divisor. */
@final @unmanaged class Mean extends Pool {
  @inline one(job: PoolJob, first: i32, end: i32, row: i32, xStart: i32, xEnd: i32, o: i32, at: i32): void {
    let sum: f32 = 0;
    for (let start = first; start < end; start += row)
      for (let k = start + xStart; k < start + xEnd; k++) sum += f32.load(job.x + bytes(k));
    f32.store(job.y + bytes(at), sum / f32.load(job.divisors + bytes(o)));
  }

  @inline four(job: PoolJob, first: i32, rows: i32, row: i32, columns: i32, stride: i32, o: i32, at: i32): void {
    const x = job.x + bytes(first);
    let sum = f32x4.splat(0);
    for (let start = 0; start < rows; start += row)
      for (let k = start; k < start + columns; k++) sum = f32x4.add(sum, fourApart(x + bytes(k), stride));
    v128.store(job.y + bytes(at), f32x4.div(sum, v128.load(job.divisors + bytes(o))));
  }
}
export function averagePool(job: PoolJob, from: i32, to: i32): void { poolRows<Mean>(job, from, to); }

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
