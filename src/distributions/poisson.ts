/** Poisson's distribution. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { poisson } from "../autograd/random.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { nonnegative, nonnegativeInteger } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * P(k) = rateᵏ e^(-rate) / k!: how many events come in a unit of time in which `rate` come on average.
 * Mirrors `torch.distributions.Poisson`.
 * @example
 * const calls = new distributions.Poisson(tensor([0.5, 4]));
 * console.log(calls.sample([3]), calls.logProb(tensor(2)));
 */
export class Poisson extends ExponentialFamily {
  /** The mean. */
  readonly rate: Tensor;

  constructor(rate: Operand, options?: DistributionOptions) {
    const [parameter] = broadcastAll(rate);
    super(parameter.shape, [], options);
    this.rate = parameter;
    this.checkParameters();
  }

  override get argConstraints() {
    return { rate: nonnegative };
  }

  override get support() {
    return nonnegativeInteger;
  }

  override get mean(): Tensor {
    return this.rate;
  }

  override get mode(): Tensor {
    return this.rate.floor();
  }

  override get variance(): Tensor {
    return this.rate;
  }

  override sample(sampleShape: Shape = []): Tensor {
    return poisson(this.rate.detach().expand(this.extendedShape(sampleShape)));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [rate, count] = broadcastAll(this.rate, value);
    return count.xlogy(rate).sub(rate).sub(count.add(1).lgamma());
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.rate.log()];
  }

  override logNormalizer(x: Tensor): Tensor {
    return x.exp();
  }
}
