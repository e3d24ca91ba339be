/**
 * What a picture is: a tensor (…, H, W), or of colours (…, C, H, W). Its values are in [0, 1] if they have fractions, and bytes, 0
 * to 255, if they are int32, which stands for PyTorch's uint8. What finds values between pixels takes one picture (C, H, W) or a batch
 * (N, C, H, W), as torchvision does.
 */

import { round } from "../../autograd/ops/rounding.ts";
import { squeeze, to, unsqueeze } from "../../autograd/ops/shape.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Channels, height and width; there is one channel where x has no dimension for them.
 * Mirrors `torchvision.transforms.functional.get_dimensions`.
 * @throws unless x has a height and a width
 * @example transforms.functional.getDimensions(zeros([3, 4, 5]))
 */
export function getDimensions(x: Tensor): [channels: number, height: number, width: number] {
  checkPicture(x);
  const [height, width] = x.shape.slice(-2);
  return [x.shape.at(-3) ?? 1, height, width];
}

/**
 * Width and height, in this order. Mirrors `torchvision.transforms.functional.get_image_size`.
 * @throws unless x has both
 * @example transforms.functional.getImageSize(zeros([3, 4, 5]))
 */
export function getImageSize(x: Tensor): [width: number, height: number] {
  const [, height, width] = getDimensions(x);
  return [width, height];
}

/**
 * How many channels there are. Mirrors `torchvision.transforms.functional.get_image_num_channels`.
 * @throws unless x has a height and a width
 * @example transforms.functional.getImageNumChannels(zeros([3, 4, 5]))
 */
export function getImageNumChannels(x: Tensor): number {
  return getDimensions(x)[0];
}

/** @throws unless x has a height and a width */
export function checkPicture(x: Tensor): void {
  check(x.ndim >= 2, "Tensor is not a torch image.", TypeError);
}

/** @throws unless x has a dimension for channels */
export function checkDimensions(x: Tensor): void {
  checkPicture(x);
  const tooFew = () => `Input image tensor should have at least 3 dimensions, but found ${x.ndim}`;
  check(x.ndim >= 3, tooFew, TypeError);
}

/** @throws unless x is grey or has three colours; the message lists how many channels it may have as `permitted` does */
export function checkColours(x: Tensor, permitted: readonly Int[] = [1, 3]): void {
  const [channels] = getDimensions(x);
  const others = () =>
    `Input image tensor permitted channel values are [${permitted.join(", ")}], but found ${channels}`;
  check(permitted.includes(channels), others, TypeError);
}

/** The largest value that a picture like x may have. */
export const boundOf = (x: Tensor): number => (isFloatingPoint(x.dtype) ? 1 : 255);

/** x with fractions: bytes as float32. */
export const withFractions = (x: Tensor): Tensor => (isFloatingPoint(x.dtype) ? x : to(x, "float32"));

/** What f makes of x, (C, H, W) or (N, C, H, W), as a batch with fractions: without a batch dimension, and bytes rounded, if x is so. */
export function asBatch(x: Tensor, f: (batch: Tensor) => Tensor): Tensor {
  const batch = withFractions(x.ndim < 4 ? unsqueeze(x, 0) : x);
  const made = f(batch);
  const y = x.ndim < 4 ? squeeze(made, 0) : made;
  return isFloatingPoint(x.dtype) ? y : to(round(y), x.dtype);
}
