/** Losses whose gradient is shorter than what differentiating their formula gives, or is not that. */
import { splitAt } from "../../../tensor/apply.ts";
import { arange } from "../../../tensor/create.ts";
import { crossEntropies } from "../../../tensor/kernels/index.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { noGrad } from "../../grad-mode.ts";
import { type Applied, defineOp } from "../../op.ts";
import { eq, ge, isnan, le } from "../compare.ts";
import { abs, add, clamp, div, exp, log, mul, neg, sigmoid, sign, sub, where } from "../elementwise.ts";
import { logicalAnd } from "../logical.ts";
import { to, unsqueeze } from "../shape.ts";
import { sumTo } from "../shared/broadcast.ts";
import { kernelOrOperations } from "../shared/kernel-or-operations.ts";
import { floating, promoted } from "../shared/promotion.ts";
import { softmaxOf } from "../shared/softmax-of.ts";
import { softplus } from "./activation.ts";
import { broadcastChannels } from "./batch-norm.ts";

/**
 * y = -log softmax(x)[t], the classes t being counted along dim, and 0 where t is negative; dx = dy · (softmax(x) - onehot(t)).
 */
export const crossEntropy = defineOp("crossEntropy", (input: Tensor, target: Tensor, dim: number): Applied => {
  const x = floating(input);
  const sizes = splitAt(x.shape, dim);
  const [y, softmax] = [Tensor.empty(target.shape, x.dtype), Tensor.empty(x.shape, x.dtype)];
  crossEntropies.crossEntropy(y.storage.operand, softmax.storage.operand, operandOf(x), operandOf(target), ...sizes);
  const p = softmaxOf(x, dim, softmax);
  const kernel = (dy: Tensor) => {
    const dx = Tensor.empty(p.shape, p.dtype);
    crossEntropies.crossEntropyBackward(dx.storage.operand, operandOf(dy), operandOf(p), operandOf(target), ...sizes);
    return dx;
  };
  const operations = (dy: Tensor) => {
    const onehot = eq(unsqueeze(target, dim), broadcastChannels(arange(p.shape[dim]), p, dim));
    return mul(sub(p, to(onehot, p.dtype)), unsqueeze(where(ge(target, 0), dy, 0), dim));
  };
  return { y, saves: [p, target], grads: [[x, kernelOrOperations(kernel, operations)]] };
});

/** y = log(1 + e⁻ᵐ), dm = -dy · sigmoid(-m), which has a derivative of its own where e⁻ᵐ is large */
export const softMargin = defineOp("softMargin", (m: Tensor): Applied => {
  const y = noGrad(() => log(add(exp(neg(m)), 1)));
  return { y, saves: [m], grads: [[m, (dy) => neg(mul(dy, sigmoid(neg(m))))]] };
});

/**
 * y = |e| - beta / 2, where |e| < beta y = e² / (2 beta), de = dy · e / beta, at most dy either way. So y is slope · (e - beta ·
 * slope / 2) in both branches.
 */
export const smoothL1 = defineOp("smoothL1", (e: Tensor, beta: number): Applied => {
  const slope = () => (beta === 0 ? where(isnan(e), e, sign(e)) : where(ge(abs(e), beta), sign(e), div(e, beta)));
  const y = noGrad(() => {
    const s = slope();
    return mul(s, sub(e, mul(s, beta / 2)));
  });
  return { y, saves: [e], grads: [[e, (dy) => mul(dy, slope())]] };
});

/**
 * y = x · log x, 0 where x is 0; dx = dy · log x + dy · x / x, where dy · log x is 0 if dy is, also of a logarithm that is not
 * finite: as PyTorch's xlogy.
 */
export const xLogX = defineOp("xLogX", (input: Tensor): Applied => {
  const x = floating(input);
  const isNothing = (dy: Tensor) => logicalAnd(eq(dy, 0), le(x, 0));
  const dx = (dy: Tensor) => add(where(isNothing(dy), 0, mul(dy, log(x))), div(mul(dy, x), x));
  return { y: noGrad(() => where(eq(x, 0), 0, mul(x, log(x)))), saves: [x], grads: [[x, dx]] };
});

/** log x, and -100 where that is lower: no loss is infinite. */
const clampedLog = (x: Tensor): Tensor => clamp(log(x), -100);

/**
 * y = -(t · log x + (1 - t) · log(1 - x)) with logarithms of at least -100, dx = dy · (x - t) / max(x · (1 - x), 1e-12),
 * dt = dy · (log(1 - x) - log x), for x and t of one shape. So neither stops where the loss is clamped.
 */
export const binaryCrossEntropy = defineOp("binaryCrossEntropy", (input: Tensor, target: Tensor): Applied => {
  const [x, t] = promoted(input, target);
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

/** -log σ(x) = log(1 + e⁻ˣ), and -x where e⁻ˣ is so large that adding 1 does not change it. */
const minusLogSigmoid = (x: Tensor): Tensor => softplus(neg(x), 1, 40);

/** The same, as m + log(e⁻ᵐ + e⁻ˣ⁻ᵐ) with m = max(-x, 0): NaN at -∞, as the loss of PyTorch 1.13, but not its gradients, is. */
function minusLogSigmoidInLoss(x: Tensor): Tensor {
  const m = clamp(neg(x), 0);
  return add(m, log(add(exp(neg(m)), exp(sub(neg(x), m)))));
}

/**
 * y = (1 - t) · x + (1 + (p - 1) · t) · -log σ(x), where p may be 1 and left out. dx = dy · ((1 - t + p · t) · σ(x) - p · t),
 * dt = dy · (p · -log σ(x) + log σ(-x)), dp = dy · t · -log σ(x), for x and t of one shape.
 */
export const binaryCrossEntropyWithLogits = defineOp(
  "binaryCrossEntropyWithLogits",
  (input: Tensor, target: Tensor, posWeight: Tensor | null): Applied => {
    const [x, t] = promoted(input, target);
    const p = posWeight && to(posWeight, x.dtype);
    const y = noGrad(() => {
      const loss = minusLogSigmoidInLoss(x);
      return add(mul(sub(1, t), x), p ? mul(add(mul(sub(p, 1), t), 1), loss) : loss);
    });
    const dx = (dy: Tensor) => {
      if (!p) return mul(dy, sub(sigmoid(x), t));
      const positive = mul(p, t);
      return mul(dy, sub(mul(add(sub(positive, t), 1), sigmoid(x)), positive));
    };
    const dt = (dy: Tensor) => mul(dy, p ? sub(mul(p, minusLogSigmoid(x)), minusLogSigmoid(neg(x))) : neg(x));
    const dp = (dy: Tensor) => mul(dy, mul(t, minusLogSigmoid(x)));
    return {
      y,
      saves: p ? [x, t, p] : [x, t],
      grads: [
        [x, (dy) => sumTo(dx(dy), x.shape)],
        [t, (dy) => sumTo(dt(dy), t.shape)],
        ...(p ? [[p, (dy: Tensor) => sumTo(dp(dy), p.shape)] as const] : []),
      ],
    };
  },
);
