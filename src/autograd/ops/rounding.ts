/** To whole numbers, and to numbers that are finite. */

import { isFloatingPoint } from "../../tensor/dtype.ts";
import { finfo } from "../../tensor/limits.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { eq, isnan } from "./compare.ts";
import { div, mul, sub, where } from "./elementwise.ts";
import { clone } from "./shape.ts";
import { staircase } from "./shared/functions.ts";
import { checkTakes } from "./shared/implemented.ts";

/** The largest whole number ≤ x. Mirrors `torch.floor`. @example tensor([-1.5, 1.5]).floor() */
export const floor = staircase("floor");

/** The smallest whole number ≥ x. Mirrors `torch.ceil`. @example tensor([-1.5, 1.5]).ceil() */
export const ceil = staircase("ceil");

/** x without what is behind the point. Mirrors `torch.trunc`. @example tensor([-1.5, 1.5]).trunc() */
export const trunc = staircase("trunc");

/**
 * What is behind the point, with the sign of x: x - trunc x. Mirrors `torch.frac`.
 * @throws for whole numbers and bools
 * @example tensor([-1.5, 1.25]).frac()
 */
export function frac(x: Tensor): Tensor {
  checkTakes("frac_cpu", x, isFloatingPoint);
  return sub(x, trunc(x));
}

/** How far numbers are rounded. */
export interface RoundOptions {
  /** How many digits stay behind the point; below 0, how many before it become 0. Default: 0. */
  decimals?: Int;
}

const nearest = staircase("round");

/**
 * The nearest whole number, of two the even one; or the nearest with so many decimals. Mirrors `torch.round`.
 * @throws for whole numbers and bools with decimals
 * @example console.log(tensor([0.5, 1.5, -0.7]).round(), tensor([3.14159, 1234]).round({ decimals: 2 }))
 */
export function round(x: Tensor, options?: RoundOptions): Tensor {
  if (options?.decimals === undefined) return nearest(x);
  const { decimals } = options;
  checkTakes(decimals === 0 ? "round_vml_cpu" : "round_cpu", x, isFloatingPoint);
  if (decimals === 0) return nearest(x);
  const scale = 10 ** Math.abs(decimals);
  return decimals > 0 ? div(nearest(mul(x, scale)), scale) : mul(nearest(div(x, scale)), scale);
}

/** What stands for numbers that are not finite. */
export interface NanToNumOptions {
  /** For NaN. Default: 0. */
  nan?: number;
  /** For ∞. Default: the largest number of x's dtype. */
  posinf?: number;
  /** For -∞. Default: the smallest number of x's dtype. */
  neginf?: number;
}

/**
 * x with other numbers for NaN and infinite ones, whose gradient is 0. Mirrors `torch.nan_to_num`.
 * @example tensor([1, Number.NaN, Infinity]).nanToNum({ posinf: 100 })
 */
export function nanToNum(x: Tensor, options?: NanToNumOptions): Tensor {
  if (!isFloatingPoint(x.dtype)) return clone(x);
  const { max } = finfo(x.dtype);
  const { nan, posinf, neginf } = readOptions(options, { nan: 0, posinf: max, neginf: -max });
  const finite = where(eq(x, Infinity), posinf, where(eq(x, -Infinity), neginf, x));
  return where(isnan(x), nan, finite);
}
