/** Transforms that give pictures another size. */

import type { Transform } from "../data/transform.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { integer, logUniform, uniform } from "./draws.ts";
import { getDimensions } from "./functional/picture.ts";
import {
  type InterpolationMode,
  type ResizedCropOptions,
  type ResizeOptions,
  resize,
  resizeDefaults,
  resizedCrop,
} from "./functional/resizing.ts";
import { type PictureSize, roundHalfToEven, sizesOf } from "./functional/sizes.ts";
import { RandomTransform } from "./random-transform.ts";

const boolOrNone = (value: boolean | null): string => (value === null ? "None" : pythonBool(value));

/**
 * Gives a picture (C, H, W) or (N, C, H, W) a height and a width; or its shorter edge a length, and the longer one in proportion.
 * Mirrors `torchvision.transforms.Resize`. See `functional.resize`.
 * @throws unless there are one or two numbers
 * @example
 * const picture = arange(8).view(1, 2, 4);
 * console.log(new transforms.Resize([1, 2]).apply(picture), new transforms.Resize(4).apply(picture).shape);
 */
export class Resize implements Transform<Tensor, Tensor> {
  /** Height and width, or the shorter edge. */
  readonly size: PictureSize;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** How long the longer edge may be. */
  readonly maxSize: number | null;
  /** Whether a smaller picture takes all pixels into account. */
  readonly antialias: boolean | null;

  constructor(size: PictureSize, options?: ResizeOptions) {
    const otherLength = "If size is a sequence, it should have 1 or 2 values";
    check([1, 2].includes([size].flat().length), otherLength);
    const { interpolation, maxSize, antialias } = readOptions(options, resizeDefaults);
    this.size = size;
    this.interpolation = interpolation;
    this.maxSize = maxSize;
    this.antialias = antialias;
  }

  apply(x: Tensor): Tensor {
    return resize(x, this.size, this);
  }

  toString(): string {
    const size = typeof this.size === "number" ? this.size : pythonTuple(this.size);
    return (
      `Resize(size=${size}, interpolation=${this.interpolation}, max_size=${this.maxSize ?? "None"}, ` +
      `antialias=${boolOrNone(this.antialias)})`
    );
  }
}

/** Options of RandomResizedCrop. */
export interface RandomResizedCropOptions extends ResizedCropOptions {
  /** How much of the picture's area the part has, at least and at most. Default: [0.08, 1]. */
  scale?: readonly [least: number, most: number];
  /** How wide it is for its height, at least and at most. Default: [3 / 4, 4 / 3]. */
  ratio?: readonly [least: number, most: number];
}

/**
 * A part of a picture (C, H, W) or (N, C, H, W), wherever in it and as large as it may be, with the size that is asked for.
 * Mirrors `torchvision.transforms.RandomResizedCrop`. It draws the same.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomResizedCrop(2).apply(arange(36).view(1, 6, 6)));
 */
export class RandomResizedCrop extends RandomTransform {
  /** Height and width of what comes out. */
  readonly size: readonly [height: number, width: number];
  /** How much of the picture's area the part has. */
  readonly scale: readonly [least: number, most: number];
  /** How wide it is for its height. */
  readonly ratio: readonly [least: number, most: number];
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** Whether a smaller picture takes all pixels into account. */
  readonly antialias: boolean | null;

  constructor(size: PictureSize, options?: RandomResizedCropOptions) {
    super();
    const { interpolation, antialias } = resizeDefaults;
    const defaults: Required<RandomResizedCropOptions> = {
      interpolation,
      antialias,
      scale: [0.08, 1],
      ratio: [3 / 4, 4 / 3],
    };
    const settings = readOptions(options, defaults);
    this.size = sizesOf(size);
    this.scale = settings.scale;
    this.ratio = settings.ratio;
    this.interpolation = settings.interpolation;
    this.antialias = settings.antialias;
  }

  /**
   * Draws a part of a picture, in up to ten attempts; what does not fit then is the middle, as large as it can be with such a ratio.
   */
  static getParams(
    x: Tensor,
    scale: readonly number[],
    ratio: readonly number[],
  ): [top: number, left: number, height: number, width: number] {
    const [, height, width] = getDimensions(x);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(scale[0], scale[1]);
      const aspect = logUniform(ratio);
      const w = roundHalfToEven(Math.sqrt(area * aspect));
      const h = roundHalfToEven(Math.sqrt(area / aspect));
      if (w > 0 && w <= width && h > 0 && h <= height)
        return [integer(0, height - h + 1), integer(0, width - w + 1), h, w];
    }
    const [narrowest, widest] = [Math.min(...ratio), Math.max(...ratio)];
    const [w, h] =
      width / height < narrowest
        ? [width, roundHalfToEven(width / narrowest)]
        : width / height > widest
          ? [roundHalfToEven(height * widest), height]
          : [width, height];
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  override apply(x: Tensor): Tensor {
    const part = RandomResizedCrop.getParams(x, this.scale, this.ratio);
    return resizedCrop(x, ...part, this.size, this);
  }

  override toString(): string {
    const [scale, ratio] = [this.scale, this.ratio].map((values) => `(${values.map(toFourDigits).join(", ")})`);
    return (
      `RandomResizedCrop(size=${pythonTuple(this.size)}, scale=${scale}, ratio=${ratio}, ` +
      `interpolation=${this.interpolation}), antialias=${boolOrNone(this.antialias)})`
    );
  }
}

const toFourDigits = (value: number): string => pythonFloat(Number(value.toFixed(4)));
