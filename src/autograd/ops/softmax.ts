/** Softmax and its logarithm, along one dimension. */
import { applyAlong, splitAt } from "../../tensor/apply.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { PullBackKernel } from "../../tensor/kernels/reduction.ts";
import { normalizeDim } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { kernelOrOperations } from "./shared/kernel-or-operations.ts";
import { floating } from "./shared/promotion.ts";

/** y = eˣ / Σ eˣ along dim, which has been computed, dx = y · (dy - Σ dy · y) */
export const softmaxOf = defineOp("softmax", (x: Tensor, dim: number, y: Tensor): Applied => {
  const kernel = (dy: Tensor) => pulledBack(kernels.softmaxBackward, dy, y, dim);
  const operations = (dy: Tensor) => mul(y, sub(dy, sum(mul(dy, y), dim, { keepdim: true })));
  return { y, saves: [y], grads: [[x, kernelOrOperations(kernel, operations)]] };
});

/** y = eˣ / Σ eˣ along dim. Mirrors `torch.softmax`. @example tensor([1, 2, 3]).softmax(0) */
export function softmax(input: Tensor, dim: number): Tensor {
  const x = floating(input);
  return softmaxOf(x, dim, applyAlong(kernels.softmax, x, dim));
}

/** y = x - log Σ eˣ along dim, dx = dy - eʸ · Σ dy. Mirrors `torch.log_softmax`. @example arange(3).logSoftmax(0) */
export const logSoftmax = defineOp("logSoftmax", (input: Tensor, dim: number): Applied => {
  const x = floating(input);
  const y = applyAlong(kernels.logSoftmax, x, dim);
  const kernel = (dy: Tensor) => pulledBack(kernels.logSoftmaxBackward, dy, y, dim);
  const operations = (dy: Tensor) => sub(dy, mul(exp(y), sum(dy, dim, { keepdim: true })));
  return { y, saves: [y], grads: [[x, kernelOrOperations(kernel, operations)]] };
});

/** dx of dy and y along one dimension. */
function pulledBack(kernel: PullBackKernel, dy: Tensor, y: Tensor, dim: number): Tensor {
  const dx = Tensor.empty(y.shape, y.dtype);
  kernel(dx.storage.data, elementsOf(dy), elementsOf(y), ...splitAt(y.shape, normalizeDim(dim, y.ndim)));
  return dx;
}
