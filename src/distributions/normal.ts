/** The normal distribution. */
import { log, type Operand, sub } from "../autograd/ops/elementwise.ts";
import { normal } from "../autograd/random.ts";
import { randn } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * p(x) = exp(-(x - loc)² / 2 scale²) / (scale √2π). Mirrors `torch.distributions.Normal`.
 * @example
 * const normal = new distributions.Normal(tensor([0, 10]), 2);
 * console.log(normal, normal.sample([3]), normal.logProb(tensor(1)), normal.cdf(tensor(1)));
 */
export class Normal extends ExponentialFamily {
  /** The mean. */
  readonly loc: Tensor;
  /** The standard deviation. */
  readonly scale: Tensor;

  /** Parameters broadcast. @param loc the mean @param scale the standard deviation, above 0 */
  constructor(loc: Operand, scale: Operand, options?: DistributionOptions) {
    const [mean, deviation] = broadcastAll(loc, scale);
    super(mean.shape, [], options);
    this.loc = mean;
    this.scale = deviation;
    this.checkParameters();
  }

  override get argConstraints() {
    return { loc: real, scale: positive };
  }

  override get support() {
    return real;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.loc;
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get stddev(): Tensor {
    return this.scale;
  }

  override get variance(): Tensor {
    return this.scale.square();
  }

  override sample(sampleShape: Shape = []): Tensor {
    const shape = this.extendedShape(sampleShape);
    return normal(this.loc.detach().expand(shape), this.scale.detach().expand(shape));
  }

  /** loc + scale · ε, ε a standard normal number */
  override rsample(sampleShape: Shape = []): Tensor {
    const noise = randn(this.extendedShape(sampleShape), { dtype: this.loc.dtype });
    return this.loc.add(noise.mul(this.scale));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const distance = value.sub(this.loc).square().neg().div(this.variance.mul(2));
    return distance.sub(this.scale.log()).sub(Math.log(Math.sqrt(2 * Math.PI)));
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    return value.sub(this.loc).mul(this.scale.reciprocal()).div(Math.SQRT2).erf().add(1).mul(0.5);
  }

  override icdf(value: Tensor): Tensor {
    return this.loc.add(this.scale.mul(value.mul(2).sub(1).erfinv()).mul(Math.SQRT2));
  }

  override entropy(): Tensor {
    return this.scale.log().add(0.5 + 0.5 * Math.log(2 * Math.PI));
  }

  override get naturalParams(): readonly Tensor[] {
    const precision = this.scale.square().reciprocal();
    return [this.loc.mul(precision), precision.mul(-0.5)];
  }

  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return sub(log(y.reciprocal().mul(-Math.PI)).mul(0.5), x.square().div(y).mul(0.25));
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }
}
