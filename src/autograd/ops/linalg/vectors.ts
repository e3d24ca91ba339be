/** Cross products, powers and diagonals, as `linalg` has them. */
import { check } from "../../../tensor/check.ts";
import { scalarName } from "../../../tensor/dtype.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Int } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { mul } from "../elementwise.ts";
import { sum } from "../reduction.ts";
import { unsqueeze } from "../shape.ts";
import { crossAlong } from "../shared/cross.ts";
import { powersOf } from "../shared/powers.ts";
import { diagonal as diagonalOf } from "../windows.ts";
import { checkFloating } from "./batches.ts";

/** Along which dimension. */
export interface CrossOptions {
  /** That of the three elements. Default: -1. */
  dim?: Int;
}

/** The cross product along dim, the last. Mirrors `torch.linalg.cross`. @example linalg.cross(tensor([1, 0, 0]), tensor([0, 1, 0])) */
export const cross = (a: Tensor, b: Tensor, options?: CrossOptions): Tensor =>
  crossAlong(a, b, readOptions(options, { dim: -1 }).dim);

/** Along which dimension. */
export interface VecdotOptions {
  /** The vectors' dimension. Default: -1. */
  dim?: Int;
}

/** The products Σ a b of vectors along dim. Mirrors `torch.linalg.vecdot`. @example linalg.vecdot(tensor([[1, 2], [3, 4]]), tensor([5, 6])) */
export function vecdot(x: Tensor, y: Tensor, options?: VecdotOptions): Tensor {
  const { dim } = readOptions(options, { dim: -1 });
  checkFloating("linalg.vecdot", x);
  const otherType = () =>
    `linalg.vecdot: Expected x and y to have the same dtype, but found x of type ${scalarName[x.dtype]} and y of type ` +
    `${scalarName[y.dtype]} instead`;
  check(x.dtype === y.dtype, otherType);
  return sum(mul(x, y), dim);
}

/** How many powers. */
export interface PowersOptions {
  /** How many. Default: null, as many as there are elements. */
  N?: Int | null;
}

/** The powers 0, 1, … of each element, in a new last dimension. Mirrors `torch.linalg.vander`. @example linalg.vander(tensor([1, 2, 3])) */
export function vander(x: Tensor, options?: PowersOptions): Tensor {
  const { N } = readOptions<PowersOptions>(options, { N: null });
  const count = N ?? x.shape[x.ndim - 1] ?? 1;
  check(count > 1, "N must be greater than 1.");
  const ofTruths = "linalg.vander supports floating point, complex, and integer tensors, but got Bool";
  check(x.dtype !== "bool", ofTruths);
  return powersOf(x.ndim > 0 ? x : unsqueeze(x, 0), count);
}

/** Which diagonal, of the matrices in which dimensions. */
export interface DiagonalOptions {
  /** How far above the main one. Default: 0. */
  offset?: Int;
  /** The rows. Default: -2. */
  dim1?: Int;
  /** The columns. Default: -1. */
  dim2?: Int;
}

/** The diagonals of matrices, a view. Mirrors `torch.linalg.diagonal`. @example linalg.diagonal(ones([2, 3, 3])).shape */
export function diagonal(x: Tensor, options?: DiagonalOptions): Tensor {
  const { offset, dim1, dim2 } = readOptions(options, { offset: 0, dim1: -2, dim2: -1 });
  return diagonalOf(x, offset, dim1, dim2);
}
