/** Softmax's gradient, for those who have computed the softmax. */
import { splitAt } from "../../../tensor/apply.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import type { PullBackKernel } from "../../../tensor/kernels/reduction.ts";
import { normalizeDim } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { mul, sub } from "../elementwise.ts";
import { sum } from "../reduction.ts";
import { kernelOrOperations } from "./kernel-or-operations.ts";

/** y = eˣ / Σ eˣ along dim, which has been computed, dx = y · (dy - Σ dy · y) */
export const softmaxOf = defineOp("softmax", (x: Tensor, dim: number, y: Tensor): Applied => {
  const kernel = (dy: Tensor) => pulledBack(kernels.softmaxBackward, dy, y, dim);
  const operations = (dy: Tensor) => mul(y, sub(dy, sum(mul(dy, y), dim, { keepdim: true })));
  return { y, saves: [y], grads: [[x, kernelOrOperations(kernel, operations)]] };
});

/** dx of dy and y along one dimension. */
export function pulledBack(kernel: PullBackKernel, dy: Tensor, y: Tensor, dim: number): Tensor {
  const dx = Tensor.empty(y.shape, y.dtype);
  kernel(dx.storage.operand, operandOf(dy), operandOf(y), ...splitAt(y.shape, normalizeDim(dim, y.ndim)));
  return dx;
}
