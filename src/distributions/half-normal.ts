/** The absolute value of a normal number. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Folded } from "./folded.ts";
import { Normal } from "./normal.ts";
import type { DistributionOptions } from "./parameters.ts";

/**
 * |x| of a number x of the normal distribution around 0: p(x) = √2 / (scale √π) · exp(-x² / 2 scale²) for x ≥ 0.
 * Mirrors `torch.distributions.HalfNormal`.
 * @example
 * const distance = new distributions.HalfNormal(tensor([1, 2]));
 * console.log(distance.sample([2]), distance.logProb(tensor(1)), distance.cdf(tensor(1)));
 */
export class HalfNormal extends Folded<Normal> {
  constructor(scale: Operand, options?: DistributionOptions) {
    super(new Normal(0, scale, { validateArgs: false }), options);
  }

  override get mean(): Tensor {
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }

  override get variance(): Tensor {
    return this.scale.square().mul(1 - 2 / Math.PI);
  }
}
