/** What reductions have in common: over which dimensions, and what becomes of those. */

import { check } from "../../../tensor/check.ts";
import type { DType } from "../../../tensor/dtype.ts";
import { readOptions } from "../../../tensor/options.ts";
import { type Int, normalizeDims, type Shape, sizeOf } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { reshape, to } from "../shape.ts";
import { expandTo } from "./broadcast.ts";

/** One dimension, several, or all. */
export type Dims = Int | readonly Int[] | undefined;

/** What becomes of the dimensions that are reduced. */
export interface ReductionOptions {
  /** Keep reduced dimensions as size 1. Default: false. */
  keepdim?: boolean;
}

/** In what an operation computes. */
export interface ComputingOptions {
  /** What x is converted to first. Default: the dtype that it has; whole numbers and bools may count in another. */
  dtype?: DType;
}

/** What becomes of reduced dimensions, and in what a sum or product is computed. */
export interface SumOptions extends ReductionOptions, ComputingOptions {}

/** x in the dtype that it is to be computed in. */
export const computedIn = (x: Tensor, options?: ComputingOptions): Tensor => to(x, options?.dtype ?? x.dtype);

/** One reduction: the dimensions, the shape with them kept as 1, the result's shape, and how many elements each sum has. */
export function plan(x: Tensor, dim: Dims, options?: ReductionOptions) {
  const { keepdim } = readOptions(options, { keepdim: false });
  check(dim === undefined || x.ndim <= 64, "only tensors with up to 64 dims are supported");
  const dims = normalizeDims(dim, x.ndim);
  const kept = x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
  const shape = keepdim ? kept : x.shape.filter((_, d) => !dims.includes(d));
  return { dims, kept, shape, count: sizeOf(x.shape, dims) };
}

/** y, whose reduced dimensions may be gone, repeated to the `shape` that it had. */
export const spread = (y: Tensor, kept: Shape, shape: Shape): Tensor => expandTo(reshape(y, kept), shape);
