/** Augmentation by policies that were found on a dataset. */
import { rand, randint } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { fillText } from "./augmenting.ts";
import { integer } from "./draws.ts";
import type { PictureFill } from "./functional/grids.ts";
import { getDimensions } from "./functional/picture.ts";
import type { InterpolationMode } from "./functional/resizing.ts";
import { type AugmentOptions, changes, magnitudesOf } from "./magnitudes.ts";
import { AutoAugmentPolicy, type PolicyStep, pairsOf } from "./policies.ts";
import { RandomTransform } from "./random-transform.ts";

/**
 * A pair of changes of a picture, drawn from those that were found to help on a dataset (Cubuk et al. 2018). Some of them are for
 * bytes alone, which are int32 here.
 * Mirrors `torchvision.transforms.AutoAugment`. It draws the same.
 * @throws for a policy that there is not
 * @example
 * manualSeed(0);
 * const bytes = randint(0, 256, [3, 8, 8], { dtype: "int32" });
 * console.log(new transforms.AutoAugment("cifar10").apply(bytes).shape);
 */
export class AutoAugment extends RandomTransform {
  /** Of which dataset. */
  readonly policy: AutoAugmentPolicy;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: PictureFill | null;
  readonly #pairs: readonly (readonly PolicyStep[])[];

  constructor(policy: AutoAugmentPolicy = "imagenet", options?: AugmentOptions) {
    super();
    const defaults: Required<AugmentOptions> = { interpolation: "nearest", fill: null };
    const { interpolation, fill } = readOptions(options, defaults);
    this.#pairs = pairsOf(policy);
    this.policy = policy;
    this.interpolation = interpolation;
    this.fill = fill;
  }

  /** Draws one of so many pairs, and for each of the two what its probability is compared with and whether it goes up or down. */
  static getParams(count: Int): [pair: number, chances: number[], signs: number[]] {
    const pair = integer(0, count);
    const chances = Array.from(elementsOf(rand(2)), Number);
    return [pair, chances, Array.from(elementsOf(randint(0, 2, 2)), Number)];
  }

  override apply(x: Tensor): Tensor {
    const { interpolation, fill } = this;
    const [, height, width] = getDimensions(x);
    const translate: [number, number] = [(150 / 331) * width, (150 / 331) * height];
    const table = magnitudesOf(10, { shear: 0.3, translate, rotate: 30, factor: 0.9, bits: 4 });
    const [pair, chances, signs] = AutoAugment.getParams(this.#pairs.length);
    return this.#pairs[pair].reduce((y, [name, p, step], i) => {
      if (chances[i] > Math.fround(p)) return y;
      const { of, signed } = table.get(name) ?? { of: null, signed: false };
      const magnitude = of === null || step === null ? 0 : of(step);
      return changes[name](y, signed && signs[i] === 0 ? -magnitude : magnitude, { interpolation, fill });
    }, x);
  }

  override toString(): string {
    const [name] = Object.entries(AutoAugmentPolicy).find(([, value]) => value === this.policy) ?? [this.policy];
    return `AutoAugment(policy=AutoAugmentPolicy.${name}, fill=${fillText(this.fill)})`;
  }
}
