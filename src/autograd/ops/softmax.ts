/** Softmax and its logarithm, along one dimension. */
import { applyAlong } from "../../tensor/apply.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { sum } from "./reduction.ts";
import { checkTakes } from "./shared/implemented.ts";
import { kernelOrOperations } from "./shared/kernel-or-operations.ts";
import { floating } from "./shared/promotion.ts";
import { type ComputingOptions, computedIn } from "./shared/reducing.ts";
import { pulledBack, softmaxOf } from "./shared/softmax-of.ts";

/** x in floating point numbers. @throws if the options say otherwise */
function softened(name: string, x: Tensor, options?: ComputingOptions): Tensor {
  const own = computedIn(x, options);
  if (options?.dtype) checkTakes(`${name}_lastdim_kernel_impl`, own, isFloatingPoint);
  return floating(own);
}

/** y = eˣ / Σ eˣ along dim. Mirrors `torch.softmax`. @example tensor([1, 2, 3]).softmax(0) */
export function softmax(input: Tensor, dim: Int, options?: ComputingOptions): Tensor {
  const x = softened("softmax", input, options);
  return softmaxOf(x, dim, applyAlong(kernels.softmax, x, dim));
}

/** y = x - log Σ eˣ along dim, dx = dy - eʸ · Σ dy. Mirrors `torch.log_softmax`. @example arange(3).logSoftmax(0) */
export const logSoftmax = defineOp("logSoftmax", (input: Tensor, dim: Int, options?: ComputingOptions): Applied => {
  const x = softened("log_softmax", input, options);
  const y = applyAlong(kernels.logSoftmax, x, dim);
  const kernel = (dy: Tensor) => pulledBack(kernels.logSoftmaxBackward, dy, y, dim);
  const operations = (dy: Tensor) => sub(dy, mul(exp(y), sum(dy, dim, { keepdim: true })));
  return { y, saves: [y], grads: [[x, kernelOrOperations(kernel, operations)]] };
});
