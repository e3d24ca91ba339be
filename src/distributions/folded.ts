/** The absolute value of a random variable around 0. Read next: half-normal.ts. */
import { where } from "../autograd/ops/elementwise.ts";
import { zerosLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Cauchy } from "./cauchy.ts";
import { nonnegative, positive } from "./constraints.ts";
import type { Normal } from "./normal.ts";
import type { DistributionOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AbsTransform } from "./transforms.ts";

/** |x| of an x that is as often above 0 as below: above 0 the density is twice that of x. */
export abstract class Folded<Base extends Normal | Cauchy> extends TransformedDistribution {
  declare readonly baseDist: Base;

  /** @param base the distribution of x, around 0 */
  protected constructor(base: Base, options?: DistributionOptions) {
    super(base, new AbsTransform(), options);
    this.checkParameters();
  }

  /** The scale of x. */
  get scale(): Tensor {
    return this.baseDist.scale;
  }

  override get argConstraints() {
    return { scale: positive };
  }

  override get support() {
    return nonnegative;
  }

  override get mode(): Tensor {
    return zerosLike(this.scale);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    return where(value.ge(0), this.baseDist.logProb(value).add(Math.LN2), -Infinity);
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    return this.baseDist.cdf(value).mul(2).sub(1);
  }

  override icdf(value: Tensor): Tensor {
    return this.baseDist.icdf(value.add(1).div(2));
  }

  override entropy(): Tensor {
    return this.baseDist.entropy().sub(Math.LN2);
  }
}
