/** Adagrad: steps divided by all gradients that an element has had. */
import { add, div, mul, neg, sqrt } from "../autograd/ops/elementwise.ts";
import { addScaledInto } from "../tensor/apply.ts";
import { full, fullLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type Params } from "./optimizer.ts";

export interface AdagradSettings {
  /** The learning rate, ≥ 0. Default: 1e-2. */
  lr: number;
  /** How fast the learning rate falls: at step t it is lr / (1 + (t - 1) · lrDecay). ≥ 0. Default: 0. */
  lrDecay: number;
  /** How much the parameters are pulled towards 0, ≥ 0. Default: 0. */
  weightDecay: number;
  /** What the sums of squares begin with, ≥ 0. Default: 0. */
  initialAccumulatorValue: number;
  /** Added to the denominator, ≥ 0. Default: 1e-10. */
  eps: number;
  /** Ascends instead. Default: false. */
  maximize: boolean;
}

/**
 * p ← p - lr / (1 + (t - 1) · lrDecay) · g / (√Σg² + eps), with g ← g + weightDecay · p before, and -g if maximize.
 * Mirrors `torch.optim.Adagrad` (Duchi, Hazan & Singer 2011).
 */
export class Adagrad extends Optimizer<AdagradSettings> {
  constructor(params: Params<AdagradSettings>, settings: Partial<AdagradSettings> = {}) {
    const defaults = { lr: 1e-2, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10 };
    super(params, { ...defaults, maximize: false, ...settings });
  }

  /** Unlike other optimizers, it has a state for each parameter from the start. */
  override addParamGroup(group: Partial<AdagradSettings> & { params: Iterable<Tensor> }): void {
    super.addParamGroup(group);
    const { params, initialAccumulatorValue } = this.paramGroups[this.paramGroups.length - 1];
    for (const p of params) this.state.set(p, { step: full([], 0), sum: fullLike(p, initialAccumulatorValue) });
  }

  protected override checkSettings(settings: AdagradSettings): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps } = settings;
    if (!(lr >= 0)) throw new Error(`Invalid learning rate: ${lr}`);
    if (!(lrDecay >= 0)) throw new Error(`Invalid lr_decay value: ${lrDecay}`);
    if (!(weightDecay >= 0)) throw new Error(`Invalid weight_decay value: ${weightDecay}`);
    if (!(initialAccumulatorValue >= 0)) {
      throw new Error(`Invalid initial_accumulator_value value: ${initialAccumulatorValue}`);
    }
    if (!(eps >= 0)) throw new Error(`Invalid epsilon value: ${eps}`);
  }

  protected override update(param: Tensor, grad: Tensor, settings: AdagradSettings): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize } = settings;
    const before = this.state.get(param) ?? { step: full([], 0), sum: fullLike(param, initialAccumulatorValue) };
    const ascending = maximize ? neg(grad) : grad;
    const g = weightDecay === 0 ? ascending : add(ascending, param, { alpha: weightDecay });
    const step = before.step.item() + 1;
    const sum = add(before.sum, mul(g, g));
    this.state.set(param, { step: full([], step), sum });
    addScaledInto(param, div(g, add(sqrt(sum), eps)), -lr / (1 + (step - 1) * lrDecay));
  }
}
