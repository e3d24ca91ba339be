/** The absolute value of a number of Cauchy's distribution. */
import { type Operand, where } from "../autograd/ops/elementwise.ts";
import { full, zerosLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Cauchy } from "./cauchy.ts";
import { nonnegative, positive } from "./constraints.ts";
import type { DistributionOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AbsTransform } from "./transforms.ts";

/**
 * |x| of a number x of Cauchy's distribution around 0: p(x) = 2 / (π scale (1 + (x / scale)²)) for x ≥ 0.
 * Mirrors `torch.distributions.HalfCauchy`.
 * @example
 * const distance = new distributions.HalfCauchy(tensor([1, 2]));
 * console.log(distance.sample([2]), distance.logProb(tensor(1)), distance.cdf(tensor(1)));
 */
export class HalfCauchy extends TransformedDistribution {
  declare readonly baseDist: Cauchy;

  constructor(scale: Operand, options?: DistributionOptions) {
    super(new Cauchy(0, scale, { validateArgs: false }), new AbsTransform(), options);
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

  override get mean(): Tensor {
    return full(this.extendedShape([]), Infinity, { dtype: this.scale.dtype });
  }

  override get mode(): Tensor {
    return zerosLike(this.scale);
  }

  override get variance(): Tensor {
    return this.baseDist.variance;
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
