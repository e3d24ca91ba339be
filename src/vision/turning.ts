/** Transforms that turn, shift, scale and shear pictures by as much as is drawn. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloats, pythonSize, pythonTuple } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { uniform } from "./draws.ts";
import type { PictureFill } from "./functional/grids.ts";
import { getDimensions } from "./functional/picture.ts";
import type { InterpolationMode } from "./functional/resizing.ts";
import { roundHalfToEven } from "./functional/sizes.ts";
import { affine, rotate } from "./functional/turning.ts";
import { RandomTransform } from "./random-transform.ts";

/** Degrees, at least and at most, or so many in both directions. */
export type Angles = number | readonly number[];

/** @throws for another length */
function checkLength(values: readonly number[], name: string, ...lengths: number[]): void {
  check(lengths.includes(values.length), `${name} should be a sequence of length ${lengths.join(" or ")}.`);
}

function anglesOf(given: Angles, name: string, ...lengths: number[]): readonly number[] {
  if (typeof given === "number") {
    check(given >= 0, `If ${name} is a single number, it must be positive.`);
    return [-given, given];
  }
  checkLength(given, name, ...lengths);
  return given;
}

/** A number for each channel of x. */
export const fillOf = (x: Tensor, fill: PictureFill): readonly number[] =>
  typeof fill === "number" ? Array<number>(getDimensions(x)[0]).fill(fill) : fill;

/** How pictures are turned. */
export interface TurningOptions {
  /** How pixels are found, which "bicubic" is not for. Default: "nearest". */
  interpolation?: InterpolationMode;
  /** The place, [x, y], that stays: from the upper left corner. Default: null, the middle. */
  center?: readonly number[] | null;
  /** What is outside of the picture: one number, or one for each channel. Default: 0. */
  fill?: PictureFill;
}

/** Options of RandomRotation. */
export interface RandomRotationOptions extends TurningOptions {
  /** Whether the picture becomes so large that nothing is cut off, for turns around the middle. Default: false. */
  expand?: boolean;
}

const turningDefaults: Required<TurningOptions> = { interpolation: "nearest", center: null, fill: 0 };

/**
 * Turns a picture (C, H, W) or (N, C, H, W) by an angle that is drawn. Mirrors `torchvision.transforms.RandomRotation`. It draws the same. See
 * `functional.rotate`.
 * @param degrees at least and at most, or so many in both directions
 * @throws for a negative number of degrees, or other than two
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomRotation(45).apply(arange(9).view(1, 3, 3)));
 */
export class RandomRotation extends RandomTransform {
  /** At least and at most. */
  readonly degrees: readonly number[];
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** Whether the picture becomes so large that nothing is cut off. */
  readonly expand: boolean;
  /** The place that stays. */
  readonly center: readonly number[] | null;
  /** What is outside of the picture. */
  readonly fill: PictureFill;

  constructor(degrees: Angles, options?: RandomRotationOptions) {
    super();
    this.degrees = anglesOf(degrees, "degrees", 2);
    const { interpolation, expand, center, fill } = readOptions(options, { ...turningDefaults, expand: false });
    if (center !== null) checkLength(center, "center", 2);
    this.interpolation = interpolation;
    this.expand = expand;
    this.center = center;
    this.fill = fill;
  }

  /** Draws an angle. */
  static getParams(degrees: readonly number[]): number {
    return uniform(degrees[0], degrees[1]);
  }

  override apply(x: Tensor): Tensor {
    const { interpolation, expand, center } = this;
    const fill = fillOf(x, this.fill);
    return rotate(x, RandomRotation.getParams(this.degrees), { interpolation, expand, center, fill });
  }

  override toString(): string {
    const center = this.center === null ? "" : `, center=${pythonTuple(this.center)}`;
    return (
      `RandomRotation(degrees=${pythonFloats(this.degrees)}, interpolation=${this.interpolation}, ` +
      `expand=${pythonBool(this.expand)}${center}, fill=${pythonSize(this.fill)})`
    );
  }
}

