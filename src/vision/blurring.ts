/** Blurring by as much as is drawn. */
import { check } from "../tensor/check.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { uniform } from "./draws.ts";
import { gaussianBlur } from "./functional/blurring.ts";
import { type PictureSize, sizesOf } from "./functional/sizes.ts";
import { RandomTransform } from "./random-transform.ts";

/**
 * Blurs a picture (C, H, W) or (N, C, H, W); sigma is what is given, or drawn from a range. Mirrors `torchvision.transforms.GaussianBlur`. It draws the same. See `functional.gaussianBlur`.
 * @param kernelSize how many pixels are mixed, in both directions or in each
 * @throws unless the sizes are odd, and sigma above 0
 * @example
 * manualSeed(0);
 * console.log(new transforms.GaussianBlur(3).apply(eye(3).view(1, 3, 3)));
 */
export class GaussianBlur extends RandomTransform {
  /** How many pixels are mixed in each direction. */
  readonly kernelSize: readonly [across: number, down: number];
  /** The least and the most sigma. */
  readonly sigma: readonly [least: number, most: number];

  constructor(kernelSize: PictureSize, sigma: number | readonly [least: number, most: number] = [0.1, 2]) {
    super();
    this.kernelSize = sizesOf(kernelSize, "Kernel size should be a tuple/list of two integers");
    const isOdd = this.kernelSize.every((size) => size > 0 && size % 2 === 1);
    check(isOdd, "Kernel size value should be an odd and positive number.");
    if (typeof sigma === "number") check(sigma > 0, "If sigma is a single number, it must be positive.");
    else {
      check(sigma.length === 2, "sigma should be a single number or a list/tuple with length 2.");
      const isRange = 0 < sigma[0] && sigma[0] <= sigma[1];
      check(isRange, "sigma values should be positive and of the form (min, max).");
    }
    this.sigma = typeof sigma === "number" ? [sigma, sigma] : sigma;
  }

  /** Draws sigma. */
  static getParams(least: number, most: number): number {
    return uniform(least, most);
  }

  override apply(x: Tensor): Tensor {
    const sigma = GaussianBlur.getParams(...this.sigma);
    return gaussianBlur(x, this.kernelSize, [sigma, sigma]);
  }

  override toString(): string {
    return `GaussianBlur(kernel_size=${pythonTuple(this.kernelSize)}, sigma=(${this.sigma.join(", ")}))`;
  }
}
