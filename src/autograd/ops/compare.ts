/** Comparisons, and where the largest and the smallest are: truths and places, which have no gradient. */
import { applyBinary, applyReduction } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import { type KernelName, kernels } from "../../tensor/kernels/index.ts";
import type { ReductionKernel } from "../../tensor/kernels/reduction.ts";
import type { Int } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { compared, type Operand } from "./shared/promotion.ts";
import { plan, type ReductionOptions } from "./shared/reducing.ts";

const comparison =
  (name: KernelName<BinaryKernel>) =>
  (input: Tensor, other: Operand): Tensor =>
    seen(name, [input, other], () => applyBinary(kernels[name], ...compared(input, other), name, "bool"));

/** y = a == b, bool. Mirrors `torch.eq`. @example tensor([1, 2, 3]).eq(2) */
export const eq = comparison("eq");

/** y = a != b, bool. Mirrors `torch.ne`. @example tensor([1, 2, 3]).ne(2) */
export const ne = comparison("ne");

/** y = a < b, bool. Mirrors `torch.lt`. @example tensor([1, 2, 3]).lt(2) */
export const lt = comparison("lt");

/** y = a ≤ b, bool. Mirrors `torch.le`. @example tensor([1, 2, 3]).le(2) */
export const le = comparison("le");

/** y = a > b, bool. Mirrors `torch.gt`. @example tensor([1, 2, 3]).gt(tensor([3, 2, 1])) */
export const gt = comparison("gt");

/** y = a ≥ b, bool. Mirrors `torch.ge`. @example tensor([1, 2, 3]).ge(tensor([3, 2, 1])) */
export const ge = comparison("ge");

/** y = whether x is NaN, bool. Mirrors `torch.isnan`. @example tensor([1, Number.NaN]).isnan() */
export const isnan = (x: Tensor): Tensor => ne(x, x);

const extreme =
  (name: KernelName<ReductionKernel>) =>
  (x: Tensor, dim?: Int, options?: ReductionOptions): Tensor =>
    seen(name, [x, dim, options], () => place(name, x, dim, options));

function place(name: KernelName<ReductionKernel>, x: Tensor, dim?: Int, options?: ReductionOptions): Tensor {
  const { dims, shape, count } = plan(x, dim, options);
  const isEmpty = () =>
    `${name}(): Expected reduction dim ` +
    (dim === undefined ? "to be specified for input.numel() == 0." : `${dim} to have non-zero size.`);
  check(count > 0, isEmpty, RangeError);
  const tooMany = () => `${name}(): int32 cannot number ${count} elements: find it along a dimension, or in parts`;
  check(count <= 2 ** 31, tooMany, RangeError);
  const y = applyReduction(kernels[name], x, dims, "int32");
  return new Tensor(y.storage, y.dtype, shape);
}

/**
 * The index, int32, of the first largest element: along dim, or in the flattened tensor. Mirrors `torch.argmax`.
 * @example tensor([[1, 9], [4, 3]]).argmax(1)
 */
export const argmax = extreme("argmax");

/**
 * The index, int32, of the first smallest element: along dim, or in the flattened tensor. Mirrors `torch.argmin`.
 * @example tensor([[1, 9], [4, 3]]).argmin(0)
 */
export const argmin = extreme("argmin");
