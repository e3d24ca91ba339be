/** e to the power of a normal number. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { Normal } from "./normal.ts";
import type { DistributionOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { ExpTransform } from "./transforms.ts";

/**
 * eˣ of a normal number x with mean loc and standard deviation scale. Mirrors `torch.distributions.LogNormal`.
 * @example
 * const income = new distributions.LogNormal(0, tensor([0.5, 1]));
 * console.log(income.sample([2]), income.logProb(tensor(2)), income.mean);
 */
export class LogNormal extends TransformedDistribution {
  declare readonly baseDist: Normal;

  constructor(loc: Operand, scale: Operand, options?: DistributionOptions) {
    super(new Normal(loc, scale, options), new ExpTransform(), options);
    this.checkParameters();
  }

  /** The mean of the logarithm. */
  get loc(): Tensor {
    return this.baseDist.loc;
  }

  /** The standard deviation of the logarithm. */
  get scale(): Tensor {
    return this.baseDist.scale;
  }

  override get argConstraints() {
    return { loc: real, scale: positive };
  }

  override get support() {
    return positive;
  }

  override get mean(): Tensor {
    return this.loc.add(this.scale.square().div(2)).exp();
  }

  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }

  override get variance(): Tensor {
    const square = this.scale.square();
    return square.exp().sub(1).mul(this.loc.mul(2).add(square).exp());
  }

  override entropy(): Tensor {
    return this.baseDist.entropy().add(this.loc);
  }
}
