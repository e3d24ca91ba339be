/** The largest element and the mean of each window of an image, and what they pull back. */
import type { TypedArray } from "../dtype.ts";
import type { Pair } from "./convolution.ts";

export interface PoolingShape {
  /** How many images of one channel: N·C. */
  readonly images: number;
  /** (H, W), (KH, KW), (OH, OW) */
  readonly size: Pair;
  readonly kernelSize: Pair;
  readonly outSize: Pair;
  readonly stride: Pair;
  /** How far the first window begins before the image, where every number would be larger. */
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** The first place ≥ 0 of those a window has from `start` on. */
const firstInside = (start: number, dilation: number): number =>
  start >= 0 ? start : start + Math.ceil(-start / dilation) * dilation;

/**
 * out[image, oy, ox] = the window's first largest element, and positions the same of where in x (images, H, W) it is; a NaN
 * is larger than all. Of a window that sees padding only, they are -∞ and -1.
 */
export function maxPool(out: TypedArray, positions: TypedArray, x: TypedArray, shape: PoolingShape): void {
  const { images, size, kernelSize, outSize, stride, padding, dilation } = shape;
  const [h, w] = size;
  const [oh, ow] = outSize;
  const [dy, dx] = dilation;
  for (let image = 0, o = 0; image < images; image++) {
    const start = image * h * w;
    for (let oy = 0; oy < oh; oy++) {
      const y0 = oy * stride[0] - padding[0];
      const yStart = firstInside(y0, dy);
      const yEnd = Math.min(y0 + kernelSize[0] * dy, h);
      for (let ox = 0; ox < ow; ox++, o++) {
        const x0 = ox * stride[1] - padding[1];
        const xStart = firstInside(x0, dx);
        const xEnd = Math.min(x0 + kernelSize[1] * dx, w);
        const isOutside = yStart >= yEnd || xStart >= xEnd;
        let best = isOutside ? -1 : start + yStart * w + xStart;
        for (let y = yStart; y < yEnd; y += dy) {
          for (let i = start + y * w + xStart; i < start + y * w + xEnd; i += dx) {
            if (x[i] > x[best] || Number.isNaN(x[i])) best = i;
          }
        }
        positions[o] = best;
        out[o] = isOutside ? -Infinity : x[best];
      }
    }
  }
}

/** dx = 0 but dx[positions[o]] += dy[o]; the positions of an image lie in it, or are -1. */
export function maxPoolBackward(dx: TypedArray, dy: TypedArray, positions: TypedArray, _images: number): void {
  dx.fill(0);
  for (let o = 0; o < positions.length; o++) if (positions[o] >= 0) dx[positions[o]] += dy[o];
}

/** The elements of a window along one dimension that are inside the image. */
function inside(
  { size, kernelSize, stride, padding }: PoolingShape,
  d: 0 | 1,
  o: number,
): [start: number, end: number] {
  const start = o * stride[d] - padding[d];
  return [Math.max(start, 0), Math.min(start + kernelSize[d], size[d])];
}

/** out = Σ x / divisors[oy, ox], over the window's elements inside the image */
export function averagePool(out: TypedArray, x: TypedArray, divisors: TypedArray, shape: PoolingShape): void {
  const [h, w] = shape.size;
  const [oh, ow] = shape.outSize;
  for (let image = 0, o = 0; image < shape.images; image++) {
    for (let oy = 0; oy < oh; oy++) {
      const [yStart, yEnd] = inside(shape, 0, oy);
      for (let ox = 0; ox < ow; ox++, o++) {
        const [xStart, xEnd] = inside(shape, 1, ox);
        let sum = 0;
        for (let y = yStart; y < yEnd; y++) {
          const row = (image * h + y) * w;
          for (let i = row + xStart; i < row + xEnd; i++) sum += x[i];
        }
        out[o] = sum / divisors[oy * ow + ox];
      }
    }
  }
}

/** dx = Σ dy / divisors[oy, ox], over the windows that an element is in */
export function averagePoolBackward(dx: TypedArray, dy: TypedArray, divisors: TypedArray, shape: PoolingShape): void {
  const [h, w] = shape.size;
  const [oh, ow] = shape.outSize;
  dx.fill(0);
  for (let image = 0, o = 0; image < shape.images; image++) {
    for (let oy = 0; oy < oh; oy++) {
      const [yStart, yEnd] = inside(shape, 0, oy);
      for (let ox = 0; ox < ow; ox++, o++) {
        const [xStart, xEnd] = inside(shape, 1, ox);
        const share = dy[o] / divisors[oy * ow + ox];
        for (let y = yStart; y < yEnd; y++) {
          const row = (image * h + y) * w;
          for (let i = row + xStart; i < row + xEnd; i++) dx[i] += share;
        }
      }
    }
  }
}
