/** Losses whose gradient is not what differentiating their formula gives. */
import type { Tensor } from "../../../tensor/tensor.ts";
import { noGrad } from "../../grad-mode.ts";
import { type Applied, defineOp } from "../../op.ts";
import { add, clamp, div, log, mul, neg, sub } from "../elementwise.ts";

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
