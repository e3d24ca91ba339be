/** Rprop, which looks at the signs of gradients alone, and ASGD, which averages parameters. */

import { eq, gt, lt } from "../autograd/ops/compare.ts";
import { add, clamp, mul, sign, sub, where } from "../autograd/ops/elementwise.ts";
import { addScaledInto, copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full, fullLike, zerosLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkNotNegative, type DescentSettings, descended, Optimizer, type Params } from "./optimizer.ts";

/** What Rprop may be told of each group. */
export interface RpropSettings extends Omit<DescentSettings, "weightDecay"> {
  /** By what a step shrinks when the gradient's sign changes, and grows when it does not. Default: [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The smallest and the largest step. Default: [1e-6, 50]. */
  stepSizes: readonly [number, number];
}

/**
 * p ← p - sign(g) · s: each element has a step s of its own, which begins with lr, grows while the gradient g keeps its sign and
 * shrinks when that changes; then the element rests for a step. For whole batches. Mirrors `torch.optim.Rprop` (Riedmiller &
 * Braun 1993).
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.Rprop([x], { lr: 0.1 });
 * for (let step = 0; step < 3; step++) {
 *   optimizer.zeroGrad();
 *   x.pow(2).sum().backward();
 *   optimizer.step();
 * }
 * console.log(x); // 0.1 + 0.12 + 0.144 less
 */
export class Rprop extends Optimizer<RpropSettings> {
  constructor(params: Params<RpropSettings>, options?: Partial<RpropSettings>) {
    const [etas, stepSizes]: [RpropSettings["etas"], RpropSettings["stepSizes"]] = [[0.5, 1.2], [1e-6, 50]]; // biome-ignore format: two pairs
    super(params, readOptions(options, { lr: 1e-2, etas, stepSizes, maximize: false }));
  }

  protected override checkSettings({ lr, etas }: RpropSettings): void {
    checkNotNegative({ lr }, "lr");
    const [shrink, grow] = etas;
    check(0 < shrink && shrink < 1 && 1 < grow, () => `Invalid eta values: ${shrink}, ${grow}: one below 1, one above`);
  }

  protected override update(param: Tensor, settings: RpropSettings): void {
    const { lr, etas, stepSizes } = settings;
    const first = { step: full([], 0), prev: zerosLike(param), step_size: fullLike(param, lr) };
    const before = this.state.get(param) ?? first;
    const g = descended(param, { ...settings, weightDecay: 0 });
    const agreement = mul(g, before.prev);
    const factor = where(
      gt(agreement, 0),
      etas[1],
      where(lt(agreement, 0), etas[0], where(eq(agreement, 0), 1, agreement)),
    );
    const size = clamp(mul(before.step_size, factor), ...stepSizes);
    const prev = where(lt(agreement, 0), 0, g);
    this.state.set(param, { step: full([], before.step.item() + 1), prev, step_size: size });
    addScaledInto(param, mul(sign(prev), size), -1);
  }
}

/** What ASGD may be told of each group. */
export interface ASGDSettings extends DescentSettings {
  /** How much the parameters shrink a step, beside the learning rate. Default: 1e-4. */
  lambd: number;
  /** How fast the learning rate falls: it is lr / (1 + lambd · lr · t)^alpha. Default: 0.75. */
  alpha: number;
  /** The step from which on parameters are averaged. Default: 1e6. */
  t0: number;
}

/**
 * Gradient descent with a falling learning rate η, whose parameters are averaged from step t0 on: the average is `ax` in the state
 * dict. Mirrors `torch.optim.ASGD` (Polyak & Juditsky 1992).
 *
 *   p ← (1 - lambd · η) · p - η · g
 * @example
 * const x = tensor([3], { requiresGrad: true });
 * const optimizer = new optim.ASGD([x], { lr: 0.1, t0: 1 });
 * for (let step = 0; step < 3; step++) {
 *   optimizer.zeroGrad();
 *   x.pow(2).sum().backward();
 *   optimizer.step();
 * }
 * console.log(x, optimizer.stateDict().state[0].ax);
 */
export class ASGD extends Optimizer<ASGDSettings> {
  constructor(params: Params<ASGDSettings>, options?: Partial<ASGDSettings>) {
    const defaults = { lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false };
    super(params, readOptions(options, defaults));
  }

  protected override checkSettings(settings: ASGDSettings): void {
    checkNotNegative(settings, "lr", "weightDecay");
  }

  protected override update(param: Tensor, settings: ASGDSettings): void {
    const { lr, lambd, alpha, t0 } = settings;
    const first = { step: full([], 0), eta: full([], lr), mu: full([], 1), ax: zerosLike(param) };
    const before = this.state.get(param) ?? first;
    const g = descended(param, settings);
    const t = before.step.item() + 1;
    const eta = before.eta.item();
    copyInto(param, add(mul(param, 1 - lambd * eta), g, { alpha: -eta }));
    const mu = before.mu.item();
    const ax = mu === 1 ? add(zerosLike(param), param) : add(before.ax, mul(sub(param, before.ax), mu));
    const after = { eta: full([], lr / (1 + lambd * lr * t) ** alpha), mu: full([], 1 / Math.max(1, t - t0)) };
    this.state.set(param, { step: full([], t), ...after, ax });
  }
}
