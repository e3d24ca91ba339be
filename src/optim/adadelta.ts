/** Adadelta, which needs no learning rate. */
import { add, div, mul, sqrt } from "../autograd/ops/elementwise.ts";
import { addScaledInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full, zerosLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkNotNegative, type DescentSettings, descended, Optimizer, type Params } from "./optimizer.ts";

/** What Adadelta may be told of each group. */
export interface AdadeltaSettings extends DescentSettings {
  /** How slowly the averages forget, in [0, 1]. Default: 0.9. */
  rho: number;
  /** Added under both roots, ≥ 0. Default: 1e-6. */
  eps: number;
}

/**
 * p ← p - lr · d: steps in the units of the parameters, as the sizes of past steps are divided by those of past gradients. lr is 1
 * unless said otherwise. Mirrors `torch.optim.Adadelta` (Zeiler 2012, https://arxiv.org/abs/1212.5701).
 *
 *   g = -g if maximize;  g ← g + weightDecay · p
 *   v ← ρ · v + (1 - ρ) · g²
 *   d = √(u + eps) / √(v + eps) · g
 *   u ← ρ · u + (1 - ρ) · d²
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.Adadelta([x]);
 * for (let step = 0; step < 3; step++) {
 *   optimizer.zeroGrad();
 *   x.pow(2).sum().backward();
 *   optimizer.step();
 *   console.log(x.item().toFixed(4));
 * }
 */
export class Adadelta extends Optimizer<AdadeltaSettings> {
  constructor(params: Params<AdadeltaSettings>, options?: Partial<AdadeltaSettings>) {
    super(params, readOptions(options, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }));
  }

  protected override checkSettings(settings: AdadeltaSettings): void {
    const { rho } = settings;
    checkNotNegative(settings, "lr");
    check(rho >= 0 && rho <= 1, () => `Invalid rho value: ${rho}: it must be in [0, 1]`);
    checkNotNegative(settings, "eps", "weightDecay");
  }

  protected override update(param: Tensor, settings: AdadeltaSettings): void {
    const { lr, rho, eps } = settings;
    const first = { step: full([], 0), square_avg: zerosLike(param), acc_delta: zerosLike(param) };
    const before = this.state.get(param) ?? first;
    const g = descended(param, settings);
    const moved = (average: Tensor, x: Tensor) => add(mul(average, rho), mul(x, x), { alpha: 1 - rho });
    const v = moved(before.square_avg, g);
    const d = mul(div(sqrt(add(before.acc_delta, eps)), sqrt(add(v, eps))), g);
    const step = full([], before.step.item() + 1);
    this.state.set(param, { step, square_avg: v, acc_delta: moved(before.acc_delta, d) });
    addScaledInto(param, d, -lr);
  }
}
