/** RMSprop: steps divided by how large an element's gradients have lately been. */
import { add, div, mul, neg, sqrt, sub } from "../autograd/ops/elementwise.ts";
import { addScaledInto } from "../tensor/apply.ts";
import { full, zerosLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParamState, type Params } from "./optimizer.ts";

export interface RMSpropSettings {
  /** The learning rate, ≥ 0. Default: 1e-2. */
  lr: number;
  /** How slowly the average of squared gradients forgets, ≥ 0. Default: 0.99. */
  alpha: number;
  /** Added to the denominator, ≥ 0. Default: 1e-8. */
  eps: number;
  /** How much the parameters are pulled towards 0, ≥ 0. Default: 0. */
  weightDecay: number;
  /** How much of the last step is made again, ≥ 0. Default: 0. */
  momentum: number;
  /** Divides by the standard deviation of the gradients instead: their average is subtracted. Default: false. */
  centered: boolean;
  /** Ascends instead. Default: false. */
  maximize: boolean;
}

/**
 * p ← p - lr · b. Mirrors `torch.optim.RMSprop` (Hinton's lecture 6, 2012; centered: Graves 2013,
 * https://arxiv.org/abs/1308.0850).
 *
 *   g = -g if maximize;  g ← g + weightDecay · p
 *   v ← α · v + (1 - α) · g²,  centered: m ← α · m + (1 - α) · g, and v - m² takes the place of v
 *   b ← momentum · b + g / (√v + eps)
 */
export class RMSprop extends Optimizer<RMSpropSettings> {
  constructor(params: Params<RMSpropSettings>, settings: Partial<RMSpropSettings> = {}) {
    const defaults = { lr: 1e-2, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0 };
    super(params, { ...defaults, centered: false, maximize: false, ...settings });
  }

  protected override checkSettings({ lr, alpha, eps, weightDecay, momentum }: RMSpropSettings): void {
    if (!(lr >= 0)) throw new Error(`Invalid learning rate: ${lr}`);
    if (!(eps >= 0)) throw new Error(`Invalid epsilon value: ${eps}`);
    if (!(momentum >= 0)) throw new Error(`Invalid momentum value: ${momentum}`);
    if (!(weightDecay >= 0)) throw new Error(`Invalid weight_decay value: ${weightDecay}`);
    if (!(alpha >= 0)) throw new Error(`Invalid alpha value: ${alpha}`);
  }

  protected override update(param: Tensor, grad: Tensor, settings: RMSpropSettings): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = settings;
    const before = this.state.get(param) ?? { step: full([], 0), square_avg: zerosLike(param) };
    const ascending = maximize ? neg(grad) : grad;
    const g = weightDecay === 0 ? ascending : add(ascending, param, { alpha: weightDecay });
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
