/** Painting over a part of a picture that is drawn. */
import { check } from "../tensor/check.ts";
import { randn, tensor } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { integer, logUniform, uniform } from "./draws.ts";
import { type EraseOptions, erase } from "./functional/erasing.ts";
import { roundHalfToEven } from "./functional/sizes.ts";
import { Sometimes } from "./random-transform.ts";

/** Options of RandomErasing. */
export interface RandomErasingOptions extends EraseOptions {
  /** How probable it is. Default: 0.5. */
  p?: number;
  /** How much of the picture's area the part has, at least and at most. Default: [0.02, 0.33]. */
  scale?: readonly [least: number, most: number];
  /** How high it is for its width, at least and at most. Default: [0.3, 3.3]. */
  ratio?: readonly [least: number, most: number];
  /** What it is filled with: a number, one for each channel, or "random", which is normal numbers. Default: 0. */
  value?: number | readonly number[] | "random";
}

/**
 * Paints over a part of a picture (…, C, H, W), with probability p (Zhong et al. 2017).
 * Mirrors `torchvision.transforms.RandomErasing`. It draws the same.
 * @throws for a scale or a probability outside [0, 1]
 * @example
 * manualSeed(3);
 * console.log(new transforms.RandomErasing({ value: 9 }).apply(zeros([1, 4, 4])));
 */
export class RandomErasing extends Sometimes {
  /** How much of the picture's area the part has. */
  readonly scale: readonly [least: number, most: number];
  /** How high it is for its width. */
  readonly ratio: readonly [least: number, most: number];
  /** What it is filled with. */
  readonly value: number | readonly number[] | "random";
  /** Whether the picture itself is changed. */
  readonly inplace: boolean;

  constructor(options?: RandomErasingOptions) {
    const defaults: Required<RandomErasingOptions> = {
      p: 0.5,
      scale: [0.02, 0.33],
      ratio: [0.3, 3.3],
      value: 0,
      inplace: false,
    };
    const settings = readOptions(options, defaults);
    super(settings.p);
    const { p, scale, ratio, value, inplace } = settings;
    check(typeof value !== "string" || value === "random", "If value is str, it should be 'random'");
    check(scale[0] >= 0 && scale[1] <= 1, "Scale should be between 0 and 1");
    check(p >= 0 && p <= 1, "Random erasing probability should be between 0 and 1");
    this.scale = scale;
    this.ratio = ratio;
    this.value = value;
    this.inplace = inplace;
  }

  /**
   * Draws a part of x and what is in it, normal numbers if `value` is null; in up to ten attempts, after which it is x itself.
   */
  static getParams(
    x: Tensor,
    scale: readonly number[],
    ratio: readonly number[],
    value: readonly number[] | null = null,
  ): [i: number, j: number, h: number, w: number, v: Tensor] {
    const [channels, height, width] = x.shape.slice(-3);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(scale[0], scale[1]);
      const aspect = logUniform(ratio);
      const h = roundHalfToEven(Math.sqrt(area * aspect));
      const w = roundHalfToEven(Math.sqrt(area / aspect));
      if (h >= height || w >= width) continue;
      const v = value === null ? randn([channels, h, w]) : tensor(value.map((number) => [[number]]));
      return [integer(0, height - h + 1), integer(0, width - w + 1), h, w, v];
    }
    return [0, 0, height, width, x];
  }

  protected override changed(x: Tensor): Tensor {
    const channels = x.shape.at(-3) ?? 1;
    const value = this.value === "random" ? null : [this.value].flat();
    const otherCount = () =>
      `If value is a sequence, it should have either a single value or ${channels} (number of input channels)`;
    check(value === null || value.length === 1 || value.length === channels, otherCount);
    const [i, j, h, w, v] = RandomErasing.getParams(x, this.scale, this.ratio, value);
    return erase(x, i, j, h, w, v, { inplace: this.inplace });
  }

  override toString(): string {
    const value = typeof this.value === "object" ? `[${this.value.join(", ")}]` : this.value;
    return (
      `RandomErasing(p=${this.p}, scale=(${this.scale.join(", ")}), ratio=(${this.ratio.join(", ")}), value=${value}, ` +
      `inplace=${pythonBool(this.inplace)})`
    );
  }
}
