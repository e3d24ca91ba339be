/** Transforms of the values of pixels, each with a probability. */
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { adjustSharpness } from "./functional/blurring.ts";
import { autocontrast, equalize, invert, posterize, solarize } from "./functional/tones.ts";
import { Sometimes } from "./random-transform.ts";

/**
 * Inverts a picture with probability p. Mirrors `torchvision.transforms.RandomInvert`. It draws the same. See `functional.invert`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomInvert().apply(tensor([[[0, 0.2, 1]]])));
 */
export class RandomInvert extends Sometimes {
  constructor(p: number = 0.5) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return invert(x);
  }
}

/**
 * Keeps so many bits of bytes, with probability p. Mirrors `torchvision.transforms.RandomPosterize`. It draws the same. See
 * `functional.posterize`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomPosterize(2).apply(tensor([[[7, 100, 255]]], { dtype: "int32" })));
 */
export class RandomPosterize extends Sometimes {
  /** How many. */
  readonly bits: number;

  constructor(bits: Int, p: number = 0.5) {
    super(p);
    this.bits = bits;
  }

  protected override changed(x: Tensor): Tensor {
    return posterize(x, this.bits);
  }

  override toString(): string {
    return `RandomPosterize(bits=${this.bits},p=${this.p})`;
  }
}

/**
 * Inverts what is as light as a threshold, with probability p. Mirrors `torchvision.transforms.RandomSolarize`. It draws the same. See
 * `functional.solarize`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomSolarize(0.5).apply(tensor([[[0.2, 0.6, 0.9]]])));
 */
export class RandomSolarize extends Sometimes {
  /** From where on. */
  readonly threshold: number;

  constructor(threshold: number, p: number = 0.5) {
    super(p);
    this.threshold = threshold;
  }

  protected override changed(x: Tensor): Tensor {
    return solarize(x, this.threshold);
  }

  override toString(): string {
    return `RandomSolarize(threshold=${this.threshold},p=${this.p})`;
  }
}

/**
 * Makes a picture (C, H, W) or (N, C, H, W) so many times as sharp, with probability p. Mirrors `torchvision.transforms.RandomAdjustSharpness`. It draws the same. See `functional.adjustSharpness`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomAdjustSharpness(0).apply(eye(3).view(1, 3, 3)));
 */
export class RandomAdjustSharpness extends Sometimes {
  /** How many times. */
  readonly sharpnessFactor: number;

  constructor(sharpnessFactor: number, p: number = 0.5) {
    super(p);
    this.sharpnessFactor = sharpnessFactor;
  }

  protected override changed(x: Tensor): Tensor {
    return adjustSharpness(x, this.sharpnessFactor);
  }

  override toString(): string {
    return `RandomAdjustSharpness(sharpness_factor=${this.sharpnessFactor},p=${this.p})`;
  }
}

/**
 * Gives each channel all of its range, with probability p. Mirrors `torchvision.transforms.RandomAutocontrast`. It draws the same. See
 * `functional.autocontrast`.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomAutocontrast().apply(tensor([[[0.2, 0.3, 0.6]]])));
 */
export class RandomAutocontrast extends Sometimes {
  constructor(p: number = 0.5) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return autocontrast(x);
  }
}

/**
 * Spreads bytes (C, H, W) or (N, C, H, W) over all values, with probability p. Mirrors `torchvision.transforms.RandomEqualize`. It draws the same. See
 * `functional.equalize`.
 * @example
 * manualSeed(0);
 * const dark = arange(512).remainder(16).to("int32").view(1, 16, 32);
 * console.log(new transforms.RandomEqualize().apply(dark).max().item());
 */
export class RandomEqualize extends Sometimes {
  constructor(p: number = 0.5) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return equalize(x);
  }
}
