/** The largest element of each of so many windows that begin and end anywhere: as many as are asked for, or at random places. */
import type { TypedArray } from "../dtype.ts";
import type { Triple } from "./convolution.ts";

export interface ChosenWindows {
  /** How many volumes of one channel: N·C. */
  readonly images: number;
  /** (D, H, W), (OD, OH, OW) */
  readonly size: Triple;
  readonly outSize: Triple;
  /** Along each dimension where each of its windows begins and, after that, ends: of all images, or of each. */
  readonly bounds: readonly [z: Int32Array, y: Int32Array, x: Int32Array];
}

/**
 * out[image, oz, oy, ox] = the window's first largest element, and positions the same of where in x (images, D, H, W) it is; a NaN
 * is larger than all.
 */
export function maxOfWindows(out: TypedArray, positions: TypedArray, x: TypedArray, shape: ChosenWindows): void {
  const { images, size, outSize, bounds } = shape;
  const [d, h, w] = size;
  const [od, oh, ow] = outSize;
  const [ofZ, ofY, ofX] = bounds;
  /** How far the bounds of one image are from those of the next. */
  const [nextZ, nextY, nextX] = [0, 1, 2].map((k) => (bounds[k].length > 2 * outSize[k] ? 2 * outSize[k] : 0));
  for (let image = 0, o = 0; image < images; image++) {
    for (let oz = 0; oz < od; oz++) {
      const [zStart, zEnd] = [ofZ[image * nextZ + 2 * oz], ofZ[image * nextZ + 2 * oz + 1]];
      for (let oy = 0; oy < oh; oy++) {
        const [yStart, yEnd] = [ofY[image * nextY + 2 * oy], ofY[image * nextY + 2 * oy + 1]];
        for (let ox = 0; ox < ow; ox++, o++) {
          const xStart = ofX[image * nextX + 2 * ox];
          const xEnd = ofX[image * nextX + 2 * ox + 1];
          let best = ((image * d + zStart) * h + yStart) * w + xStart;
          for (let z = zStart; z < zEnd; z++) {
            for (let y = yStart; y < yEnd; y++) {
              const row = ((image * d + z) * h + y) * w;
              for (let i = row + xStart; i < row + xEnd; i++) if (x[i] > x[best] || Number.isNaN(x[i])) best = i;
            }
          }
          positions[o] = best;
          out[o] = x[best];
        }
      }
    }
  }
}
