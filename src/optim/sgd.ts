/** Stochastic gradient descent. */
import { add, mul, neg } from "../autograd/ops/elementwise.ts";
import { addScaledInto, copyOf } from "../tensor/apply.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type Params } from "./optimizer.ts";

export interface SGDSettings {
  /** The learning rate, ≥ 0. Default: 1e-3. */
  lr: number;
  /** How much of the previous step goes into the next, ≥ 0. Default: 0. */
  momentum: number;
  /** How much less the gradient counts beside the momentum. Default: 0. */
  dampening: number;
  /** Adds weightDecay · p to the gradient, ≥ 0. Default: 0. */
  weightDecay: number;
  /** Looks one momentum step ahead. Default: false. */
  nesterov: boolean;
  /** Ascends instead. Default: false. */
  maximize: boolean;
}

/**
 * p ← p - lr · d, where d comes from the gradient g in these steps. Mirrors `torch.optim.SGD`.
 *
 *   d = -g if maximize, else g
 *   d ← d + weightDecay · p
 *   v ← momentum · v + (1 - dampening) · d, and at the first step v ← d
 *   d ← d + momentum · v if nesterov, else v
 */
export class SGD extends Optimizer<SGDSettings> {
  constructor(params: Params<SGDSettings>, settings: Partial<SGDSettings> = {}) {
    super(params, {
      lr: 1e-3,
      momentum: 0,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
      maximize: false,
      ...settings,
    });
  }

  protected override checkSettings({ lr, momentum, dampening, weightDecay, nesterov }: SGDSettings): void {
    if (!(lr >= 0)) throw new Error(`Invalid learning rate: ${lr}`);
    if (!(momentum >= 0)) throw new Error(`Invalid momentum value: ${momentum}`);
    if (!(weightDecay >= 0)) throw new Error(`Invalid weight_decay value: ${weightDecay}`);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new Error("Nesterov momentum requires a momentum and zero dampening");
    }
  }

  protected override update(param: Tensor, grad: Tensor, settings: SGDSettings): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = settings;
    let d = maximize ? neg(grad) : grad;
    if (weightDecay !== 0) d = add(d, param, { alpha: weightDecay });
    if (momentum !== 0) {
      const v = this.state.get(param)?.momentum_buffer;
      const next = v ? add(mul(v, momentum), d, { alpha: 1 - dampening }) : copyOf(d);
      this.state.set(param, { momentum_buffer: next });
      d = nesterov ? add(d, next, { alpha: momentum }) : next;
    }
    addScaledInto(param, d, -lr);
  }
}
