/** Optimizers that size the steps of each element by how large its gradients have been: Adagrad, RMSprop, Adam, AdamW. */
import { add, div, mul, sqrt, sub } from "../autograd/ops/elementwise.ts";
import { addScaledInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full, fullLike, zerosLike } from "../tensor/create.ts";
import { updates } from "../tensor/kernels/index.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkNotNegative,
  type DescentSettings,
  descended,
  Optimizer,
  type ParamState,
  type Params,
  updateElements,
} from "./optimizer.ts";

interface AdaptiveSettings extends DescentSettings {
  /** Added to the denominator, ≥ 0: how small a gradient still counts. Default: 1e-8, of Adagrad 1e-10. */
  eps: number;
}

/** What Adagrad may be told of each group. */
export interface AdagradSettings extends AdaptiveSettings {
  /** How fast the learning rate falls: at step t it is lr / (1 + (t - 1) · lrDecay). ≥ 0. Default: 0. */
  lrDecay: number;
  /** What the sums of squares begin with, ≥ 0. Default: 0. */
  initialAccumulatorValue: number;
}

/**
 * p ← p - lr / (1 + (t - 1) · lrDecay) · g / (√Σg² + eps), with g ← g + weightDecay · p before, and -g if maximize.
 * Mirrors `torch.optim.Adagrad` (Duchi, Hazan & Singer 2011).
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.Adagrad([x], { lr: 1 });
 * for (let step = 0; step < 2; step++) {
 *   optimizer.zeroGrad();
 *   x.sum().backward(); // a gradient of 1 each time
 *   optimizer.step();
 * }
 * console.log(x); // 3 - 1 / √1 - 1 / √2
 */
export class Adagrad extends Optimizer<AdagradSettings> {
  constructor(params: Params<AdagradSettings>, options?: Partial<AdagradSettings>) {
    const defaults = { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };
    super(params, readOptions(options, defaults));
  }

  /** Unlike other optimizers, it has a state for each parameter from the start. */
  override addParamGroup(group: Partial<AdagradSettings> & { params: Iterable<Tensor> }): void {
    super.addParamGroup(group);
    const { params, ...settings } = this.paramGroups[this.paramGroups.length - 1];
    for (const param of params) this.state.set(param, noSquares(param, settings));
  }

  protected override update(param: Tensor, settings: AdagradSettings): void {
    const { lr, lrDecay, eps } = settings;
    const before = this.state.get(param) ?? noSquares(param, settings);
    const g = descended(param, settings);
    const step = before.step.item() + 1;
    const sum = add(before.sum, mul(g, g));
    this.state.set(param, { step: full([], step), sum });
    addScaledInto(param, div(g, add(sqrt(sum), eps)), -lr / (1 + (step - 1) * lrDecay));
  }
}

/** Adagrad's state before the first step. */
const noSquares = (param: Tensor, { initialAccumulatorValue }: AdagradSettings) => ({
  step: full([], 0),
  sum: fullLike(param, initialAccumulatorValue),
});

/** What RMSprop may be told of each group. */
export interface RMSpropSettings extends AdaptiveSettings {
  /** How slowly the average of squared gradients forgets, ≥ 0. Default: 0.99. */
  alpha: number;
  /** How much of the last step is made again, ≥ 0. Default: 0. */
  momentum: number;
  /** Divides by the standard deviation of the gradients instead: their average is subtracted. Default: false. */
  centered: boolean;
}

/**
 * p ← p - lr · b. Mirrors `torch.optim.RMSprop` (Hinton's lecture 6, 2012; centered: Graves 2013,
 * https://arxiv.org/abs/1308.0850).
 *
 *   g = -g if maximize;  g ← g + weightDecay · p
 *   v ← α · v + (1 - α) · g²,  centered: m ← α · m + (1 - α) · g, and v - m² takes the place of v
 *   b ← momentum · b + g / (√v + eps)
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.RMSprop([x], { lr: 0.01 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x);
 */
export class RMSprop extends Optimizer<RMSpropSettings> {
  constructor(params: Params<RMSpropSettings>, options?: Partial<RMSpropSettings>) {
    const defaults = { lr: 1e-2, eps: 1e-8, momentum: 0, centered: false };
    super(params, readOptions(options, { ...defaults, weightDecay: 0, alpha: 0.99, maximize: false }));
  }

