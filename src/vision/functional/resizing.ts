/** Pictures of other sizes. */
import { clamp } from "../../autograd/ops/elementwise.ts";
import { functional as nn } from "../../nn/functional.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { crop } from "./cropping.ts";
import { asBatch, getDimensions } from "./picture.ts";
import type { PictureSize } from "./sizes.ts";

/**
 * How pixels between those of a picture are found. Mirrors `torchvision.transforms.InterpolationMode`. Of tensors, torchvision has
 * the first three.
 * @example transforms.InterpolationMode.BILINEAR
 */
export const InterpolationMode = {
  /** The nearest pixel. */
  NEAREST: "nearest",
  /** By the two nearest along each dimension. */
  BILINEAR: "bilinear",
  /** By the four nearest along each dimension. */
  BICUBIC: "bicubic",
} as const;
export type InterpolationMode = (typeof InterpolationMode)[keyof typeof InterpolationMode];

/** How a part of a picture gets its size. */
export interface ResizedCropOptions {
  /** How pixels are found. Default: "bilinear". */
  interpolation?: InterpolationMode;
  /**
   * Whether a smaller picture takes all pixels into account, which "nearest" cannot; null stands for torchvision's choice, which is
   * no. Default: null.
   */
  antialias?: boolean | null;
}

/** How a picture gets its size. */
export interface ResizeOptions extends ResizedCropOptions {
  /** How long the longer edge may be, where one number is given, which is the shorter edge. Default: null, as long as it gets. */
  maxSize?: Int | null;
}

/** What options of resizing are by default. */
export const resizeDefaults: Required<ResizeOptions> = { interpolation: "bilinear", maxSize: null, antialias: null };

/**
 * A picture (C, H, W) or (N, C, H, W) as large as that: [height, width]; or its shorter edge is so long, the longer one in proportion.
 * Mirrors `torchvision.transforms.functional.resize`.
 * @throws unless there are one or two numbers; if `maxSize` is not larger than the shorter edge
 * @example transforms.functional.resize(arange(4).view(1, 2, 2), [2, 4])
 */
export function resize(x: Tensor, size: PictureSize, options?: ResizeOptions): Tensor {
  const { interpolation: mode, maxSize, antialias } = readOptions(options, resizeDefaults);
  const [, height, width] = getDimensions(x);
  const outSize = resizedTo(height, width, [size].flat(), maxSize);
  const notNearest = "Antialias option is supported for bilinear and bicubic interpolation modes only";
  check(!antialias || mode !== "nearest", notNearest);
  const alignCorners = mode === "nearest" ? null : false;
  return asBatch(x, (batch) => {
    const y = nn.interpolate(batch, { size: outSize, mode, alignCorners, antialias: antialias ?? false });
    // cubics leave the range of what they pass through
    return mode === "bicubic" && !isFloatingPoint(x.dtype) ? clamp(y, 0, 255) : y;
  });
}

/** Height and width that are asked for. */
function resizedTo(height: number, width: number, size: readonly number[], maxSize: number | null): [number, number] {
  const otherLength = () =>
    `Size must be an int or a 1 or 2 element tuple/list, not a ${size.length} element tuple/list`;
  check(size.length === 1 || size.length === 2, otherLength);
  const notShorter =
    "max_size should only be passed if size specifies the length of the smaller edge, " +
    "i.e. size should be an int or a sequence of length 1 in torchscript mode.";
  check(maxSize === null || size.length === 1, notShorter);
  if (size.length === 2) return [size[0], size[1]];
  const [short, long] = width <= height ? [width, height] : [height, width];
  let [newShort, newLong] = [size[0], Math.trunc((size[0] * long) / short)];
  if (maxSize !== null) {
    const tooSmall = () =>
      `max_size = ${maxSize} must be strictly greater than the requested size for the smaller edge size = [${size}]`;
    check(maxSize > newShort, tooSmall);
    if (newLong > maxSize) [newShort, newLong] = [Math.trunc((maxSize * newShort) / newLong), maxSize];
  }
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}

/**
 * A part of a picture (C, H, W) or (N, C, H, W), as `crop` takes it, as large as that. Mirrors `torchvision.transforms.functional.resized_crop`.
 * @example transforms.functional.resizedCrop(arange(16).view(1, 4, 4), 1, 1, 2, 2, [4, 4]).shape
 */
export function resizedCrop(
  x: Tensor,
  top: Int,
  left: Int,
  height: Int,
  width: Int,
  size: PictureSize,
  options?: ResizedCropOptions,
): Tensor {
  return resize(crop(x, top, left, height, width), size, options);
}