/** Options of RandomAffine. */
export interface RandomAffineOptions extends TurningOptions {
  /** How far pictures are shifted at most, as shares of width and height. Default: null, not at all. */
  translate?: readonly number[] | null;
  /** The least and the largest scale. Default: null, 1. */
  scale?: readonly number[] | null;
  /** Degrees along x, as those of a turn; or four, along x and y. Default: null, none. */
  shear?: Angles | null;
}

/**
 * Turns, shifts, scales and shears a picture (C, H, W) or (N, C, H, W) by as much as is drawn. Mirrors `torchvision.transforms.RandomAffine`. It draws the same. See `functional.affine`.
 * @param degrees at least and at most, or so many in both directions
 * @throws for negative degrees, shifts outside [0, 1], a scale that is not above 0, and other lengths
 * @example
 * manualSeed(0);
 * console.log(new transforms.RandomAffine(0, { translate: [0.4, 0.4] }).apply(arange(9).view(1, 3, 3)));
 */
export class RandomAffine extends RandomTransform {
  /** At least and at most. */
  readonly degrees: readonly number[];
  /** How far pictures are shifted. */
  readonly translate: readonly number[] | null;
  /** The least and the largest scale. */
  readonly scale: readonly number[] | null;
  /** Degrees along x, or along x and y. */
  readonly shear: readonly number[] | null;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: PictureFill;
  /** The place that stays. */
  readonly center: readonly number[] | null;

  constructor(degrees: Angles, options?: RandomAffineOptions) {
    super();
    const defaults: Required<RandomAffineOptions> = { ...turningDefaults, translate: null, scale: null, shear: null };
    const { translate, scale, shear, interpolation, fill, center } = readOptions(options, defaults);
    this.degrees = anglesOf(degrees, "degrees", 2);
    if (translate !== null) {
      checkLength(translate, "translate", 2);
      const areShares = translate.every((share) => share >= 0 && share <= 1);
      check(areShares, "translation values should be between 0 and 1");
    }
    if (scale !== null) {
      checkLength(scale, "scale", 2);
      check(Math.min(...scale) > 0, "scale values should be positive");
    }
    if (center !== null) checkLength(center, "center", 2);
    this.translate = translate;
    this.scale = scale;
    this.shear = shear === null ? null : anglesOf(shear, "shear", 2, 4);
    this.interpolation = interpolation;
    this.fill = fill;
    this.center = center;
  }

  /** Draws what `functional.affine` takes, for a picture of that width and height. */
  static getParams(
    degrees: readonly number[],
    translate: readonly number[] | null,
    scaleRanges: readonly number[] | null,
    shears: readonly number[] | null,
    imageSize: readonly number[],
  ): [angle: number, translate: [x: number, y: number], scale: number, shear: [x: number, y: number]] {
    const angle = uniform(degrees[0], degrees[1]);
    const shift = (d: number): number => {
      if (translate === null) return 0;
      const most = translate[d] * imageSize[d];
      return roundHalfToEven(uniform(-most, most)) + 0; // not -0
    };
    const translations: [number, number] = [shift(0), shift(1)];
    const scale = scaleRanges === null ? 1 : uniform(scaleRanges[0], scaleRanges[1]);
    const shearX = shears === null ? 0 : uniform(shears[0], shears[1]);
    return [angle, translations, scale, [shearX, shears?.length === 4 ? uniform(shears[2], shears[3]) : 0]];
  }

  override apply(x: Tensor): Tensor {
    const { degrees, translate, scale, shear, interpolation, center } = this;
    const fill = fillOf(x, this.fill);
    const [, height, width] = getDimensions(x);
    const drawn = RandomAffine.getParams(degrees, translate, scale, shear, [width, height]);
    return affine(x, ...drawn, { interpolation, fill, center });
  }

  override toString(): string {
    const { translate, scale, shear, interpolation, fill, center } = this;
    const parts = [
      `degrees=${pythonFloats(this.degrees)}`,
      translate && `translate=${pythonTuple(translate)}`,
      scale && `scale=${pythonTuple(scale)}`,
      shear && `shear=${pythonFloats(shear)}`,
      interpolation !== "nearest" && `interpolation=${interpolation}`,
      fill !== 0 && `fill=${pythonSize(fill)}`,
      center && `center=${pythonTuple(center)}`,
    ];
    return `RandomAffine(${parts.filter(Boolean).join(", ")})`;
  }
}
