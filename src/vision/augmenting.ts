/** Augmentation without tuning: changes are drawn from a table, all with one magnitude, or each with its own. */

import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloats } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { integer } from "./draws.ts";
import type { PictureFill } from "./functional/grids.ts";
import { getDimensions } from "./functional/picture.ts";
import { InterpolationMode } from "./functional/resizing.ts";
import { type AugmentOptions, type ChangeName, changes, type Magnitudes, magnitudesOf } from "./magnitudes.ts";
import { RandomTransform } from "./random-transform.ts";

/** As Python prints the member of its enumeration. */
export const modeText = (mode: InterpolationMode): string => {
  const [name] = Object.entries(InterpolationMode).find(([, value]) => value === mode) ?? [mode];
  return `InterpolationMode.${name}`;
};

/** What is outside, as torchvision's automatic augmentation prints it. */
export const fillText = (fill: PictureFill | null): string =>
  fill === null ? "None" : typeof fill === "number" ? `${fill}` : pythonFloats(fill);

/** One of a table's changes, drawn, and its magnitude: in what step `stepOf` says, up or down. */
export function drawn(
  table: ReadonlyMap<ChangeName, Magnitudes>,
  stepOf: () => number,
): [name: ChangeName, magnitude: number] {
  const [name, { of, signed }] = [...table][integer(0, table.size)];
  const magnitude = of === null ? 0 : of(stepOf());
  return [name, signed && integer(0, 2) === 1 ? -magnitude : magnitude];
}

/** Options of TrivialAugmentWide. */
export interface TrivialAugmentWideOptions extends AugmentOptions {
  /** In how many steps magnitudes are. Default: 31. */
  numMagnitudeBins?: Int;
}

/**
 * One change of a picture, and any of its magnitudes (Müller & Hutter 2021). Some of the changes are for bytes alone, which are
 * int32 here.
 * Mirrors `torchvision.transforms.TrivialAugmentWide`. It draws the same.
 * @example
 * manualSeed(0);
 * const bytes = randint(0, 256, [3, 8, 8], { dtype: "int32" });
 * console.log(new transforms.TrivialAugmentWide().apply(bytes).shape);
 */
export class TrivialAugmentWide extends RandomTransform {
  /** In how many steps magnitudes are. */
  readonly numMagnitudeBins: number;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: PictureFill | null;

  constructor(options?: TrivialAugmentWideOptions) {
    super();
    const defaults: Required<TrivialAugmentWideOptions> = {
      numMagnitudeBins: 31,
      interpolation: "nearest",
      fill: null,
    };
    const { numMagnitudeBins, interpolation, fill } = readOptions(options, defaults);
    this.numMagnitudeBins = numMagnitudeBins;
    this.interpolation = interpolation;
    this.fill = fill;
  }

  override apply(x: Tensor): Tensor {
    const { numMagnitudeBins: steps, interpolation, fill } = this;
    const table = magnitudesOf(steps, { shear: 0.99, translate: [32, 32], rotate: 135, factor: 0.99, bits: 6 });
    const [name, magnitude] = drawn(table, () => integer(0, steps));
    return changes[name](x, magnitude, { interpolation, fill });
  }

  override toString(): string {
    return (
      `TrivialAugmentWide(num_magnitude_bins=${this.numMagnitudeBins}, interpolation=${modeText(this.interpolation)}, ` +
      `fill=${fillText(this.fill)})`
    );
  }
}

/** Options of RandAugment. */
export interface RandAugmentOptions extends TrivialAugmentWideOptions {
  /** How many changes there are. Default: 2. */
  numOps?: Int;
  /** In which step their magnitudes are. Default: 9. */
  magnitude?: Int;
}

/**
 * Some changes of a picture, all of one magnitude (Cubuk et al. 2019). Some of them are for bytes alone, which are int32 here.
 * Mirrors `torchvision.transforms.RandAugment`. It draws the same.
 * @throws for a magnitude that is no step
 * @example
 * manualSeed(0);
 * const bytes = randint(0, 256, [3, 8, 8], { dtype: "int32" });
 * console.log(new transforms.RandAugment({ numOps: 3 }).apply(bytes).shape);
 */
export class RandAugment extends TrivialAugmentWide {
  /** How many changes there are. */
  readonly numOps: number;
  /** In which step their magnitudes are. */
  readonly magnitude: number;

  constructor(options?: RandAugmentOptions) {
    const defaults: Required<RandAugmentOptions> = {
      numOps: 2,
      magnitude: 9,
      numMagnitudeBins: 31,
      interpolation: "nearest",
      fill: null,
    };
    const { numOps, magnitude, ...others } = readOptions(options, defaults);
    super(others);
    const noStep = () => `magnitude has to be one of ${others.numMagnitudeBins} steps, from 0, but is ${magnitude}`;
    check(magnitude >= 0 && magnitude < others.numMagnitudeBins, noStep);
    this.numOps = numOps;
    this.magnitude = magnitude;
  }

  override apply(x: Tensor): Tensor {
    const { numMagnitudeBins, interpolation, fill } = this;
    const [, height, width] = getDimensions(x);
    const translate: [number, number] = [(150 / 331) * width, (150 / 331) * height];
    const table = magnitudesOf(numMagnitudeBins, { shear: 0.3, translate, rotate: 30, factor: 0.9, bits: 4 });
    let y = x;
    for (let i = 0; i < this.numOps; i++) {
      const [name, magnitude] = drawn(table, () => this.magnitude);
      y = changes[name](y, magnitude, { interpolation, fill });
    }
    return y;
  }

  override toString(): string {
    return (
      `RandAugment(num_ops=${this.numOps}, magnitude=${this.magnitude}, num_magnitude_bins=${this.numMagnitudeBins}, ` +
      `interpolation=${modeText(this.interpolation)}, fill=${fillText(this.fill)})`
    );
  }
}
