/**
 * Distributions whose numbers are a function of one uniform number, or of one normal. Read next: rejection.ts, those that are
 * drawn until one fits.
 * Source: ATen/core/TransformationHelper.h.
 */
import { check } from "../check.ts";
import { scalarName } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { checkFloating, fillInMemoryOrder, nextNormal } from "./distributions.ts";
import type { Generator } from "./generator.ts";

/** The time until an event that comes λ times in a unit of time: -log(1 - u) / λ. Two draws an element. */
export function fillExponential(x: Tensor, lambda: number, generator: Generator): void {
  checkFloating(x, "exponential_cpu");
  check(lambda >= 0, () => `exponential_ expects lambda >= 0.0, but found lambda=${lambda}`, RangeError);
  fillInMemoryOrder(x, () => (-1 / lambda) * Math.log(1 - generator.uniform53()));
}

/** How many trials it takes to the first success, of probability p: ⌈log u / log(1 - p)⌉. Two draws an element. */
export function fillGeometric(x: Tensor, p: number, generator: Generator): void {
  check(x.dtype !== "bool", () => `"geometric_cpu" not implemented for '${scalarName[x.dtype]}'`);
  check(p > 0 && p < 1, () => `geometric_ expects p to be in (0, 1), but got p=${p}`, RangeError);
  fillInMemoryOrder(x, () => Math.ceil(Math.log(generator.uniform53()) / Math.log(1 - p)));
}

/** Cauchy's distribution, which has no mean: median + σ · tan(π (u - ½)). Two draws an element. */
export function fillCauchy(x: Tensor, median: number, sigma: number, generator: Generator): void {
  checkFloating(x, "cauchy_cpu");
  fillInMemoryOrder(x, () => median + sigma * Math.tan(Math.PI * (generator.uniform53() - 0.5)));
}

/** e to the power of a normal number, of that mean and standard deviation. */
export function fillLogNormal(x: Tensor, mean: number, std: number, generator: Generator): void {
  checkFloating(x, "log_normal_cpu");
  check(std > 0, () => `log_normal_ expects std > 0.0, but found std=${std}`, RangeError);
  fillInMemoryOrder(x, () => Math.exp(nextNormal(generator) * std + mean));
}
