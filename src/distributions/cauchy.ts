/** Cauchy's distribution, which has no mean. */
import { full } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { LocationScale } from "./location-scale.ts";

/**
 * p(x) = 1 / (π scale (1 + ((x - loc) / scale)²)). Mirrors `torch.distributions.Cauchy`.
 * @example
 * const cauchy = new distributions.Cauchy(0, tensor([1, 2]));
 * console.log(cauchy.sample([3]), cauchy.logProb(tensor(1)), cauchy.icdf(tensor(0.75)));
 */
export class Cauchy extends LocationScale {
  /** NaN: averages of many samples are no steadier than one. */
  override get mean(): Tensor {
    return full(this.extendedShape([]), Number.NaN, { dtype: this.loc.dtype });
  }

  override get variance(): Tensor {
    return full(this.extendedShape([]), Infinity, { dtype: this.loc.dtype });
  }

  override rsample(sampleShape: Shape = []): Tensor {
    const noise = Tensor.empty(this.extendedShape(sampleShape), this.loc.dtype).cauchy_();
    return this.loc.add(noise.mul(this.scale));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const distance = value.sub(this.loc).div(this.scale);
    return this.scale.log().neg().sub(Math.log(Math.PI)).sub(distance.square().add(1).log());
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    return value.sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5);
  }

  override icdf(value: Tensor): Tensor {
    return value.sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc);
  }

  override entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}
