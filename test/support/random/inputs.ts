/** Inputs of random cases. */
import type { DType, Tensor } from "../../../src/index.ts";
import type { Comparing } from "../answers.ts";
import { torch } from "../torch.ts";
import type { Draw } from "./draw.ts";

export const special = [0, -0, 1, -1, 100, -100, 1e-20, Infinity, -Infinity, Number.NaN, 20, 0.5];

/** A leaf: in every third case, some of its numbers are special. */
export function inputOf(draw: Draw, shape: readonly number[], dtype: DType, make = plain, specials = special): Tensor {
  const rate = draw.isOneIn(3) ? draw.oneOf([2, 4, 10]) : 0;
  const made = () => (rate > 0 && draw.isOneIn(rate) ? draw.oneOf(specials) : make(draw));
  return numbersOf(draw, shape, dtype, made).requiresGrad_();
}

export function numbersOf(draw: Draw, shape: readonly number[], dtype: DType, make = plain): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return torch
    .tensor(
      draw.several(count, () => make(draw)),
      { dtype },
    )
    .view(shape)
    .detach();
}

/** Between -2 and 2, with few digits: programs are easier to read. */
export const plain = (draw: Draw): number => (draw.below(4001) - 2000) / 1000;
export const probability = (draw: Draw): number => draw.below(1001) / 1000;

export const toleranceFor = (dtype: DType): Comparing =>
  dtype === "float64" ? { rtol: 1e-9, atol: 1e-12 } : { rtol: 2e-5, atol: 2e-6 };
