/** Transforms of colours. */

import type { Transform } from "../data/transform.ts";
import { check } from "../tensor/check.ts";
import { randperm } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat, pythonFloats } from "../tensor/python-text.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { uniform } from "./draws.ts";
import { adjustBrightness, adjustContrast, adjustSaturation, rgbToGrayscale } from "./functional/colours.ts";
import { adjustHue } from "./functional/hue.ts";
import { getDimensions } from "./functional/picture.ts";
import { RandomTransform, Sometimes } from "./random-transform.ts";

/**
 * How light the colours of a picture (…, 3, H, W) are, in one channel or in three. Mirrors `torchvision.transforms.Grayscale`.
 * @example new transforms.Grayscale().apply(ones([3, 1, 2]))
 */
export class Grayscale implements Transform<Tensor, Tensor> {
  /** How many channels come out. */
  readonly numOutputChannels: 1 | 3;

  constructor(numOutputChannels: 1 | 3 = 1) {
    this.numOutputChannels = numOutputChannels;
  }

  apply(x: Tensor): Tensor {
    return rgbToGrayscale(x, this.numOutputChannels);
  }

  toString(): string {
    return `Grayscale(num_output_channels=${this.numOutputChannels})`;
  }
}

/**
 * Takes the colours away with probability p; the channels stay. Mirrors `torchvision.transforms.RandomGrayscale`. It draws the same.
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomGrayscale(0.6).apply(tensor([[[1]], [[0]], [[0]]])));
 */
export class RandomGrayscale extends Sometimes {
  constructor(p: number = 0.1) {
    super(p);
  }

  protected override changed(x: Tensor): Tensor {
    return rgbToGrayscale(x, getDimensions(x)[0] as 1 | 3);
  }
}

/** From where to where a factor is drawn. */
export type FactorRange = readonly [least: number, most: number];

/** By how much colours may change: a factor is within so much of 1, and a turn of the hue of 0; or within a range. */
export interface ColorJitterOptions {
  /** See `functional.adjustBrightness`. Default: 0. */
  brightness?: number | FactorRange;
  /** See `functional.adjustContrast`. Default: 0. */
  contrast?: number | FactorRange;
  /** See `functional.adjustSaturation`. Default: 0. */
  saturation?: number | FactorRange;
  /** See `functional.adjustHue`: at most 0.5. Default: 0. */
  hue?: number | FactorRange;
}

/** From where to where a factor is drawn; null for no change. @throws if that is outside of `bound` */
function rangeOf(value: number | FactorRange, name: string, center: number, bound: FactorRange): FactorRange | null {
  let range = value;
  if (typeof range === "number") {
    check(range >= 0, `If ${name} is a single number, it must be non negative.`);
    range = [center - range, center + range];
    if (center === 1) range = [Math.max(range[0], 0), range[1]];
  } else {
    const [least, most] = range;
    const outside = () => `${name} values should be between (${bound.map(boundText).join(", ")})`;
    check(bound[0] <= least && least <= most && most <= bound[1], outside);
  }
  return range[0] === center && range[1] === center ? null : range;
}

/** As Python writes 0, which is whole there. */
const boundText = (value: number): string => (value === 0 ? "0" : pythonFloat(value));

/**
 * Changes brightness, contrast, saturation and hue, in an order and by factors that are drawn.
 * Mirrors `torchvision.transforms.ColorJitter`. It draws the same.
 * @throws for a factor that is negative, or a turn of more than half a circle
 * @example
 * manualSeed(0);
 * const jitter = new transforms.ColorJitter({ brightness: 0.4, hue: [-0.1, 0.1] });
 * console.log(jitter.apply(tensor([[[0.8]], [[0.4]], [[0.2]]])));
 */
export class ColorJitter extends RandomTransform {
  /** From where to where the factor is drawn; null for no change. */
  readonly brightness: FactorRange | null;
  /** Likewise. */
  readonly contrast: FactorRange | null;
  /** Likewise. */
  readonly saturation: FactorRange | null;
  /** From where to where the turn is drawn. */
  readonly hue: FactorRange | null;

  constructor(options?: ColorJitterOptions) {
    super();
    const settings = readOptions(options, { brightness: 0, contrast: 0, saturation: 0, hue: 0 });
    this.brightness = rangeOf(settings.brightness, "brightness", 1, [0, Infinity]);
    this.contrast = rangeOf(settings.contrast, "contrast", 1, [0, Infinity]);
    this.saturation = rangeOf(settings.saturation, "saturation", 1, [0, Infinity]);
    this.hue = rangeOf(settings.hue, "hue", 0, [-0.5, 0.5]);
  }

  /** Draws an order of brightness, 0, contrast, 1, saturation, 2, and hue, 3, and the factor of each, null for no change. */
  static getParams(
    brightness: FactorRange | null,
    contrast: FactorRange | null,
    saturation: FactorRange | null,
    hue: FactorRange | null,
  ): [order: number[], ...factors: (number | null)[]] {
    const order = Array.from(elementsOf(randperm(4)), Number);
    return [order, ...[brightness, contrast, saturation, hue].map((range) => range && uniform(range[0], range[1]))];
  }

  override apply(x: Tensor): Tensor {
    const { brightness, contrast, saturation, hue } = this;
    const [order, ...factors] = ColorJitter.getParams(brightness, contrast, saturation, hue);
    const adjusting = [adjustBrightness, adjustContrast, adjustSaturation, adjustHue];
    return order.reduce((y, i) => {
      const factor = factors[i];
      return factor === null ? y : adjusting[i](y, factor);
    }, x);
  }

  override toString(): string {
    const [brightness, contrast, saturation, hue] = [this.brightness, this.contrast, this.saturation, this.hue].map(
      (range) => (range ? pythonFloats(range) : "None"),
    );
    return `ColorJitter(brightness=${brightness}, contrast=${contrast}, saturation=${saturation}, hue=${hue})`;
  }
}
