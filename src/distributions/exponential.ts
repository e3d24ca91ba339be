/** The exponential distribution. */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { zerosLike } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { nonnegative, positive } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * p(x) = rate · e^(-rate · x) for x ≥ 0: the time until what comes rate times in a unit of time.
 * Mirrors `torch.distributions.Exponential`.
 * @example
 * const wait = new distributions.Exponential(tensor([0.5, 2]));
 * console.log(wait.sample([3]), wait.logProb(tensor(1)), wait.cdf(tensor(1)));
 */
export class Exponential extends ExponentialFamily {
  /** How often it comes in a unit of time. */
  readonly rate: Tensor;

  constructor(rate: Operand, options?: DistributionOptions) {
    const [parameter] = broadcastAll(rate);
    super(parameter.shape, [], options);
    this.rate = parameter;
    this.checkParameters();
  }

  override get argConstraints() {
    return { rate: positive };
  }

  override get support() {
    return nonnegative;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.rate.reciprocal();
  }

  override get mode(): Tensor {
    return zerosLike(this.rate);
  }

  override get stddev(): Tensor {
    return this.rate.reciprocal();
  }

  override get variance(): Tensor {
    return this.rate.pow(-2);
  }

  /** A time at rate 1, divided by the rate */
  override rsample(sampleShape: Shape = []): Tensor {
    return Tensor.empty(this.extendedShape(sampleShape), this.rate.dtype).exponential_().div(this.rate);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    return this.rate.log().sub(this.rate.mul(value));
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    return sub(1, this.rate.neg().mul(value).exp());
  }

  override icdf(value: Tensor): Tensor {
    return sub(1, value).log().neg().div(this.rate);
  }

  override entropy(): Tensor {
    return sub(1, this.rate.log());
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.rate.neg()];
  }

  override logNormalizer(x: Tensor): Tensor {
    return x.neg().log().neg();
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }
}
