/** The tensors of a module in another dtype: they stay the objects that they are, so that an optimizer goes on with them. */
import { become } from "../tensor/become.ts";
import { check } from "../tensor/check.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import { gradientOf, type Tensor } from "../tensor/tensor.ts";

/** Those that are no whole numbers get the dtype, and so do their gradients. @throws for a dtype of whole numbers or truths */
export function castTensors(tensors: readonly Tensor[], dtype: DType): void {
  const whole = () =>
    `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${dtype}`;
  check(isFloatingPoint(dtype), whole, TypeError);
  for (const tensor of tensors) {
    if (!isFloatingPoint(tensor.dtype) || tensor.dtype === dtype) continue;
    const gradient = gradientOf(tensor);
    become(tensor, tensor, dtype);
    if (gradient) become(gradient, gradient, dtype);
  }
}
