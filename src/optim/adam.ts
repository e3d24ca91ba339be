/** Adam and AdamW: steps that are sized for each element by how large its gradients have been. */
import { add, div, maximum, mul, neg, sqrt } from "../autograd/ops/elementwise.ts";
import { addScaledInto, copyInto } from "../tensor/apply.ts";
import { full, zerosLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type Params } from "./optimizer.ts";

export interface AdamSettings {
  /** The learning rate, ≥ 0. Default: 1e-3. */
  lr: number;
  /** How slowly the averages of the gradient and of its square forget, each in [0, 1). Default: [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator, ≥ 0: how small a gradient still counts. Default: 1e-8. */
  eps: number;
  /** How much the parameters are pulled towards 0, ≥ 0. Default: 0, of AdamW 1e-2. */
  weightDecay: number;
  /** Divides by the largest average of squares so far instead of the current one. Default: false. */
  amsgrad: boolean;
  /** Ascends instead. Default: false. */
  maximize: boolean;
}

/**
 * p ← p - lr · m̂ / (√v̂ + eps), where m and v are running averages of the gradient g and of its square, and m̂ and v̂ those
 * without their start at 0, at step t. Mirrors `torch.optim.Adam` (Kingma & Ba 2014, https://arxiv.org/abs/1412.6980).
 *
 *   g = -g if maximize
 *   g ← g + weightDecay · p
 *   m ← β₁ · m + (1 - β₁) · g,   m̂ = m / (1 - β₁ᵗ)
 *   v ← β₂ · v + (1 - β₂) · g²,  v̂ = v / (1 - β₂ᵗ), with amsgrad of the largest v so far
 */
export class Adam extends Optimizer<AdamSettings> {
  constructor(params: Params<AdamSettings>, settings: Partial<AdamSettings> = {}) {
    super(params, {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      maximize: false,
      ...settings,
    });
  }

  protected override checkSettings({ lr, betas, eps, weightDecay }: AdamSettings): void {
    if (!(lr >= 0)) throw new Error(`Invalid learning rate: ${lr}`);
    if (!(eps >= 0)) throw new Error(`Invalid epsilon value: ${eps}`);
    for (const [i, beta] of betas.entries()) {
      if (!(beta >= 0 && beta < 1)) throw new Error(`Invalid beta parameter at index ${i}: ${beta}`);
    }
    if (!(weightDecay >= 0)) throw new Error(`Invalid weight_decay value: ${weightDecay}`);
  }

  /** The gradient with the pull towards 0 in it. */
  protected decayed(param: Tensor, g: Tensor, { weightDecay }: AdamSettings): Tensor {
    return weightDecay === 0 ? g : add(g, param, { alpha: weightDecay });
  }

  protected override update(param: Tensor, grad: Tensor, settings: AdamSettings): void {
    const { lr, betas, eps, amsgrad, maximize } = settings;
    const [beta1, beta2] = betas;
    const before = this.state.get(param) ?? {
      step: full([], 0),
      exp_avg: zerosLike(param),
      exp_avg_sq: zerosLike(param),
    };
    const g = this.decayed(param, maximize ? neg(grad) : grad, settings);
    const step = before.step.item() + 1;
    const m = add(mul(before.exp_avg, beta1), g, { alpha: 1 - beta1 });
    const v = add(mul(before.exp_avg_sq, beta2), mul(g, g), { alpha: 1 - beta2 });
    const largest = amsgrad ? maximum(before.max_exp_avg_sq ?? v, v) : v;
    this.state.set(param, {
      step: full([], step),
      exp_avg: m,
      exp_avg_sq: v,
      ...(amsgrad ? { max_exp_avg_sq: largest } : {}),
    });
    const root = div(sqrt(largest), Math.sqrt(1 - beta2 ** step));
    addScaledInto(param, div(m, add(root, eps)), -lr / (1 - beta1 ** step));
  }
}

/**
 * Adam in which the pull towards 0 is apart from the gradient, so that the averages do not see it:
 * p ← (1 - lr · weightDecay) · p before the step. Mirrors `torch.optim.AdamW` (Loshchilov & Hutter 2017,
 * https://arxiv.org/abs/1711.05101).
 */
export class AdamW extends Adam {
  constructor(params: Params<AdamSettings>, settings: Partial<AdamSettings> = {}) {
    super(params, { weightDecay: 1e-2, ...settings });
  }

  protected override decayed(param: Tensor, g: Tensor, { lr, weightDecay }: AdamSettings): Tensor {
    copyInto(param, mul(param, 1 - lr * weightDecay));
    return g;
  }
}
