/** Kin of Adam: Adamax, NAdam and RAdam, which size the steps otherwise. */
import { abs, add, div, maximum, mul, sqrt } from "../autograd/ops/elementwise.ts";
import { addScaledInto } from "../tensor/apply.ts";
import { full, zerosLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type AdamSettings, checkBetas } from "./adaptive.ts";
import { checkNotNegative, descended, Optimizer, type ParamState, type Params } from "./optimizer.ts";

/** What Adamax may be told of each group. */
export interface AdamaxSettings extends Omit<AdamSettings, "amsgrad"> {}
/** What RAdam may be told of each group. */
export interface RAdamSettings extends Omit<AdamaxSettings, "maximize"> {}

/** What NAdam may be told of each group. */
export interface NAdamSettings extends RAdamSettings {
  /** How fast the momentum reaches β₁, ≥ 0. Default: 4e-3. */
  momentumDecay: number;
}

const betas: AdamSettings["betas"] = [0.9, 0.999];
const common = { lr: 2e-3, betas, eps: 1e-8, weightDecay: 0 };

/** β · average + (1 - β) · x */
const moved = (average: Tensor, x: Tensor, beta: number): Tensor => add(mul(average, beta), x, { alpha: 1 - beta });

/** The averages of the gradient and of its square before the first step. */
const none = (param: Tensor): ParamState => ({
  step: full([], 0),
  exp_avg: zerosLike(param),
  exp_avg_sq: zerosLike(param),
});

/**
 * p ← p - lr / (1 - β₁ᵗ) · m / u, where m is a running average of the gradient g, and u the largest that |g| + eps was, which
 * shrinks by β₂ a step. Mirrors `torch.optim.Adamax` (Kingma & Ba 2014, section 7.1).
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.Adamax([x], { lr: 0.1 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x);
 */
export class Adamax extends Optimizer<AdamaxSettings> {
  constructor(params: Params<AdamaxSettings>, options?: Partial<AdamaxSettings>) {
    super(params, readOptions(options, { ...common, maximize: false }));
  }

  protected override checkSettings(settings: AdamaxSettings): void {
    checkBetas(settings);
  }

  protected override update(param: Tensor, settings: AdamaxSettings): void {
    const { lr, betas, eps } = settings;
    const [beta1, beta2] = betas;
    const first = { step: full([], 0), exp_avg: zerosLike(param), exp_inf: zerosLike(param) };
    const before = this.state.get(param) ?? first;
    const g = descended(param, settings);
    const t = before.step.item() + 1;
    const m = moved(before.exp_avg, g, beta1);
    const u = maximum(mul(before.exp_inf, beta2), add(abs(g), eps));
    this.state.set(param, { step: full([], t), exp_avg: m, exp_inf: u });
    addScaledInto(param, div(mul(m, -lr / (1 - beta1 ** t)), u), 1); // in PyTorch's order, which where x nearly vanishes decides the next step
  }
}

/**
 * Adam that looks ahead, as Nesterov's momentum does: the step has a share of the gradient g itself, beside that of its average.
 * Mirrors `torch.optim.NAdam` (Dozat 2016).
 *
 *   μₜ = β₁ · (1 - ½ · 0.96^(t · momentumDecay)), and Πμ their product up to t
 *   p ← p - lr · ((1 - μₜ) / (1 - Πμ) · g + μₜ₊₁ / (1 - Πμ · μₜ₊₁) · m) / (√v̂ + eps)
 *
 * As in PyTorch 1.13, whose product up to t + 1 has μₜ twice.
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.NAdam([x], { lr: 0.1 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x);
 */
export class NAdam extends Optimizer<NAdamSettings> {
  constructor(params: Params<NAdamSettings>, options?: Partial<NAdamSettings>) {
    super(params, readOptions(options, { ...common, momentumDecay: 4e-3 }));
  }

  protected override checkSettings(settings: NAdamSettings): void {
    checkBetas(settings);
    checkNotNegative(settings, "momentumDecay");
  }

  protected override update(param: Tensor, settings: NAdamSettings): void {
    const { lr, betas, eps, momentumDecay } = settings;
    const [beta1, beta2] = betas;
    const before = this.state.get(param) ?? { ...none(param), mu_product: full([], 1) };
    const g = descended(param, { ...settings, maximize: false });
    const t = before.step.item() + 1;
    const momentum = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
    const [mu, next] = [momentum(t), momentum(t + 1)];
    const product = mul(before.mu_product, mu);
    const productNext = mul(mul(product, mu), next).item();
    const m = moved(before.exp_avg, g, beta1);
    const v = moved(before.exp_avg_sq, mul(g, g), beta2);
    this.state.set(param, { step: full([], t), mu_product: product, exp_avg: m, exp_avg_sq: v });
    const spread = add(sqrt(div(v, 1 - beta2 ** t)), eps);
    addScaledInto(param, div(g, spread), (-lr * (1 - mu)) / (1 - product.item()));
    addScaledInto(param, div(m, spread), (-lr * next) / (1 - productNext));
  }
}

/**
 * Adam that takes steps of the averaged gradient alone as long as too few squares were averaged to tell their size, and warms up
 * by itself that way. Mirrors `torch.optim.RAdam` (Liu et al. 2019, https://arxiv.org/abs/1908.03265).
 *
 *   ρ∞ = 2 / (1 - β₂) - 1,  ρₜ = ρ∞ - 2t · β₂ᵗ / (1 - β₂ᵗ)
 *   p ← p - lr · m̂ · √((ρₜ - 4)(ρₜ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρₜ)) · √(1 - β₂ᵗ) / (√v + eps) if ρₜ > 5
 *   p ← p - lr · m̂ else
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.RAdam([x], { lr: 0.1 });
 * x.pow(2).sum().backward();
 * optimizer.step();
 * console.log(x); // the first steps are those of gradient descent
 */
export class RAdam extends Optimizer<RAdamSettings> {
  constructor(params: Params<RAdamSettings>, options?: Partial<RAdamSettings>) {
    super(params, readOptions(options, { ...common, lr: 1e-3 }));
  }

  protected override checkSettings(settings: RAdamSettings): void {
    checkBetas(settings);
  }

  protected override update(param: Tensor, settings: RAdamSettings): void {
    const { lr, betas, eps } = settings;
    const [beta1, beta2] = betas;
    const before = this.state.get(param) ?? none(param);
    const g = descended(param, { ...settings, maximize: false });
    const t = before.step.item() + 1;
    const m = moved(before.exp_avg, g, beta1);
    const v = moved(before.exp_avg_sq, mul(g, g), beta2);
    this.state.set(param, { step: full([], t), exp_avg: m, exp_avg_sq: v });
    const corrected = div(m, 1 - beta1 ** t);
    const limit = 2 / (1 - beta2) - 1;
    const length = limit - (2 * t * beta2 ** t) / (1 - beta2 ** t);
    if (length > 5) {
      const rectified = Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length));
      const scale = rectified * Math.sqrt(1 - beta2 ** t);
      addScaledInto(param, div(corrected, add(sqrt(v), eps)), -lr * scale);
    } else {
      addScaledInto(param, corrected, -lr);
    }
  }
}
