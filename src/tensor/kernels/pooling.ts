/** Where in each window of an image the largest element is. */
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
  /** How far the first window begins before the image; there is nothing there that could be the largest. */
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** The first place ≥ 0 of those a window has from `start` on. */
const firstInside = (start: number, dilation: number): number =>
  start >= 0 ? start : start + Math.ceil(-start / dilation) * dilation;

/**
 * positions[image, oy, ox] = the place in x (images, H, W) of the window's first largest element; a NaN is larger than all.
 */
export function maxPositions(positions: Int32Array, x: TypedArray, shape: PoolingShape): void {
  const { images, size, kernelSize, outSize, stride, padding, dilation } = shape;
  const [h, w] = size;
  const [oh, ow] = outSize;
  const [dy, dx] = dilation;
  for (let image = 0, o = 0; image < images; image++) {
    const start = image * h * w;
    for (let oy = 0; oy < oh; oy++) {
      const y0 = oy * stride[0] - padding[0];
      const yEnd = Math.min(y0 + kernelSize[0] * dy, h);
      for (let ox = 0; ox < ow; ox++, o++) {
        const x0 = ox * stride[1] - padding[1];
        const xStart = firstInside(x0, dx);
        const xEnd = Math.min(x0 + kernelSize[1] * dx, w);
        let best = start + firstInside(y0, dy) * w + xStart;
        for (let y = firstInside(y0, dy); y < yEnd; y += dy) {
          for (let i = start + y * w + xStart; i < start + y * w + xEnd; i += dx) {
            if (x[i] > x[best] || Number.isNaN(x[i])) best = i;
          }
        }
        positions[o] = best;
      }
    }
  }
}
