/** Pareto's distribution: few have much. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { greaterThanEq, positive } from "./constraints.ts";
import { Exponential } from "./exponential.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AffineTransform, ExpTransform } from "./transforms.ts";

/**
 * p(x) = alpha scale^alpha / x^(alpha + 1) for x ≥ scale. Mirrors `torch.distributions.Pareto`.
 * @example
 * const wealth = new distributions.Pareto(1, tensor([1, 3]));
 * console.log(wealth.sample([2]), wealth.logProb(tensor(2)), wealth.mean);
 */
export class Pareto extends TransformedDistribution {
  /** The least value. */
  readonly scale: Tensor;
  /** The larger, the fewer are large. */
  readonly alpha: Tensor;

  constructor(scale: Operand, alpha: Operand, options?: DistributionOptions) {
    const [least, power] = broadcastAll(scale, alpha);
    super(new Exponential(power, options), [new ExpTransform(), new AffineTransform(0, least)], options);
    this.scale = least;
    this.alpha = power;
    this.checkParameters();
  }

  override get argConstraints() {
    return { alpha: positive, scale: positive };
  }

  override get support() {
    return greaterThanEq(this.scale);
  }

  /** ∞ for alpha ≤ 1. */
  override get mean(): Tensor {
    const alpha = this.alpha.clamp(1);
    return alpha.mul(this.scale).div(alpha.sub(1));
  }

  override get mode(): Tensor {
    return this.scale;
  }

  /** ∞ for alpha ≤ 2. */
  override get variance(): Tensor {
    const alpha = this.alpha.clamp(2);
    return this.scale
      .square()
      .mul(alpha)
      .div(alpha.sub(1).square().mul(alpha.sub(2)));
  }

  override entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1));
  }
}
