/** The gamma distribution, and chi squared. */
import { mul, type Operand, sub } from "../autograd/ops/elementwise.ts";
import { xlogy } from "../autograd/ops/special.ts";
import { finfo } from "../tensor/limits.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, nonnegative, positive } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";
import { standardGamma } from "./random-gamma.ts";

/**
 * p(x) = rateᵃ xᵃ⁻¹ e^(-rate x) / Γ(a), a = concentration: the time until what comes `rate` times in a unit of time has come a
 * times. Mirrors `torch.distributions.Gamma`.
 * @example
 * const gamma = new distributions.Gamma(tensor([0.5, 3]), 1);
 * console.log(gamma.sample([2]), gamma.logProb(tensor(2)), gamma.entropy());
 */
export class Gamma extends ExponentialFamily {
  /** The shape. */
  readonly concentration: Tensor;
  /** One divided by the scale. */
  readonly rate: Tensor;

  constructor(concentration: Operand, rate: Operand, options?: DistributionOptions) {
    const [shape, inverseScale] = broadcastAll(concentration, rate);
    super(shape.shape, [], options);
    this.concentration = shape;
    this.rate = inverseScale;
    this.checkParameters();
  }

  override get argConstraints(): Readonly<Record<string, Constraint>> {
    return { concentration: positive, rate: positive };
  }

  override get support() {
    return nonnegative;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.concentration.div(this.rate);
  }

  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clamp(0);
  }

  override get variance(): Tensor {
    return this.concentration.div(this.rate.square());
  }

  /** A gamma number at rate 1, divided by the rate; above 0, which it may be too near to */
  override rsample(sampleShape: Shape = []): Tensor {
    const shape = this.extendedShape(sampleShape);
    const value = standardGamma(this.concentration.expand(shape)).div(this.rate.expand(shape));
    value.detach().clamp_(finfo(value.dtype).tiny);
    return value;
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { concentration, rate } = this;
    const powers = xlogy(concentration, rate).add(xlogy(concentration.sub(1), value));
    return powers.sub(rate.mul(value)).sub(concentration.lgamma());
  }

  override entropy(): Tensor {
    const { concentration, rate } = this;
    const shape = concentration.lgamma().add(mul(sub(1, concentration), concentration.digamma()));
    return concentration.sub(rate.log()).add(shape);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration.sub(1), this.rate.neg()];
  }

  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return x.add(1).lgamma().add(x.add(1).mul(y.reciprocal().neg().log()));
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }
}

/**
 * The sum of the squares of `df` standard normal numbers: Gamma(df / 2, ½). Mirrors `torch.distributions.Chi2`.
 * @example new distributions.Chi2(tensor([1, 5])).sample([2])
 */
export class Chi2 extends Gamma {
  /** Parameters broadcast. @param df degrees of freedom, above 0 */
  constructor(df: Operand, options?: DistributionOptions) {
    super(mul(df, 0.5), 0.5, options);
  }

  /** Degrees of freedom. */
  get df(): Tensor {
    return this.concentration.mul(2);
  }

  override get argConstraints(): Readonly<Record<string, Constraint>> {
    return { df: positive };
  }
}
