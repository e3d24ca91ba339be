/** Questions whose answer is yes or no: bool tensors, without a gradient. A number counts as true unless it is 0. */
import { onesLike, zeros } from "../../tensor/create.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { eq, gt, isnan, ne } from "./compare.ts";
import { abs, maximum, mul } from "./elementwise.ts";
import { stack } from "./parts.ts";
import { sum } from "./reduction.ts";
import { view } from "./shape.ts";
import { coordinates } from "./shared/positions.ts";
import type { Dims, ReductionOptions } from "./shared/reducing.ts";

const isTrue = (x: Tensor): Tensor => (x.dtype === "bool" ? x : ne(x, 0));

/** y = a and b. Mirrors `torch.logical_and`. @example tensor([true, true]).logicalAnd(tensor([true, false])) */
export const logicalAnd = (input: Tensor, other: Tensor): Tensor => mul(isTrue(input), isTrue(other));

/** y = a or b. Mirrors `torch.logical_or`. @example tensor([true, false]).logicalOr(tensor([false, false])) */
export const logicalOr = (input: Tensor, other: Tensor): Tensor => maximum(isTrue(input), isTrue(other));

/** y = either a or b. Mirrors `torch.logical_xor`. @example tensor([true, false]).logicalXor(tensor([true, true])) */
export const logicalXor = (input: Tensor, other: Tensor): Tensor => ne(isTrue(input), isTrue(other));

/** y = not x. Mirrors `torch.logical_not`. @example tensor([0, 1, 2]).logicalNot() */
export const logicalNot = (x: Tensor): Tensor => eq(x, 0);

/** Whether any element is true, of all or along dim. Mirrors `torch.any`. @example tensor([[0, 0], [0, 1]]).any(1) */
export const any = (x: Tensor, dim?: Int, options?: ReductionOptions): Tensor => gt(countNonzero(x, dim, options), 0);

/** Whether no element is false, of all or along dim. Mirrors `torch.all`. @example tensor([[1, 1], [0, 1]]).all(1) */
export const all = (x: Tensor, dim?: Int, options?: ReductionOptions): Tensor =>
  eq(countNonzero(logicalNot(x), dim, options), 0);

/** y = whether x is ∞ or -∞. Mirrors `torch.isinf`. @example tensor([1, -Infinity, Number.NaN]).isinf() */
export const isinf = (x: Tensor): Tensor => eq(abs(x), Infinity);

/** y = whether x is ∞. Mirrors `torch.isposinf`. @example tensor([1, -Infinity, Infinity]).isposinf() */
export const isposinf = (x: Tensor): Tensor => eq(x, Infinity);

/** y = whether x is -∞. Mirrors `torch.isneginf`. @example tensor([1, -Infinity, Infinity]).isneginf() */
export const isneginf = (x: Tensor): Tensor => eq(x, -Infinity);

/** y = true, since no number here is complex. Mirrors `torch.isreal`. @example tensor([1, Number.NaN]).isreal() */
export const isreal = (x: Tensor): Tensor => onesLike(x, { dtype: "bool" });

/** y = whether x is neither infinite nor NaN. Mirrors `torch.isfinite`. @example tensor([1, -Infinity]).isfinite() */
export const isfinite = (x: Tensor): Tensor => logicalNot(logicalOr(isinf(x), isnan(x)));

/** How many elements are not 0, int32. Mirrors `torch.count_nonzero`. @example tensor([0, 3, 0, 5]).countNonzero() */
export const countNonzero = (x: Tensor, dim?: Dims, options?: ReductionOptions): Tensor => sum(isTrue(x), dim, options);

/** How places are given. */
export interface NonzeroOptions {
  /** Give a vector for each dimension, with which x can be indexed. Default: false. */
  asTuple?: boolean;
}

/** What `nonzero` is. */
export interface Nonzero {
  /** A row of coordinates for each such element. */
  (x: Tensor, options?: NonzeroOptions & { asTuple?: false }): Tensor;
  /** A vector of coordinates for each dimension. */
  (x: Tensor, options: NonzeroOptions & { asTuple: true }): Tensor[];
}

/**
 * Where x is not 0: a row of coordinates for each such element, int32 (n, ndim); or a vector of coordinates for each
 * dimension. Mirrors `torch.nonzero`.
 * @example console.log(tensor([[0, 3], [5, 0]]).nonzero(), tensor([0, 3, 5]).nonzero({ asTuple: true }))
 */
export const nonzero: Nonzero = ((x: Tensor, options?: NonzeroOptions): Tensor | Tensor[] => {
  const { asTuple } = readOptions(options, { asTuple: false });
  if (asTuple) return coordinates(x.ndim > 0 ? x : view(x, 1));
  return x.ndim > 0 ? stack(coordinates(x), 1) : zeros([Number(x.item() !== 0), 0], { dtype: "int32" });
}) as Nonzero;
