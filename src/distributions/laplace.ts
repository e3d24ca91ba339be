/** Laplace's distribution. */
import { sub } from "../autograd/ops/elementwise.ts";
import { finfo } from "../tensor/limits.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { LocationScale } from "./location-scale.ts";

/**
 * p(x) = exp(-|x - loc| / scale) / (2 scale). Mirrors `torch.distributions.Laplace`.
 * @example
 * const laplace = new distributions.Laplace(0, tensor([1, 2]));
 * console.log(laplace.sample([3]), laplace.logProb(tensor(1)), laplace.cdf(tensor(1)));
 */
export class Laplace extends LocationScale {
  override get mean(): Tensor {
    return this.loc;
  }

  override get variance(): Tensor {
    return this.scale.square().mul(2);
  }

  override get stddev(): Tensor {
    return this.scale.mul(Math.SQRT2);
  }

  /** loc - scale · sign u · log (1 - |u|), u uniform on (-1, 1) */
  override rsample(sampleShape: Shape = []): Tensor {
    const { dtype } = this.loc;
    const u = Tensor.empty(this.extendedShape(sampleShape), dtype).uniform_(finfo(dtype).eps - 1, 1);
    return this.loc.sub(this.scale.mul(u.sign()).mul(u.abs().neg().log1p()));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    return this.scale.mul(2).log().neg().sub(value.sub(this.loc).abs().div(this.scale));
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    const distance = value.sub(this.loc);
    return sub(0.5, distance.sign().mul(0.5).mul(distance.abs().neg().div(this.scale).expm1()));
  }

  override icdf(value: Tensor): Tensor {
    const term = value.sub(0.5);
    return this.loc.sub(this.scale.mul(term.sign()).mul(term.abs().mul(-2).log1p()));
  }

  override entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }
}
