/** What an operation is not for, in PyTorch's words. */
import { check } from "../../../tensor/check.ts";
import { type DType, isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { record } from "../../history.ts";

/** @throws where PyTorch's kernel of that name does not take x's dtype */
export function checkTakes(kernel: string, { dtype }: Tensor, takes: (dtype: DType) => boolean): void {
  check(takes(dtype), () => `"${kernel}" not implemented for '${scalarName[dtype]}'`);
}

/** What there may be of numbers. */
export const isNumber = (dtype: DType): boolean => dtype !== "bool";
export const isWhole = (dtype: DType): boolean => !isFloatingPoint(dtype);

/** y, computed of these inputs, by which it has no derivative: a backward pass that comes here is refused. */
export function withoutDerivative(name: string, y: Tensor, ...inputs: readonly Tensor[]): Tensor {
  const refuse = (): never => {
    throw new Error(`derivative for aten::${name} is not implemented: detach() what it is computed from`);
  };
  return record(name, { y, grads: inputs.map((x) => [x, refuse]) });
}
