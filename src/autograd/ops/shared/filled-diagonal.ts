/** A diagonal of one number. */
import { check } from "../../../tensor/check.ts";
import { arange, full } from "../../../tensor/create.ts";
import { readOptions } from "../../../tensor/options.ts";
import { contiguousStrides } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { put } from "./writing.ts";

/** Where a filled diagonal ends. */
export interface FillDiagonalOptions {
  /** In a matrix with more rows than columns, begin it anew, a row below where it ends. Default: false. */
  wrap?: boolean;
}

/** x with `value` on the diagonal from its first element, one step further along all dimensions: what is done in place by `fillDiagonal_`. */
export function withDiagonal(x: Tensor, value: number, options?: FillDiagonalOptions): Tensor {
  const { wrap } = readOptions(options, { wrap: false });
  check(x.ndim >= 2, "dimensions must larger than 1");
  const isCube = x.ndim === 2 || x.shape.every((size) => size === x.shape[0]);
  check(isCube, "all dimensions of input must be of equal length");
  const step = contiguousStrides(x.shape).reduce((sum, stride) => sum + stride, 0);
  const end = wrap && x.ndim === 2 ? x.numel : Math.min(...x.shape) * step;
  const positions = arange(0, Math.min(end, x.numel), step, { dtype: "int32" });
  return put(x, positions, full(positions.shape, value, { dtype: x.dtype }));
}
