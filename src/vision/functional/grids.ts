/** Pictures read at places that a grid says: what turning, shifting, perspective and waves have in common. */
import { lt } from "../../autograd/ops/compare.ts";
import { add, div, mul, sub, where } from "../../autograd/ops/elementwise.ts";
import { matmul } from "../../autograd/ops/matmul.ts";
import { cat, narrow, stack } from "../../autograd/ops/parts.ts";
import { expand, reshape, to, transpose, unsqueeze } from "../../autograd/ops/shape.ts";
import { functional as nn } from "../../nn/functional.ts";
import { check } from "../../tensor/check.ts";
import { linspace, ones, tensor } from "../../tensor/create.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { asBatch, checkDimensions, checkPicture, getDimensions } from "./picture.ts";
import type { InterpolationMode } from "./resizing.ts";

/** What is outside of a picture: one number, or one for each channel. */
export type PictureFill = number | readonly number[];

/** How a picture is read at other places. */
export interface GridReadingOptions {
  /** How pixels are found, which "bicubic" is not for. Default: "nearest". */
  interpolation?: InterpolationMode;
  /** What is outside of the picture. Default: null, zeros. */
  fill?: PictureFill | null;
}

/** @throws unless the picture has so many channels as are filled, and pixels can be found in this way */
export function checkGridOptions(x: Tensor, interpolation: InterpolationMode, fill: PictureFill | null): void {
  checkPicture(x);
  const [channels] = getDimensions(x);
  const count = typeof fill === "object" && fill !== null ? fill.length : 1;
  const otherCount = () =>
    "The number of elements in 'fill' cannot broadcast to match the number of channels of the image " +
    `(${count} != ${channels})`;
  check(count === 1 || count === channels, otherCount);
  const cubic = () => `Interpolation mode '${interpolation}' is unsupported with Tensor input`;
  check(interpolation !== "bicubic", cubic);
}

/** x, which is (C, H, W) or (N, C, H, W), read at the places grid (1, OH, OW, 2), from -1 to 1; `fill` is outside, as far as a pixel is. */
export function readAt(x: Tensor, grid: Tensor, mode: "nearest" | "bilinear", fill: PictureFill | null): Tensor {
  return asBatch(x, (batch) => {
    const picture = to(batch, grid.dtype);
    const [n, channels, height, width] = picture.shape;
    const places = expand(grid, [n, ...grid.shape.slice(1)]);
    const sampled = (y: Tensor) => nn.gridSample(y, places, { mode, paddingMode: "zeros", alignCorners: false });
    if (fill === null) return to(sampled(picture), batch.dtype);
    checkDimensions(x);
    // a further channel of ones says how much of a pixel is inside
    const y = sampled(cat([picture, ones([n, 1, height, width], { dtype: picture.dtype })], 1));
    const [colours, inside] = [narrow(y, 1, 0, channels), narrow(y, 1, channels, 1)];
    const values = [fill].flat().map((value) => [[value]]);
    const outside = tensor(values, { dtype: picture.dtype }); // (C, 1, 1), or (1, 1, 1) for all channels
    const filled =
      mode === "nearest"
        ? where(lt(inside, 0.5), outside, colours)
        : add(mul(colours, inside), mul(sub(1, inside), outside));
    return to(filled, batch.dtype);
  });
}

/** The middles of pixels as [x, y, 1], row by row, (H·W, 3); the first of them begins at `from`. */
function middles(width: number, height: number, from: readonly [x: number, y: number], dtype: DType): Tensor {
  const along = (first: number, count: number) => linspace(first + 0.5, first + count - 0.5, count, { dtype });
  const xs = expand(along(from[0], width), [height, width]);
  const ys = expand(unsqueeze(along(from[1], height), -1), [height, width]);
  return reshape(stack([xs, ys, ones([height, width], { dtype })], -1), [height * width, 3]);
}

/** Rows of three numbers, each divided by half a size, and transposed, (3, 2): what middles are multiplied with. */
function scaledBy(rows: number[][], width: number, height: number, dtype: DType): Tensor {
  return div(transpose(tensor(rows, { dtype }), 0, 1), tensor([0.5 * width, 0.5 * height], { dtype }));
}

/** A size, in pixels. */
export type Extent = readonly [width: number, height: number];

/**
 * Where the pixels of an output of that size are in a picture: (1, OH, OW, 2), by a matrix of two rows of three, [a, b, c, d, e, f].
 * Places are counted from the middles of both.
 */
export function affineGrid(matrix: readonly number[], [width, height]: Extent, out: Extent, dtype: DType): Tensor {
  const [outWidth, outHeight] = out;
  const base = middles(outWidth, outHeight, [-outWidth / 2, -outHeight / 2], dtype);
  const theta = scaledBy([matrix.slice(0, 3), matrix.slice(3)], width, height, dtype);
  return reshape(matmul(base, theta), [1, outHeight, outWidth, 2]);
}

/**
 * The same for a perspective of eight coefficients: x' = (ax + by + c) / (gx + hy + 1), y' = (dx + ey + f) / (gx + hy + 1). Places are
 * counted from the upper left corner.
 */
export function perspectiveGrid(coefficients: readonly number[], [width, height]: Extent, dtype: DType): Tensor {
  const [a, b, c, d, e, f, g, h] = coefficients;
  const base = middles(width, height, [0, 0], dtype);
  const above = matmul(base, scaledBy([[a, b, c], [d, e, f]], width, height, dtype)); // biome-ignore format: a matrix
  const below = matmul(base, tensor([[g], [h], [1]], { dtype }));
  return reshape(sub(div(above, below), 1), [1, height, width, 2]);
}

/** Where pixels are if nothing is moved: (1, H, W, 2). */
export function identityGrid(width: number, height: number): Tensor {
  const along = (size: number) => linspace((1 - size) / size, (size - 1) / size, size);
  const xs = expand(along(width), [height, width]);
  const ys = expand(unsqueeze(along(height), -1), [height, width]);
  return unsqueeze(stack([xs, ys], -1), 0);
}
