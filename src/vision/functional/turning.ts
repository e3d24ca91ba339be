/** Pictures turned, shifted, scaled and sheared. */
import { check } from "../../tensor/check.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { affineGrid, checkGridOptions, type Extent, type GridReadingOptions, readAt } from "./grids.ts";
import { getDimensions } from "./picture.ts";

/** How a picture is turned, shifted, scaled and sheared. */
export interface PictureAffineOptions extends GridReadingOptions {
  /** The place, [x, y], that stays: from the upper left corner. Default: null, the middle. */
  center?: readonly number[] | null;
}

/** How a picture is turned. */
export interface RotateOptions extends PictureAffineOptions {
  /** Whether the picture becomes so large that nothing is cut off, for turns around the middle. Default: false. */
  expand?: boolean;
}

/** What these options are by default. */
export const rotateDefaults: Required<RotateOptions> = {
  interpolation: "nearest",
  fill: null,
  center: null,
  expand: false,
};

/**
 * A picture (C, H, W) or (N, C, H, W), turned by so many degrees against the clock. Mirrors `torchvision.transforms.functional.rotate`.
 * @throws unless there are as many numbers to fill with as channels, or one
 * @example transforms.functional.rotate(arange(9).view(1, 3, 3), 90)
 */
export function rotate(x: Tensor, angle: number, options?: RotateOptions): Tensor {
  const { interpolation, fill, center, expand } = readOptions(options, rotateDefaults);
  const matrix = inverseMatrix(fromMiddle(x, center), -angle, [0, 0], 1, [0, 0]);
  return transformed(x, matrix, { interpolation, fill }, expand);
}

/**
 * A picture (C, H, W) or (N, C, H, W), turned by so many degrees with the clock, scaled, sheared by so many degrees along x, or along both
 * dimensions, and then shifted by so many pixels. Mirrors `torchvision.transforms.functional.affine`.
 * @throws unless the scale is above 0, and there are as many numbers to fill with as channels, or one
 * @example transforms.functional.affine(arange(9).view(1, 3, 3), 0, [1, 0], 1, 0)
 */
export function affine(
  x: Tensor,
  angle: number,
  translate: readonly number[],
  scale: number,
  shear: number | readonly number[],
  options?: PictureAffineOptions,
): Tensor {
  const { interpolation, fill, center } = readOptions(options, { interpolation: "nearest", fill: null, center: null });
  check(translate.length === 2, "Argument translate should be a sequence of length 2");
  check(scale > 0, "Argument scale should be positive");
  const given = typeof shear === "number" ? [shear, 0] : shear;
  const shears = given.length === 1 ? [given[0], given[0]] : given;
  check(shears.length === 2, () => `Shear should be a sequence containing two values. Got [${shears.join(", ")}]`);
  const matrix = inverseMatrix(fromMiddle(x, center), angle, translate, scale, shears);
  return transformed(x, matrix, { interpolation, fill }, false);
}

function transformed(
  x: Tensor,
  matrix: readonly number[],
  { interpolation, fill }: Required<GridReadingOptions>,
  expand: boolean,
): Tensor {
  checkGridOptions(x, interpolation, fill);
  const [, height, width] = getDimensions(x);
  const size: Extent = [width, height];
  const dtype = isFloatingPoint(x.dtype) ? x.dtype : "float32";
  const grid = affineGrid(matrix, size, expand ? expanded(matrix, size) : size, dtype);
  return readAt(x, grid, interpolation as "nearest" | "bilinear", fill);
}

/** A place, from the middle of x. */
function fromMiddle(x: Tensor, center: readonly number[] | null): readonly [x: number, y: number] {
  const [, height, width] = getDimensions(x);
  return center === null ? [0, 0] : [center[0] - width * 0.5, center[1] - height * 0.5];
}

/**
 * Where a pixel of the output is in the input, as [a, b, c, d, e, f]: the inverse of M = T · C · R · S · H · C⁻¹, of a shift T, the
 * center C, a turn R, a scale S and a shear H.
 */
function inverseMatrix(
  [cx, cy]: readonly [number, number],
  angle: number,
  [tx, ty]: readonly number[],
  scale: number,
  shear: readonly number[],
): number[] {
  const [rot, sx, sy] = [angle, shear[0], shear[1]].map((degrees) => degrees * (Math.PI / 180));
  // R · S · H without the scale
  const a = Math.cos(rot - sy) / Math.cos(sy);
  const b = (-Math.cos(rot - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(rot);
  const c = Math.sin(rot - sy) / Math.cos(sy);
  const d = (-Math.sin(rot - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(rot);
  const [ia, ib, ic, id] = [d, -b, -c, a].map((value) => value / scale); // its determinant is 1
  return [ia, ib, ia * (-cx - tx) + ib * (-cy - ty) + cx, ic, id, ic * (-cx - tx) + id * (-cy - ty) + cy];
}

/** The size of a picture of which nothing is cut off: as far as its corners get, in float32 as PyTorch finds it. */
function expanded(matrix: readonly number[], [width, height]: Extent): Extent {
  const tolerance = Math.fround(1e-4); // so that 1e-7 of a pixel does not count as one
  const rounded = (value: number) => Math.fround(Math.fround(Math.trunc(Math.fround(value / tolerance))) * tolerance);
  const [x, y] = [0.5 * width, 0.5 * height];
  const sizes = [matrix.slice(0, 3), matrix.slice(3)].map((row, i) => {
    const [a, b, c] = row.map(Math.fround);
    const reach = [-x, x].flatMap((px) => [-y, y].map((py) => Math.fround(a * px + b * py + c)));
    const half = [x, y][i];
    const [least, most] = [Math.min(...reach), Math.max(...reach)].map((end) => rounded(Math.fround(end + half)));
    return Math.ceil(most) - Math.floor(least);
  });
  return [sizes[0], sizes[1]];
}
