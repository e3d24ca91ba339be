/** The values of pixels, each by itself or by how many there are of each. A picture is (…, C, H, W), grey or of three colours. */

import { bincount } from "../../autograd/ops/bins.ts";
import { ge } from "../../autograd/ops/compare.ts";
import { clamp, mul, sub, where } from "../../autograd/ops/elementwise.ts";
import { reciprocal } from "../../autograd/ops/functions.ts";
import { bitwiseAnd } from "../../autograd/ops/integers.ts";
import { isfinite } from "../../autograd/ops/logical.ts";
import { stack } from "../../autograd/ops/parts.ts";
import { reshape, to } from "../../autograd/ops/shape.ts";
import { unbind } from "../../autograd/ops/stacking.ts";
import { amax, amin } from "../../autograd/ops/statistics.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import type { Int } from "../../tensor/shape.ts";
import { elementsOf, type Tensor } from "../../tensor/tensor.ts";
import { boundOf, checkColours, checkDimensions, checkPicture, withFractions } from "./picture.ts";

/**
 * y = 1 - x, or 255 - x of bytes. Mirrors `torchvision.transforms.functional.invert`.
 * @example transforms.functional.invert(tensor([[[0, 51, 255]]], { dtype: "int32" }))
 */
export function invert(x: Tensor): Tensor {
  checkDimensions(x);
  checkColours(x);
  return sub(boundOf(x), x);
}

/**
 * Bytes of which so many bits are kept, the largest. Mirrors `torchvision.transforms.functional.posterize`.
 * @throws unless x is of bytes, which are int32 here, and there are 0 to 8 bits
 * @example transforms.functional.posterize(tensor([[[7, 100, 255]]], { dtype: "int32" }), 2)
 */
export function posterize(x: Tensor, bits: Int): Tensor {
  check(bits >= 0 && bits <= 8, () => `The number if bits should be between 0 and 8. Got ${bits}`);
  checkDimensions(x);
  checkBytes(x);
  checkColours(x);
  return bitwiseAnd(x, 256 - 2 ** (8 - bits));
}

/** @throws unless x is of bytes */
function checkBytes(x: Tensor): void {
  const others = () =>
    `Only torch.uint8 image tensors are supported, but found torch.${x.dtype}: bytes are int32 here, see convertImageDtype`;
  check(x.dtype === "int32", others, TypeError);
}

/**
 * A picture in which all that is as light as a threshold, or lighter, is inverted.
 * Mirrors `torchvision.transforms.functional.solarize`.
 * @throws for a threshold that is above all values
 * @example transforms.functional.solarize(tensor([[[0.2, 0.6, 0.9]]]), 0.5)
 */
export function solarize(x: Tensor, threshold: number): Tensor {
  checkDimensions(x);
  checkColours(x);
  check(threshold <= boundOf(x), "Threshold should be less than bound of img.", TypeError);
  return where(ge(x, threshold), invert(x), x);
}

/**
 * A picture of which the darkest value of each channel becomes 0, the lightest as light as can be.
 * Mirrors `torchvision.transforms.functional.autocontrast`.
 * @example transforms.functional.autocontrast(tensor([[[0.2, 0.3, 0.6]]]))
 */
export function autocontrast(x: Tensor): Tensor {
  checkDimensions(x);
  checkColours(x);
  const bound = boundOf(x);
  const [darkest, lightest] = [amin, amax].map((extreme) => withFractions(extreme(x, [-2, -1], { keepdim: true })));
  const scale = mul(reciprocal(sub(lightest, darkest)), bound); // in two steps, as PyTorch divides a number by a tensor
  const hasRange = isfinite(scale); // a channel of one value stays
  const y = mul(sub(x, where(hasRange, darkest, 0)), where(hasRange, scale, 1));
  return to(clamp(y, 0, bound), x.dtype);
}

/**
 * Bytes (C, H, W) or (N, C, H, W) that are spread over 0 to 255 so that each range of values, as far as can be, has as many pixels.
 * Mirrors `torchvision.transforms.functional.equalize`.
 * @throws unless x is of bytes, which are int32 here from 0 to 255
 * @example transforms.functional.equalize(arange(512).remainder(16).to("int32").view(1, 16, 32)).max().item()
 */
export function equalize(x: Tensor): Tensor {
  checkPicture(x);
  const others = () => `Input image tensor should have 3 or 4 dimensions, but found ${x.ndim}`;
  check(x.ndim === 3 || x.ndim === 4, others, TypeError);
  checkBytes(x);
  checkColours(x);
  const equalizeAll = (y: Tensor): Tensor => (y.ndim === 2 ? equalizeChannel(y) : stack(unbind(y).map(equalizeAll)));
  return equalizeAll(x);
}

/** Each value by how many pixels of a channel (H, W) are darker, in steps of which there are 255. */
function equalizeChannel(x: Tensor): Tensor {
  const outside = elementsOf(x).find((value) => value < 0 || value > 255);
  check(outside === undefined, () => `Bytes are from 0 to 255, but one is ${outside}`);
  const counts = Array.from(elementsOf(bincount(reshape(x, -1), { minlength: 256 })), Number);
  let last = 255;
  while (last > 0 && counts[last] === 0) last--;
  const pixels = counts.reduce((total, count) => total + count, 0);
  const step = Math.floor((pixels - counts[last]) / 255);
  if (step === 0) return x; // too few pixels for that
  const half = Math.floor(step / 2);
  let darker = 0;
  const table = counts.map((count) => {
    const value = Math.min(Math.floor((darker + half) / step), 255);
    darker += count;
    return value;
  });
  return reshape(
    tensor(
      Array.from(elementsOf(x), (value) => table[value]),
      { dtype: "int32" },
    ),
    x.shape,
  );
}
