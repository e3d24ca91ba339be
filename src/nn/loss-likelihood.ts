/** How unlikely targets are under a distribution of which a network gives the parameters. */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { le, lt } from "../autograd/ops/compare.ts";
import { add, div, exp, log, mul, square, sub, where } from "../autograd/ops/elementwise.ts";
import { any } from "../autograd/ops/logical.ts";
import { unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { moduleOf } from "./module-of.ts";
import { type LossOptions, lossDefaults, reduced } from "./reduction.ts";

/** Options of the negative log likelihood of Poisson's distribution. */
export interface PoissonNLLOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate. Default: true. */
  logInput?: boolean;
  /** Whether to add what does not depend on the input, log target!, by Stirling's formula, for targets above 1. Default: false. */
  full?: boolean;
  /** Added to a rate before its logarithm is taken. Default: 1e-8. */
  eps?: number;
}
const poissonDefaults: Required<PoissonNLLOptions> = { ...lossDefaults, logInput: true, full: false, eps: 1e-8 };

/**
 * e^input - target · input, the input being the logarithm of the rate at which events are expected; or input - target · log(input +
 * eps). Mirrors `torch.nn.functional.poisson_nll_loss`.
 * @example nn.functional.poissonNllLoss(tensor([0, 1]), tensor([1, 3]))
 */
function poissonNllLoss(input: Tensor, target: Tensor, options?: PoissonNLLOptions): Tensor {
  const { logInput, full, eps, reduction } = readOptions(options, poissonDefaults);
  const losses = logInput ? sub(exp(input), mul(target, input)) : sub(input, mul(target, log(add(input, eps))));
  if (!full) return reduced(losses, reduction);
  const isSmall = le(target, 1);
  const t = where(isSmall, 2, target); // no logarithm of 0
  const stirling = add(sub(mul(t, log(t)), t), mul(log(mul(t, 2 * Math.PI)), 0.5));
  return reduced(add(losses, where(isSmall, 0, stirling)), reduction);
}

/** The negative log likelihood of counts. Mirrors `torch.nn.PoissonNLLLoss`. @example new nn.PoissonNLLLoss({ full: true }).forward(tensor([0, 1]), tensor([1, 3])) */
export class PoissonNLLLoss extends moduleOf(poissonNllLoss, poissonDefaults) {}

/** Options of the negative log likelihood of the normal distribution. */
export interface GaussianNLLOptions extends LossOptions {
  /** Whether to add what depends on nothing, log(2π) / 2. Default: false. */
  full?: boolean;
  /** What a smaller variance counts as. Default: 1e-6. */
  eps?: number;
}
const gaussianDefaults: Required<GaussianNLLOptions> = { ...lossDefaults, full: false, eps: 1e-6 };

/**
 * (log max(var, eps) + (input - target)² / max(var, eps)) / 2, the input being the mean. Mirrors
 * `torch.nn.functional.gaussian_nll_loss`.
 *
 * @param variance of input's shape, or without its last dimension, or with 1 there
 * @throws if it has another shape, or one is negative
 * @example nn.functional.gaussianNllLoss(tensor([[1, 2]]), tensor([[1, 3]]), tensor([[1, 0.5]]))
 */
function gaussianNllLoss(input: Tensor, target: Tensor, variance: Tensor, options?: GaussianNLLOptions): Tensor {
  const { full, eps, reduction } = readOptions(options, gaussianDefaults);
  const outer = input.shape.slice(0, -1);
  const isWhole = sameShape(variance.shape, input.shape);
  const isShort = !isWhole && sameShape(variance.shape, outer);
  const fits = isWhole || isShort || sameShape(variance.shape, [...outer, 1]);
  check(fits, "var is of incorrect size");
  const isNegative = noGrad(() => any(lt(variance, 0)).item()) !== 0;
  check(!isNegative, "var has negative entry/entries");
  const own = isShort ? unsqueeze(variance, -1) : variance;
  // The gradient of a variance that is below eps is what it would be at eps: PyTorch clamps it unrecorded.
  const v = where(lt(own, eps), add(sub(own, detach(own)), eps), own);
  const losses = mul(add(log(v), div(square(sub(input, target)), v)), 0.5);
  return reduced(full ? add(losses, 0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}

/** The negative log likelihood of normal numbers. Mirrors `torch.nn.GaussianNLLLoss`. @example new nn.GaussianNLLLoss().forward(tensor([1]), tensor([3]), tensor([2])) */
export class GaussianNLLLoss extends moduleOf(gaussianNllLoss, gaussianDefaults) {}

export default { poissonNllLoss, gaussianNllLoss };
