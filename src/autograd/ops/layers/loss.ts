/** Losses whose gradient is shorter than what differentiating their formula gives, or is not that. */
import { splitAt } from "../../../tensor/apply.ts";
import { arange } from "../../../tensor/create.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { emptyArray } from "../../../tensor/memory/memory.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { noGrad } from "../../grad-mode.ts";
import { type Applied, defineOp } from "../../op.ts";
import { eq, ne } from "../compare.ts";
import { add, clamp, div, log, mul, neg, sub, where } from "../elementwise.ts";
import { softmax } from "../reduction.ts";
import { unsqueeze } from "../shape.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";
import { floating } from "../shared/promotion.ts";
import { broadcastChannels } from "./batch-norm.ts";

/**
 * y = -log softmax(x)[t], the classes t being counted along dim, and 0 where t = ignoreIndex;
 * dx = dy · (softmax(x) - onehot(t)). Neither the softmax nor its logarithm is written down.
 */
export const crossEntropy = defineOp(
  "crossEntropy",
  (input: Tensor, target: Tensor, dim: number, ignoreIndex: number): Applied => {
    const x = floating(input);
    const sizes = splitAt(x.shape, dim);
    const [, n, inner] = sizes;
    const [scores, classes] = [elementsOf(x), elementsOf(target)];
    const y = Tensor.empty(target.shape, x.dtype);
    const subtracted = { m: emptyArray(x.dtype, y.numel), logTotal: emptyArray(x.dtype, y.numel) };
    kernels.logTotals(subtracted, scores, ...sizes);
    for (let o = 0; o < y.numel; o++) {
      const place = (Math.floor(o / inner) * n + classes[o]) * inner + (o % inner);
      const loss = subtracted.logTotal[o] - (scores[place] - subtracted.m[o]);
      y.storage.data[o] = classes[o] === ignoreIndex ? 0 : loss;
    }
    const counted = (dy: Tensor) => where(ne(target, ignoreIndex), dy, 0);
    const kernel = (dy: Tensor) => {
      const dx = Tensor.empty(x.shape, x.dtype);
      const factor = elementsOf(counted(dy));
      const out = dx.storage.data;
      kernels.crossEntropyBackward(out, elementsOf(x), subtracted, elementsOf(target), factor, ...sizes);
      return dx;
    };
    const operations = (dy: Tensor) => {
      const onehot = eq(unsqueeze(target, dim), broadcastChannels(arange(n), x, dim));
      return mul(sub(softmax(x, dim), onehot), unsqueeze(counted(dy), dim));
    };
    return { y, saves: [x, target], grads: [[x, kernelOrOperations(kernel, operations)]] };
  },
);

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
