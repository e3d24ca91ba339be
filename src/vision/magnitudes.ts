/** What automatic augmentation does to pictures, and how much of it: the table that its three ways of choosing share. */

import { linspace } from "../tensor/create.ts";
import type { Int } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { adjustSharpness } from "./functional/blurring.ts";
import { adjustBrightness, adjustContrast, adjustSaturation } from "./functional/colours.ts";
import type { PictureFill } from "./functional/grids.ts";
import type { InterpolationMode } from "./functional/resizing.ts";
import { roundHalfToEven } from "./functional/sizes.ts";
import { autocontrast, equalize, invert, posterize, solarize } from "./functional/tones.ts";
import { affine, rotate } from "./functional/turning.ts";

/** How a picture is read where it is turned or shifted. */
export interface AugmentOptions {
  /** How pixels are found, which "bicubic" is not for. Default: "nearest". */
  interpolation?: InterpolationMode;
  /** What is outside of the picture: one number, or one for each channel. Default: null, zeros. */
  fill?: PictureFill | null;
}

type Changing = (x: Tensor, magnitude: number, options: Required<AugmentOptions>) => Tensor;

/** Degrees of a shear by so many pixels a row. */
const degrees = (slope: number): number => Math.atan(slope) * (180 / Math.PI);

/** What each does, with a magnitude. */
export const changes = {
  Identity: (x) => x,
  ShearX: (x, slope, options) => affine(x, 0, [0, 0], 1, [degrees(slope), 0], { ...options, center: [0, 0] }),
  ShearY: (x, slope, options) => affine(x, 0, [0, 0], 1, [0, degrees(slope)], { ...options, center: [0, 0] }),
  TranslateX: (x, pixels, options) => affine(x, 0, [Math.trunc(pixels), 0], 1, [0, 0], options),
  TranslateY: (x, pixels, options) => affine(x, 0, [0, Math.trunc(pixels)], 1, [0, 0], options),
  Rotate: (x, angle, options) => rotate(x, angle, options),
  Brightness: (x, more) => adjustBrightness(x, 1 + more),
  Color: (x, more) => adjustSaturation(x, 1 + more),
  Contrast: (x, more) => adjustContrast(x, 1 + more),
  Sharpness: (x, more) => adjustSharpness(x, 1 + more),
  Posterize: (x, bits) => posterize(x, Math.trunc(bits)),
  Solarize: (x, threshold) => solarize(x, threshold),
  AutoContrast: (x) => autocontrast(x),
  Equalize: (x) => equalize(x),
  Invert: (x) => invert(x),
} satisfies Record<string, Changing>;

export type ChangeName = keyof typeof changes;

/** How much of a change there is in each of some steps; null for what has no more or less. */
export interface Magnitudes {
  readonly of: ((step: Int) => number) | null;
  /** Whether it goes both ways. */
  readonly signed: boolean;
}

/** The largest magnitudes; of shifts, in pixels. */
export interface Largest {
  readonly shear: number;
  readonly translate: readonly [x: number, y: number];
  readonly rotate: number;
  readonly factor: number;
  /** How many bits are taken away. */
  readonly bits: number;
}

/** All of them but Invert, in the order in which they are numbered, in so many equal steps. */
export function magnitudesOf(steps: Int, largest: Largest): Map<ChangeName, Magnitudes> {
  const both = (most: number): Magnitudes => ({ of: ratio(0, most, steps), signed: true });
  const none: Magnitudes = { of: null, signed: false };
  const bits = (step: number) => 8 - roundHalfToEven(Math.fround(step / Math.fround((steps - 1) / largest.bits)));
  return new Map<ChangeName, Magnitudes>([
    ["Identity", none],
    ["ShearX", both(largest.shear)],
    ["ShearY", both(largest.shear)],
    ["TranslateX", both(largest.translate[0])],
    ["TranslateY", both(largest.translate[1])],
    ["Rotate", both(largest.rotate)],
    ["Brightness", both(largest.factor)],
    ["Color", both(largest.factor)],
    ["Contrast", both(largest.factor)],
    ["Sharpness", both(largest.factor)],
    ["Posterize", { of: bits, signed: false }],
    ["Solarize", { of: ratio(255, 0, steps), signed: false }],
    ["AutoContrast", none],
    ["Equalize", none],
  ]);
}

/** Those that AugMix draws from, in its order and in ten steps: without what is close to nothing, and shifts by a third of a picture. */
export function mixedMagnitudes(height: Int, width: Int, allOps: boolean): Map<ChangeName, Magnitudes> {
  const [steps, bits] = [10, 4];
  const all = magnitudesOf(steps, { shear: 0.3, translate: [width / 3, height / 3], rotate: 30, factor: 0.9, bits });
  all.delete("Identity");
  const posterize = all.get("Posterize")?.of;
  all.set("Posterize", { of: (step) => Number(posterize?.(step)) - bits, signed: false }); // four bits at most are left
  const ofColours: readonly ChangeName[] = ["Brightness", "Color", "Contrast", "Sharpness"];
  const others = [...all].filter(([name]) => !ofColours.includes(name));
  const last = allOps ? [...all].filter(([name]) => ofColours.includes(name)) : [];
  return new Map([...others, ...last]);
}

/** From one magnitude to another in equal steps, which are made where one is asked for: most changes are not drawn. */
const ratio =
  (from: number, to: number, steps: Int) =>
  (step: Int): number =>
    elementsOf(linspace(from, to, steps))[step];
