/**
 * Functions whose gradient is zero wherever they have one: comparisons, sign, argmax. They are not recorded.
 */
import { applyBinary, applyReduction, applyUnary, copyOf } from "../../tensor/apply.ts";
import { full } from "../../tensor/create.ts";
import { resultType, scalarType } from "../../tensor/dtype.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import { type KernelName, kernels } from "../../tensor/kernels/index.ts";
import type { ReductionKernel } from "../../tensor/kernels/reduction.ts";
import { normalizeDim, numelOf } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";

function comparison(name: KernelName<BinaryKernel>) {
  return (a: Tensor, right: Tensor | number): Tensor => {
    const b = typeof right === "number" ? full([], right, { dtype: scalarType(right, a.dtype) }) : right;
    const dtype = resultType(a, b);
    const convert = (x: Tensor) => (x.dtype === dtype ? x : copyOf(x, dtype));
    return applyBinary(kernels[name], convert(a), convert(b), name, "bool");
  };
}

/** y = a == b, bool */
export const eq = comparison("eq");
/** y = a != b, bool */
export const ne = comparison("ne");
/** y = a < b, bool */
export const lt = comparison("lt");
/** y = a ≤ b, bool */
export const le = comparison("le");
/** y = a > b, bool */
export const gt = comparison("gt");
/** y = a ≥ b, bool */
export const ge = comparison("ge");

/** y = -1, 0 or 1 */
export const sign = (x: Tensor): Tensor => applyUnary(kernels.sign, x);

/** y = whether x is NaN, bool */
export const isnan = (x: Tensor): Tensor => ne(x, x);

function extreme(name: KernelName<ReductionKernel>) {
  return (x: Tensor, dim?: number, { keepdim = false } = {}): Tensor => {
    const dims = dim === undefined ? x.shape.map((_, d) => d) : x.ndim === 0 ? [] : [normalizeDim(dim, x.ndim)];
    if (numelOf(dims.map((d) => x.shape[d])) === 0) {
      const what = dim === undefined ? "to be specified for input.numel() == 0." : `${dim} to have non-zero size.`;
      throw new RangeError(`${name}(): Expected reduction dim ${what}`);
    }
    const y = applyReduction(kernels[name], x, dims, "int32");
    return keepdim
      ? y
      : new Tensor(
          y.storage,
          y.dtype,
          y.shape.filter((_, d) => !dims.includes(d)),
        );
  };
}

/** The index, int32, of the first largest element: along dim, or in the flattened tensor. Mirrors `torch.argmax`. */
export const argmax = extreme("argmax");

/** The index, int32, of the first smallest element: along dim, or in the flattened tensor. Mirrors `torch.argmin`. */
export const argmin = extreme("argmin");
