/**
 * Questions whose answer is yes or no: bool tensors, which have no gradient. A number counts as true unless it is 0.
 */
import { zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { eq, gt, isnan, ne } from "./compare.ts";
import { abs, maximum, mul } from "./elementwise.ts";
import { coordinates } from "./indexing.ts";
import { type Dims, type ReductionOptions, sum } from "./reduction.ts";
import { stack } from "./shape.ts";

const isTrue = (x: Tensor): Tensor => (x.dtype === "bool" ? x : ne(x, 0));

/** y = a and b, bool; what is not 0 is true. */
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => mul(isTrue(a), isTrue(b));
/** y = a or b */
export const logicalOr = (a: Tensor, b: Tensor): Tensor => maximum(isTrue(a), isTrue(b));
/** y = either a or b */
export const logicalXor = (a: Tensor, b: Tensor): Tensor => ne(isTrue(a), isTrue(b));
/** y = not x */
export const logicalNot = (x: Tensor): Tensor => eq(x, 0);

/** Whether any element is true, of all or along dim. Mirrors `torch.any`. */
export const any = (x: Tensor, dim?: number, options?: ReductionOptions): Tensor =>
  gt(countNonzero(x, dim, options), 0);

/** Whether all elements are true, of all or along dim; so of none. Mirrors `torch.all`. */
export const all = (x: Tensor, dim?: number, options?: ReductionOptions): Tensor =>
  eq(countNonzero(logicalNot(x), dim, options), 0);

/** y = whether x is ∞ or -∞ */
export const isinf = (x: Tensor): Tensor => eq(abs(x), Infinity);

/** y = whether x is neither infinite nor NaN */
export const isfinite = (x: Tensor): Tensor => logicalNot(logicalOr(isinf(x), isnan(x)));

/** How many elements are not 0, int32. Mirrors `torch.count_nonzero`. */
export const countNonzero = (x: Tensor, dim?: Dims, options?: ReductionOptions): Tensor => sum(isTrue(x), dim, options);

/** Where x is not 0: a row of coordinates for each such element, int32 (n, ndim). Mirrors `torch.nonzero`. */
export const nonzero = (x: Tensor): Tensor =>
  x.ndim > 0 ? stack(coordinates(x), 1) : zeros([Number(x.item() !== 0), 0], { dtype: "int32" });
