/** Parts of pictures, and what stands around them. */
import { indexSelect } from "../../autograd/ops/indexing.ts";
import { pad as padTensor } from "../../autograd/ops/layers/pad.ts";
import { slice } from "../../autograd/ops/parts.ts";
import { flip } from "../../autograd/ops/rearrange.ts";
import { squeeze, to, unsqueeze } from "../../autograd/ops/shape.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { pythonTuple } from "../../tensor/python-text.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPicture, getDimensions } from "./picture.ts";
import { type PictureSize, roundHalfToEven, sizesOf } from "./sizes.ts";

/** How much to add to a picture: everywhere; or [left and right, top and bottom]; or [left, top, right, bottom]. */
export type PicturePadding = Int | readonly Int[];

/**
 * What stands beyond the edges of [a b c]: a constant, its last pixels [a a | a b c | c c], or its mirror image, without the pixel
 * at the edge [c b | a b c | b a] or with it [b a | a b c | c b].
 */
export type PicturePaddingMode = "constant" | "edge" | "reflect" | "symmetric";

/** What stands around a picture. */
export interface PicturePadOptions {
  /** The constant. Default: 0. */
  fill?: number;
  /** What the padding is made of. Default: "constant". */
  paddingMode?: PicturePaddingMode;
}

/**
 * A picture (…, H, W) made larger, or smaller where a number is negative; with "edge" and "reflect" it is (H, W), (C, H, W) or
 * (N, C, H, W), with "symmetric" (C, H, W) or (N, C, H, W). Mirrors `torchvision.transforms.functional.pad`.
 * @throws for three numbers or more than four; for other dimensions; and where a picture has too few pixels to be mirrored
 * @example
 * const picture = arange(4).view(1, 2, 2);
 * console.log(transforms.functional.pad(picture, [1, 0], { paddingMode: "edge" }));
 */
export function pad(x: Tensor, padding: PicturePadding, options?: PicturePadOptions): Tensor {
  checkPicture(x);
  const { fill, paddingMode } = readOptions(options, padDefaults);
  const sides = sidesOf(padding);
  checkPaddingMode(paddingMode);
  if (paddingMode === "symmetric") return padSymmetric(x, sides);
  const batch = x.ndim < 4 ? unsqueeze(x, 0) : x;
  const mode = ({ constant: "constant", edge: "replicate", reflect: "reflect" } as const)[paddingMode];
  const isCast = mode !== "constant" && !isFloatingPoint(x.dtype);
  const y = padTensor(isCast ? to(batch, "float32") : batch, sides, mode, mode === "constant" ? fill : 0);
  return to(x.ndim < 4 ? squeeze(y, 0) : y, x.dtype);
}

/** What options of padding are by default. */
export const padDefaults: Required<PicturePadOptions> = { fill: 0, paddingMode: "constant" };

/** @throws unless there are so many numbers that every side has one */
export function checkPadding(padding: PicturePadding): void {
  const length = typeof padding === "number" ? 1 : padding.length;
  const others = () => `Padding must be an int or a 1, 2, or 4 element tuple, not a ${length} element tuple`;
  check([1, 2, 4].includes(length), others);
}

/** @throws unless there is such a mode */
export function checkPaddingMode(mode: PicturePaddingMode): void {
  const isKnown = ["constant", "edge", "reflect", "symmetric"].includes(mode);
  check(isKnown, "Padding mode should be either constant, edge, reflect or symmetric");
}

/** Left, right, top, bottom. */
function sidesOf(padding: PicturePadding): [left: number, right: number, top: number, bottom: number] {
  checkPadding(padding);
  const given = [padding].flat();
  const [left, top = left, right = left, bottom = top] = given;
  return [left, right, top, bottom];
}

/** Each of the last two dimensions by the indices that its mirror images have. */
function padSymmetric(x: Tensor, [left, right, top, bottom]: readonly number[]): Tensor {
  check(x.ndim === 3 || x.ndim === 4, "Symmetric padding of N-D tensors are not supported yet");
  const mirrored = (y: Tensor, dim: number, before: number, after: number): Tensor => {
    const part = slice(y, dim, Math.max(0, -before), y.shape.at(dim)! - Math.max(0, -after));
    const length = part.shape.at(dim)!;
    const longest = Math.max(before, after);
    const tooLong = () => `Symmetric padding of ${longest} pixels needs as many, but there are ${length}`;
    check(longest <= length, tooLong);
    const indices: number[] = [];
    for (let i = before - 1; i >= 0; i--) indices.push(i);
    for (let i = 0; i < length; i++) indices.push(i);
    for (let i = 1; i <= after; i++) indices.push(length - i);
    return indexSelect(part, dim, tensor(indices, { dtype: "int32" }));
  };
  return mirrored(mirrored(x, -1, left, right), -2, top, bottom);
}

