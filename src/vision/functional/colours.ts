/** Brightness, contrast, saturation and gamma. A picture is grey, (…, 1, H, W), or red, green and blue, (…, 3, H, W). */
import { add, clamp, mul, pow } from "../../autograd/ops/elementwise.ts";
import { mean } from "../../autograd/ops/reduction.ts";
import { clone, expand, to, unsqueeze } from "../../autograd/ops/shape.ts";
import { unbind } from "../../autograd/ops/stacking.ts";
import { check } from "../../tensor/check.ts";
import { zerosLike } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { convertImageDtype } from "./dtype.ts";
import { boundOf, checkColours, checkDimensions, getDimensions, withFractions } from "./picture.ts";

/**
 * How light the colours of a picture (…, 3, H, W) are, 0.2989 · red + 0.587 · green + 0.114 · blue, in one channel or in three.
 * Mirrors `torchvision.transforms.functional.rgb_to_grayscale`.
 * @throws for other numbers of channels
 * @example transforms.functional.rgbToGrayscale(ones([3, 1, 2]))
 */
export function rgbToGrayscale(x: Tensor, numOutputChannels: 1 | 3 = 1): Tensor {
  checkDimensions(x);
  checkColours(x);
  const others = "num_output_channels should be either 1 or 3";
  check(numOutputChannels === 1 || numOutputChannels === 3, others);
  const grey = x.shape.at(-3) === 3 ? lightness(x) : clone(x);
  return numOutputChannels === 3 ? expand(grey, x.shape) : grey;
}

function lightness(x: Tensor): Tensor {
  const [r, g, b] = unbind(x, -3);
  return unsqueeze(to(add(add(mul(r, 0.2989), mul(g, 0.587)), mul(b, 0.114)), x.dtype), -3);
}

/** ratio · x + (1 - ratio) · other, within what a picture may have, in the dtype of x. */
export function blend(x: Tensor, other: Tensor, ratio: number): Tensor {
  const mixed = add(mul(withFractions(x), ratio), mul(withFractions(other), 1 - ratio));
  return to(clamp(mixed, 0, boundOf(x)), x.dtype);
}

function checkFactor(factor: number, name: string): void {
  check(factor >= 0, () => `${name} (${factor}) is not non-negative.`);
}

/**
 * A picture so many times as bright: 0 is black. Mirrors `torchvision.transforms.functional.adjust_brightness`.
 * @throws for a negative factor
 * @example transforms.functional.adjustBrightness(tensor([[[0, 0.4, 0.8]]]), 1.5)
 */
export function adjustBrightness(x: Tensor, brightnessFactor: number): Tensor {
  checkFactor(brightnessFactor, "brightness_factor");
  checkColours(x);
  return blend(x, zerosLike(x), brightnessFactor);
}

/**
 * A picture whose pixels differ from its mean lightness by so many times as much.
 * Mirrors `torchvision.transforms.functional.adjust_contrast`.
 * @throws for a negative factor
 * @example transforms.functional.adjustContrast(tensor([[[0.2, 0.4, 0.6]]]), 2)
 */
export function adjustContrast(x: Tensor, contrastFactor: number): Tensor {
  checkFactor(contrastFactor, "contrast_factor");
  checkColours(x, [3, 1]);
  const grey = getDimensions(x)[0] === 3 ? rgbToGrayscale(x) : x;
  return blend(x, mean(withFractions(grey), [-3, -2, -1], { keepdim: true }), contrastFactor);
}

/**
 * A picture so many times as colourful: 0 is grey. Mirrors `torchvision.transforms.functional.adjust_saturation`.
 * @throws for a negative factor
 * @example transforms.functional.adjustSaturation(tensor([[[1]], [[0]], [[0]]]), 0.5)
 */
export function adjustSaturation(x: Tensor, saturationFactor: number): Tensor {
  checkFactor(saturationFactor, "saturation_factor");
  checkColours(x);
  return getDimensions(x)[0] === 1 ? x : blend(x, rgbToGrayscale(x), saturationFactor);
}

/**
 * y = gain · x^gamma of values in [0, 1]: shadows darker with a gamma above 1.
 * Mirrors `torchvision.transforms.functional.adjust_gamma`.
 * @throws for a negative gamma
 * @example transforms.functional.adjustGamma(tensor([[[0, 0.5, 1]]]), 2)
 */
export function adjustGamma(x: Tensor, gamma: number, gain: number = 1): Tensor {
  checkColours(x);
  check(gamma >= 0, "Gamma should be a non-negative real number");
  const fractions = isFloatingPoint(x.dtype) ? x : convertImageDtype(x, "float32");
  return convertImageDtype(clamp(mul(pow(fractions, gamma), gain), 0, 1), x.dtype);
}
