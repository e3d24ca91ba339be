/** Transforms that take parts of pictures, put something around them, or turn them over. */

import type { Transform } from "../data/transform.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonSize, pythonTuple } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { integer } from "./draws.ts";
import * as F from "./functional/cropping.ts";
import { getDimensions } from "./functional/picture.ts";
import { type PictureSize, sizesOf } from "./functional/sizes.ts";
import { RandomTransform, Sometimes } from "./random-transform.ts";

/**
 * Puts something around a picture. Mirrors `torchvision.transforms.Pad`. See `functional.pad`.
 * @example new transforms.Pad([1, 0], { paddingMode: "reflect" }).apply(arange(4).view(1, 2, 2))
 */
export class Pad implements Transform<Tensor, Tensor> {
  /** How much. */
  readonly padding: F.PicturePadding;
  /** The constant. */
  readonly fill: number;
  /** What it is made of. */
  readonly paddingMode: F.PicturePaddingMode;

  constructor(padding: F.PicturePadding, options?: F.PicturePadOptions) {
    F.checkPadding(padding);
    const { fill, paddingMode } = readOptions(options, F.padDefaults);
    F.checkPaddingMode(paddingMode);
    this.padding = padding;
    this.fill = fill;
    this.paddingMode = paddingMode;
  }

  apply(x: Tensor): Tensor {
    return F.pad(x, this.padding, this);
  }

  toString(): string {
    return `Pad(padding=${pythonSize(this.padding)}, fill=${this.fill}, padding_mode=${this.paddingMode})`;
  }
}

/**
 * The middle of a picture (…, H, W), with zeros around it where it is smaller than that. Mirrors `torchvision.transforms.CenterCrop`.
 * @example new transforms.CenterCrop(2).apply(arange(16).view(1, 4, 4))
 */
export class CenterCrop implements Transform<Tensor, Tensor> {
  /** Height and width. */
  readonly size: readonly [height: number, width: number];

  constructor(size: PictureSize) {
    this.size = sizesOf(size);
  }

  apply(x: Tensor): Tensor {
    return F.centerCrop(x, this.size);
  }

  toString(): string {
    return `CenterCrop(size=${pythonTuple(this.size)})`;
  }
}

/** Options of RandomCrop. */
export interface RandomCropOptions extends F.PicturePadOptions {
  /** How much is put around the picture before (see `functional.pad`). Default: null, nothing. */
  padding?: F.PicturePadding | null;
  /** Whether a picture that is smaller than its part is made larger. Default: false. */
  padIfNeeded?: boolean;
}

/**
 * A part of a picture (…, H, W), wherever in it; where something is put around it before, of the dimensions that `functional.pad` takes.
 * Mirrors `torchvision.transforms.RandomCrop`. It draws the same.
 * @throws when it is applied to a picture that is smaller
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomCrop(2, { padding: 1 }).apply(arange(9).view(1, 3, 3)));
 */
export class RandomCrop extends RandomTransform {
  /** Height and width. */
  readonly size: readonly [height: number, width: number];
  /** How much is put around the picture before. */
  readonly padding: F.PicturePadding | null;
  /** Whether a picture that is smaller than its part is made larger. */
  readonly padIfNeeded: boolean;
  /** The constant that is put around it. */
  readonly fill: number;
  /** What is put around it. */
  readonly paddingMode: F.PicturePaddingMode;

  constructor(size: PictureSize, options?: RandomCropOptions) {
    super();
    this.size = sizesOf(size);
    const settings = readOptions(options, { ...F.padDefaults, padding: null, padIfNeeded: false });
    if (settings.padding !== null) F.checkPadding(settings.padding);
    this.padding = settings.padding;
    this.padIfNeeded = settings.padIfNeeded;
    this.fill = settings.fill;
    this.paddingMode = settings.paddingMode;
  }

  /** Draws where a part of that size is: for a picture and its mask alike. @throws if the picture is smaller */
  static getParams(x: Tensor, outputSize: readonly Int[]): [top: number, left: number, height: number, width: number] {
    const [, h, w] = getDimensions(x);
    const [height, width] = outputSize;
    const tooLarge = () =>
      `Required crop size ${pythonTuple(outputSize)} is larger than input image size ${pythonTuple([h, w])}`;
    check(height <= h && width <= w, tooLarge);
    if (height === h && width === w) return [0, 0, h, w];
    return [integer(0, h - height + 1), integer(0, w - width + 1), height, width];
  }

  override apply(x: Tensor): Tensor {
    const [height, width] = this.size;
    let picture = this.padding === null ? x : F.pad(x, this.padding, this);
    const [, h, w] = getDimensions(picture);
    if (this.padIfNeeded && w < width) picture = F.pad(picture, [width - w, 0], this);
    if (this.padIfNeeded && h < height) picture = F.pad(picture, [0, height - h], this);
    return F.crop(picture, ...RandomCrop.getParams(picture, this.size));
  }

  override toString(): string {
    const padding = this.padding === null ? "None" : pythonSize(this.padding);
    return `RandomCrop(size=${pythonTuple(this.size)}, padding=${padding})`;
  }
}

/**
 * The corners and the middle of a picture (…, H, W). Mirrors `torchvision.transforms.FiveCrop`. See `functional.fiveCrop`.
 * @example new transforms.FiveCrop(2).apply(arange(16).view(1, 4, 4)).length
 */
export class FiveCrop implements Transform<Tensor, Tensor[]> {
  /** Height and width. */
  readonly size: readonly [height: number, width: number];

  constructor(size: PictureSize) {
    this.size = sizesOf(size);
  }

  apply(x: Tensor): Tensor[] {
    return F.fiveCrop(x, this.size);
  }

  toString(): string {
    return `FiveCrop(size=${pythonTuple(this.size)})`;
  }
}

/**
 * The corners and the middle of a picture (…, H, W), and those of its mirror image. Mirrors `torchvision.transforms.TenCrop`. See
 * `functional.tenCrop`.
 * @example new transforms.TenCrop(2).apply(arange(16).view(1, 4, 4)).length
 */
export class TenCrop implements Transform<Tensor, Tensor[]> {
  /** Height and width. */
  readonly size: readonly [height: number, width: number];
  /** Whether the mirror image is upside down. */
  readonly verticalFlip: boolean;

  constructor(size: PictureSize, verticalFlip: boolean = false) {
    this.size = sizesOf(size);
    this.verticalFlip = verticalFlip;
  }

  apply(x: Tensor): Tensor[] {
    return F.tenCrop(x, this.size, this.verticalFlip);
  }

  toString(): string {
    return `TenCrop(size=${pythonTuple(this.size)}, vertical_flip=${pythonBool(this.verticalFlip)})`;
  }
}

/**
 * Exchanges left and right with probability p. Mirrors `torchvision.transforms.RandomHorizontalFlip`. It draws the same.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomHorizontalFlip().apply(arange(4).view(1, 2, 2)));
 */
export class RandomHorizontalFlip extends Sometimes {
  constructor(p: number = 0.5) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return F.hflip(x);
  }
}

/**
 * Turns a picture upside down with probability p. Mirrors `torchvision.transforms.RandomVerticalFlip`. It draws the same.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomVerticalFlip().apply(arange(4).view(1, 2, 2)));
 */
export class RandomVerticalFlip extends Sometimes {
  constructor(p: number = 0.5) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return F.vflip(x);
  }
}
