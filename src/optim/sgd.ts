/** Stochastic gradient descent. */
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { updates } from "../tensor/kernels/index.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkNotNegative, type DescentSettings, Optimizer, type Params, updateElements } from "./optimizer.ts";

/** What SGD may be told of each group. */
export interface SGDSettings extends DescentSettings {
  /** How much of the previous step goes into the next, ≥ 0. Default: 0. */
  momentum: number;
  /** How much less the gradient counts beside the momentum. Default: 0. */
  dampening: number;
  /** Looks one momentum step ahead. Default: false. */
  nesterov: boolean;
}

/**
 * p ← p - lr · d, where d comes from the gradient g in these steps. Mirrors `torch.optim.SGD`.
 *
 *   d = -g if maximize, else g
 *   d ← d + weightDecay · p
 *   v ← momentum · v + (1 - dampening) · d, and at the first step v ← d
 *   d ← d + momentum · v if nesterov, else v
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.SGD([x], { lr: 0.1, momentum: 0.9 });
 * for (let step = 0; step < 3; step++) {
 *   optimizer.zeroGrad();
 *   x.pow(2).sum().backward();
 *   optimizer.step();
 *   console.log(x.item().toFixed(4));
 * }
 */
export class SGD extends Optimizer<SGDSettings> {
  constructor(params: Params<SGDSettings>, options?: Partial<SGDSettings>) {
    const defaults = { lr: 1e-3, momentum: 0, dampening: 0, nesterov: false };
    super(params, readOptions(options, { ...defaults, weightDecay: 0, maximize: false }));
  }

  protected override checkSettings(settings: SGDSettings): void {
    checkNotNegative(settings, "lr", "momentum", "weightDecay");
    const { momentum, dampening, nesterov } = settings;
    const plain = () =>
      "Nesterov momentum requires a momentum and zero dampening, " +
      `but got momentum: ${momentum}, dampening: ${dampening}`;
    check(!nesterov || (momentum > 0 && dampening === 0), plain);
  }

  protected override update(param: Tensor, settings: SGDSettings): void {
    const { momentum, dampening } = settings;
    const before = this.state.get(param)?.momentum_buffer;
    const buffer = momentum === 0 ? null : (before ?? zerosLike(param));
    if (buffer) this.state.set(param, { momentum_buffer: buffer });
    const step = { ...settings, share: before ? 1 - dampening : 1 };
    updateElements(param, (p, g) => updates.descend(p, g, buffer?.storage.operand ?? null, step));
  }
}
