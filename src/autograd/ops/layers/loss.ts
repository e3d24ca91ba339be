/** Losses whose gradient is shorter than what differentiating their formula gives, or is not that. */
import { splitAt } from "../../../tensor/apply.ts";
import { arange } from "../../../tensor/create.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { noGrad } from "../../grad-mode.ts";
import { type Applied, defineOp } from "../../op.ts";
import { eq, ge } from "../compare.ts";
import { add, clamp, div, log, mul, neg, sub, where } from "../elementwise.ts";
import { to, unsqueeze } from "../shape.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";
import { floating } from "../shared/promotion.ts";
import { softmaxOf } from "../shared/softmax-of.ts";
import { broadcastChannels } from "./batch-norm.ts";

/**
 * y = -log softmax(x)[t], the classes t being counted along dim, and 0 where t is negative; dx = dy · (softmax(x) - onehot(t)).
 */
export const crossEntropy = defineOp("crossEntropy", (input: Tensor, target: Tensor, dim: number): Applied => {
  const x = floating(input);
  const sizes = splitAt(x.shape, dim);
  const [y, softmax] = [Tensor.empty(target.shape, x.dtype), Tensor.empty(x.shape, x.dtype)];
  kernels.crossEntropy(y.storage.operand, softmax.storage.operand, operandOf(x), operandOf(target), ...sizes);
  const p = softmaxOf(x, dim, softmax);
  const kernel = (dy: Tensor) => {
    const dx = Tensor.empty(p.shape, p.dtype);
    kernels.crossEntropyBackward(dx.storage.operand, operandOf(dy), operandOf(p), operandOf(target), ...sizes);
    return dx;
  };
  const operations = (dy: Tensor) => {
    const onehot = eq(unsqueeze(target, dim), broadcastChannels(arange(p.shape[dim]), p, dim));
    return mul(sub(p, to(onehot, p.dtype)), unsqueeze(where(ge(target, 0), dy, 0), dim));
  };
  return { y, saves: [p, target], grads: [[x, kernelOrOperations(kernel, operations)]] };
});

/** log x, and -100 where that is lower: no loss is infinite. */
const clampedLog = (x: Tensor): Tensor => clamp(log(x), -100);

/**
 * y = -(t · log x + (1 - t) · log(1 - x)) with logarithms of at least -100, dx = dy · (x - t) / max(x · (1 - x), 1e-12),
 * dt = dy · (log(1 - x) - log x), for x and t of one shape. So neither stops where the loss is clamped.
 */
export const binaryCrossEntropy = defineOp("binaryCrossEntropy", (x: Tensor, t: Tensor): Applied => {
  const y = noGrad(() => neg(add(mul(t, clampedLog(x)), mul(sub(1, t), clampedLog(sub(1, x))))));
  return {
    y,
    saves: [x],
    grads: [
      [x, (dy) => div(mul(dy, sub(x, t)), clamp(mul(x, sub(1, x)), 1e-12)), [t]],
      [t, (dy) => mul(dy, sub(log(sub(1, x)), log(x)))],
    ],
  };
});