/**
 * The part of a picture (…, H, W) that begins at `top` and `left`; zeros where that is outside the picture.
 * Mirrors `torchvision.transforms.functional.crop`.
 * @example transforms.functional.crop(arange(9).view(1, 3, 3), 1, 1, 2, 3)
 */
export function crop(x: Tensor, top: Int, left: Int, height: Int, width: Int): Tensor {
  const [, h, w] = getDimensions(x);
  const [right, bottom] = [left + width, top + height];
  const part = slice(slice(x, -2, Math.max(top, 0), bottom), -1, Math.max(left, 0), right);
  if (left >= 0 && top >= 0 && right <= w && bottom <= h) return part;
  return pad(part, [
    Math.max(-left + Math.min(0, right), 0),
    Math.max(-top + Math.min(0, bottom), 0),
    Math.max(right - Math.max(w, left), 0),
    Math.max(bottom - Math.max(h, top), 0),
  ]);
}

/**
 * The middle of a picture (…, H, W), with zeros around it where it is smaller than that.
 * Mirrors `torchvision.transforms.functional.center_crop`.
 * @example transforms.functional.centerCrop(arange(16).view(1, 4, 4), 2)
 */
export function centerCrop(x: Tensor, outputSize: PictureSize): Tensor {
  const [height, width] = sizesOf(outputSize);
  let picture = x;
  const [, h, w] = getDimensions(x);
  if (width > w || height > h) {
    const [across, down] = [Math.max(width - w, 0), Math.max(height - h, 0)];
    picture = pad(x, [Math.floor(across / 2), Math.floor(down / 2), Math.ceil(across / 2), Math.ceil(down / 2)]);
  }
  const [, paddedHeight, paddedWidth] = getDimensions(picture);
  const top = roundHalfToEven((paddedHeight - height) / 2);
  return crop(picture, top, roundHalfToEven((paddedWidth - width) / 2), height, width);
}

/**
 * The four corners of a picture (…, H, W), top left, top right, bottom left and bottom right, and its middle.
 * Mirrors `torchvision.transforms.functional.five_crop`.
 * @throws if the picture is smaller than that
 * @example transforms.functional.fiveCrop(zeros([3, 8, 8]), 4).map(({ shape }) => shape)
 */
export function fiveCrop(x: Tensor, size: PictureSize): Tensor[] {
  const [height, width] = sizesOf(size);
  const [, h, w] = getDimensions(x);
  const tooLarge = () =>
    `Requested crop size ${pythonTuple([height, width])} is bigger than input size ${pythonTuple([h, w])}`;
  check(width <= w && height <= h, tooLarge);
  return [
    crop(x, 0, 0, height, width),
    crop(x, 0, w - width, height, width),
    crop(x, h - height, 0, height, width),
    crop(x, h - height, w - width, height, width),
    centerCrop(x, [height, width]),
  ];
}

/**
 * The corners and the middle of a picture (…, H, W), and those of its mirror image; which is upside down if that is wanted.
 * Mirrors `torchvision.transforms.functional.ten_crop`.
 * @throws if the picture is smaller than that
 * @example transforms.functional.tenCrop(zeros([3, 8, 8]), 4).length
 */
export function tenCrop(x: Tensor, size: PictureSize, verticalFlip: boolean = false): Tensor[] {
  return [...fiveCrop(x, size), ...fiveCrop(verticalFlip ? vflip(x) : hflip(x), size)];
}

/**
 * A picture (…, H, W), left and right exchanged. Mirrors `torchvision.transforms.functional.hflip`.
 * @example transforms.functional.hflip(arange(4).view(1, 2, 2))
 */
export function hflip(x: Tensor): Tensor {
  checkPicture(x);
  return flip(x, -1);
}

/**
 * A picture (…, H, W), upside down. Mirrors `torchvision.transforms.functional.vflip`.
 * @example transforms.functional.vflip(arange(4).view(1, 2, 2))
 */
export function vflip(x: Tensor): Tensor {
  checkPicture(x);
  return flip(x, -2);
}
