/** Tensors of a module in another dtype. */
import { copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Those of floating point get dtype, and so do their gradients. They stay the objects that they are: an optimizer may have them.
 * @throws unless dtype is of floating point
 */
export function convertTensors(tensors: readonly Tensor[], dtype: DType): void {
  const noFloat = () =>
    "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=" +
    `torch.${dtype}: indices and truths stay as they are`;
  check(isFloatingPoint(dtype), noFloat, TypeError);
  for (const x of tensors) {
    if (!isFloatingPoint(x.dtype) || x.dtype === dtype) continue;
    if (x.grad) become(x.grad, dtype);
    become(x, dtype);
  }
}

function become(x: Tensor, dtype: DType): void {
  const { version } = x.storage;
  const { storage, shape, strides, offset } = copyOf(x, dtype);
  storage.version = version + 1; // a graph that has saved x notices
  Object.assign(x, { dtype, storage, shape, strides, offset, viewOf: null });
}