  protected override update(param: Tensor, settings: RMSpropSettings): void {
    const { lr, alpha, eps, momentum, centered } = settings;
    const before = this.state.get(param) ?? { step: full([], 0), square_avg: zerosLike(param) };
    const g = descended(param, settings);
    const v = add(mul(before.square_avg, alpha), mul(g, g), { alpha: 1 - alpha });
    const after: ParamState = { ...before, step: full([], before.step.item() + 1), square_avg: v };
    let spread = v;
    if (centered) {
      const m = add(mul(before.grad_avg ?? zerosLike(param), alpha), g, { alpha: 1 - alpha });
      after.grad_avg = m;
      spread = sub(v, mul(m, m));
    }
    let step = div(g, add(sqrt(spread), eps));
    if (momentum > 0) {
      step = add(mul(before.momentum_buffer ?? zerosLike(param), momentum), step);
      after.momentum_buffer = step;
    }
    this.state.set(param, after);
    addScaledInto(param, step, -lr);
  }
}

/** What Adam and AdamW may be told of each group. */
export interface AdamSettings extends AdaptiveSettings {
  /** How slowly the averages of the gradient and of its square forget, each in [0, 1). Default: [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Divides by the largest average of squares so far instead of the current one. Default: false. */
  amsgrad: boolean;
}

/** @throws with PyTorch's words for what is out of range */
export function checkBetas(settings: Omit<AdamSettings, "amsgrad" | "maximize">): void {
  checkNotNegative(settings, "lr", "eps");
  for (const [i, beta] of settings.betas.entries()) {
    check(beta >= 0 && beta < 1, () => `Invalid beta parameter at index ${i}: ${beta}`);
  }
  checkNotNegative(settings, "weightDecay");
}

const betas: AdamSettings["betas"] = [0.9, 0.999];
const adamDefaults = { lr: 1e-3, betas, eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

/**
 * p ← p - lr · m̂ / (√v̂ + eps), where m and v are running averages of the gradient g and of its square, and m̂ and v̂ those
 * without their start at 0, at step t. Mirrors `torch.optim.Adam` (Kingma & Ba 2014, https://arxiv.org/abs/1412.6980).
 *
 *   g = -g if maximize
 *   g ← g + weightDecay · p
 *   m ← β₁ · m + (1 - β₁) · g,   m̂ = m / (1 - β₁ᵗ)
 *   v ← β₂ · v + (1 - β₂) · g²,  v̂ = v / (1 - β₂ᵗ), with amsgrad of the largest v so far
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.Adam([x], { lr: 0.1 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x); // steps of one size, however large the gradient
 */
export class Adam extends Optimizer<AdamSettings> {
  constructor(params: Params<AdamSettings>, options?: Partial<AdamSettings>) {
    super(params, readOptions(options, adamDefaults));
  }

  protected override checkSettings(settings: AdamSettings): void {
    checkBetas(settings);
  }

  /** What the parameter is multiplied by first, and the pull towards 0 that is in the gradient. */
  protected decay({ weightDecay }: AdamSettings): { shrink: number; weightDecay: number } {
    return { shrink: 1, weightDecay };
  }

  protected override update(param: Tensor, settings: AdamSettings): void {
    const { lr, betas, eps, amsgrad, maximize } = settings;
    const [beta1, beta2] = betas;
    const before: ParamState = this.state.get(param) ?? { step: full([], 0) };
    const { exp_avg = zerosLike(param), exp_avg_sq = zerosLike(param) } = before;
    const t = before.step.item() + 1;
    const after: ParamState = { step: full([], t), exp_avg, exp_avg_sq };
    if (amsgrad) after.max_exp_avg_sq = before.max_exp_avg_sq ?? zerosLike(param);
    this.state.set(param, after);
    const [m, v] = [exp_avg.storage.operand, exp_avg_sq.storage.operand];
    const largest = after.max_exp_avg_sq?.storage.operand ?? null;
    const [stepSize, correction] = [lr / (1 - beta1 ** t), Math.sqrt(1 - beta2 ** t)];
    const step = { beta1, beta2, stepSize, correction, eps, maximize, ...this.decay(settings) };
    updateElements(param, (p, g) => updates.adam(p, g, { m, v, largest }, step));
  }
}

/**
 * Adam in which the pull towards 0 is apart from the gradient, so that the averages do not see it:
 * p ← (1 - lr · weightDecay) · p before the step. Mirrors `torch.optim.AdamW` (Loshchilov & Hutter 2017,
 * https://arxiv.org/abs/1711.05101).
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.AdamW([x], { lr: 0.1, weightDecay: 0.5 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x); // 3 · (1 - 0.1 · 0.5) - 0.1
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamSettings>, options?: Partial<AdamSettings>) {
    super(params, readOptions(options, { ...adamDefaults, weightDecay: 1e-2 }));
  }

  protected override decay({ lr, weightDecay }: AdamSettings) {
    return { shrink: 1 - lr * weightDecay, weightDecay: 0 };
  }
}
