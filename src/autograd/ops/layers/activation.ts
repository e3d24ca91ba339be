/** Activations with a bend: their slopes are written out, since the branch that is not taken may be infinite, or be NaN. */
import { zerosLike } from "../../../tensor/create.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { noGrad } from "../../grad-mode.ts";
import { type Applied, defineOp, detach } from "../../op.ts";
import { ge, gt, lt } from "../compare.ts";
import { abs, add, clamp, div, exp, mul, sigmoid, where } from "../elementwise.ts";
import { expm1, log1p } from "../functions.ts";
import { floating } from "../shared/promotion.ts";

/** y = x, below 0 negativeSlope · x */
export const leakyRelu = defineOp("leakyRelu", (input: Tensor, negativeSlope: number): Applied => {
  const x = floating(input);
  const y = noGrad(() => leakyReluBackward(x, x, negativeSlope));
  return { y, saves: [x], grads: [[x, (dy) => leakyReluBackward(dy, x, negativeSlope)]] };
});

/** dx = dy where x > 0, else negativeSlope · dy: which of the two does not change with x, whose gradient is 0 */
const leakyReluBackward = defineOp("leakyReluBackward", (dy: Tensor, x: Tensor, negativeSlope: number): Applied => {
  return {
    y: noGrad(() => where(gt(x, 0), dy, mul(dy, negativeSlope))),
    grads: [
      [dy, (ddx) => leakyReluBackward(ddx, x, negativeSlope), [x]],
      [x, (ddx) => zerosLike(ddx)],
    ],
  };
});

/** y = x, below 0 alpha · (e^(s x) - 1), dx = dy, up to 0 dy · alpha · s · e^(s x) */
export const elu = defineOp("elu", (input: Tensor, alpha: number, scale?: number): Applied => {
  const [x, s] = [floating(input), scale ?? 1];
  const slope = () => where(gt(x, 0), 1, mul(exp(mul(where(ge(x, 0), 0, x), s)), alpha * s));
  return {
    y: noGrad(() => where(gt(x, 0), x, mul(expm1(mul(x, s)), alpha))),
    saves: [x],
    grads: [[x, (dy) => mul(dy, slope())]],
  };
});

/** y = log(1 + e^(beta · x)) / beta, from beta · x = threshold on x, dx = dy · σ(beta · x), beyond the threshold dy */
export const softplus = defineOp("softplus", (input: Tensor, beta: number, threshold: number): Applied => {
  const x = floating(input);
  const isBeyond = gt(mul(x, beta), threshold);
  const slope = () => {
    const scaled = mul(x, beta);
    return where(isBeyond, 1, sigmoid(where(ge(scaled, threshold), threshold, scaled)));
  };
  return {
    y: noGrad(() => where(isBeyond, x, div(log1p(exp(mul(x, beta))), beta))),
    saves: [x],
    grads: [[x, (dy) => mul(dy, slope())]],
  };
});

/** y = x · (x + 3) / 6, 0 up to -3 and x from 3 on, dx = dy · (x / 3 + ½), 0 below -3 and dy beyond 3 */
export const hardswish = defineOp("hardswish", (input: Tensor): Applied => {
  const x = floating(input);
  const slope = () => {
    const bent = where(lt(abs(x), 3), x, detach(x)); // elsewhere, at the ends too, the slope does not change
    return where(gt(x, 3), 1, where(lt(x, -3), 0, add(div(bent, 3), 0.5)));
  };
  const y = noGrad(() => div(mul(x, clamp(add(x, 3), 0, 6)), 6));
  return { y, saves: [x], grads: [[x, (dy) => mul(dy, slope())]] };
});
