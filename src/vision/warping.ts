/** Transforms that show pictures in a perspective, or through waves, that are drawn. */
import { div, mul, sub } from "../autograd/ops/elementwise.ts";
import { select, stack } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { rand } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloats } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { chance, integer } from "./draws.ts";
import { gaussianBlur } from "./functional/blurring.ts";
import type { PictureFill } from "./functional/grids.ts";
import { getDimensions } from "./functional/picture.ts";
import type { InterpolationMode } from "./functional/resizing.ts";
import { type Corners, elasticTransform, perspective } from "./functional/warping.ts";
import { RandomTransform } from "./random-transform.ts";
import { fillOf } from "./turning.ts";

/** Options of RandomPerspective. */
export interface RandomPerspectiveOptions {
  /** How far the corners get towards the middle, from 0 to 1, at most. Default: 0.5. */
  distortionScale?: number;
  /** How probable it is. Default: 0.5. */
  p?: number;
  /** How pixels are found, which "bicubic" is not for. Default: "bilinear". */
  interpolation?: InterpolationMode;
  /** What is outside of the picture: one number, or one for each channel. Default: 0. */
  fill?: PictureFill;
}

/**
 * Shows a picture (C, H, W) or (N, C, H, W) in a perspective that is drawn, with probability p.
 * Mirrors `torchvision.transforms.RandomPerspective`. It draws the same. See `functional.perspective`.
 * @example
 * manualSeed(1);
 * console.log(new transforms.RandomPerspective({ p: 1 }).apply(ones([1, 4, 4])));
 */
export class RandomPerspective extends RandomTransform {
  /** How far the corners get towards the middle. */
  readonly distortionScale: number;
  /** How probable it is. */
  readonly p: number;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: PictureFill;

  constructor(options?: RandomPerspectiveOptions) {
    super();
    const defaults: Required<RandomPerspectiveOptions> = {
      distortionScale: 0.5,
      p: 0.5,
      interpolation: "bilinear",
      fill: 0,
    };
    const settings = readOptions(options, defaults);
    this.distortionScale = settings.distortionScale;
    this.p = settings.p;
    this.interpolation = settings.interpolation;
    this.fill = settings.fill;
  }

  /** Draws where the corners of a picture get to: what `functional.perspective` takes. */
  static getParams(width: Int, height: Int, distortionScale: number): [startpoints: Corners, endpoints: Corners] {
    const [right, bottom] = [width - 1, height - 1];
    const [across, down] = [width, height].map((size) => Math.trunc(distortionScale * Math.floor(size / 2)));
    const near = (most: number) => integer(0, most + 1);
    const far = (size: number, most: number) => integer(size - most - 1, size);
    const endpoints = [
      [near(across), near(down)],
      [far(width, across), near(down)],
      [far(width, across), far(height, down)],
      [near(across), far(height, down)],
    ];
    return [[[0, 0], [right, 0], [right, bottom], [0, bottom]], endpoints]; // biome-ignore format: corners
  }

  override apply(x: Tensor): Tensor {
    const fill = fillOf(x, this.fill);
    if (!chance(this.p)) return x;
    const [, height, width] = getDimensions(x);
    const corners = RandomPerspective.getParams(width, height, this.distortionScale);
    return perspective(x, ...corners, { interpolation: this.interpolation, fill });
  }

  override toString(): string {
    return `RandomPerspective(p=${this.p})`;
  }
}

/** Options of ElasticTransform. */
export interface ElasticTransformOptions {
  /** How far pixels get, along x and y, or along both. Default: 50. */
  alpha?: number | readonly number[];
  /** How smooth that is, along x and y, or along both. Default: 5. */
  sigma?: number | readonly number[];
  /** How pixels are found, which "bicubic" is not for. Default: "bilinear". */
  interpolation?: InterpolationMode;
  /** What is outside of the picture. Default: 0. */
  fill?: number;
}

/**
 * Shows a picture (C, H, W) or (N, C, H, W) through waves that are drawn. Mirrors `torchvision.transforms.ElasticTransform`. It draws the same. See
 * `functional.elasticTransform`.
 * @throws for other than two numbers
 * @example
 * manualSeed(0);
 * console.log(new transforms.ElasticTransform({ alpha: 5, sigma: 0.5 }).apply(arange(16).view(1, 4, 4)));
 */
export class ElasticTransform extends RandomTransform {
  /** How far pixels get, along x and y. */
  readonly alpha: readonly number[];
  /** How smooth that is. */
  readonly sigma: readonly number[];
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: number;

  constructor(options?: ElasticTransformOptions) {
    super();
    const defaults: Required<ElasticTransformOptions> = { alpha: 50, sigma: 5, interpolation: "bilinear", fill: 0 };
    const settings = readOptions(options, defaults);
    const [alpha, sigma] = (["alpha", "sigma"] as const).map((name) => {
      const given = settings[name];
      const values = typeof given === "number" ? [given, given] : given;
      check(values.length === 2, `If ${name} is a sequence its length should be 2. Got ${values.length}`);
      return values;
    });
    this.alpha = alpha;
    this.sigma = sigma;
    this.interpolation = settings.interpolation;
    this.fill = settings.fill;
  }

  /** Draws a displacement of that height and width: what `functional.elasticTransform` takes. */
  static getParams(alpha: readonly number[], sigma: readonly number[], size: readonly Int[]): Tensor {
    const along = (d: number): Tensor => {
      const noise = sub(mul(rand([1, 1, ...size]), 2), 1);
      const length = Math.trunc(8 * sigma[d] + 1);
      const kernel = length % 2 === 0 ? length + 1 : length;
      const smooth = sigma[d] > 0 ? gaussianBlur(noise, [kernel, kernel], sigma) : noise;
      return select(div(mul(smooth, alpha[d]), size[d]), 1, 0);
    };
    const dx = along(0);
    return stack([dx, along(1)], -1); // (1, H, W, 2)
  }

  override apply(x: Tensor): Tensor {
    const [, height, width] = getDimensions(x);
    const displacement = ElasticTransform.getParams(this.alpha, this.sigma, [height, width]);
    return elasticTransform(x, displacement, { interpolation: this.interpolation, fill: this.fill });
  }

  /** As torchvision 0.14 prints it, which forgot to put two of its values in. */
  override toString(): string {
    const [alpha, sigma] = [this.alpha, this.sigma].map(pythonFloats);
    return `ElasticTransform(alpha=${alpha}), (sigma=${sigma}), interpolation={self.interpolation}, fill={self.fill})`;
  }
}
