/** Weibull's distribution: times until something breaks. */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { onesLike } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive } from "./constraints.ts";
import { Exponential } from "./exponential.ts";
import { broadcastAll, type DistributionOptions, EULER } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AffineTransform, PowerTransform } from "./transforms.ts";

/** An exponential time to the power of 1 / concentration, times the scale. */
const transformsOf = (scale: Tensor, concentration: Tensor) => [
  new PowerTransform(concentration.reciprocal()),
  new AffineTransform(0, scale),
];

/**
 * scale · t^(1 / concentration), t an exponential time: with a concentration above 1, what is older breaks sooner.
 * Mirrors `torch.distributions.Weibull`.
 * @example
 * const life = new distributions.Weibull(1, tensor([0.5, 2]));
 * console.log(life.sample([2]), life.logProb(tensor(1)), life.mean);
 */
export class Weibull extends TransformedDistribution {
  /** The factor of times. */
  readonly scale: Tensor;
  /** The shape. */
  readonly concentration: Tensor;

  constructor(scale: Operand, concentration: Operand, options?: DistributionOptions) {
    const [factor, shape] = broadcastAll(scale, concentration);
    super(new Exponential(onesLike(factor), options), transformsOf(factor, shape), options);
    this.scale = factor;
    this.concentration = shape;
    this.checkParameters();
  }

  override get argConstraints() {
    return { scale: positive, concentration: positive };
  }

  override get support() {
    return positive;
  }

  protected override expandedFields(batchShape: Shape): Record<string, unknown> {
    const [scale, concentration] = [this.scale.expand(batchShape), this.concentration.expand(batchShape)];
    return {
      scale,
      concentration,
      baseDist: this.baseDist.expand(batchShape),
      transforms: transformsOf(scale, concentration),
    };
  }

  /** The mean of t^(power / concentration). */
  protected moment(power: number): Tensor {
    return this.concentration.reciprocal().mul(power).add(1).lgamma();
  }

  override get mean(): Tensor {
    return this.scale.mul(this.moment(1).exp());
  }

  override get mode(): Tensor {
    const { concentration } = this;
    return this.scale.mul(concentration.sub(1).div(concentration).pow(concentration.reciprocal()));
  }

  override get variance(): Tensor {
    return this.scale.square().mul(this.moment(2).exp().sub(this.moment(1).mul(2).exp()));
  }

  override entropy(): Tensor {
    const power = this.concentration.reciprocal();
    return sub(1, power).mul(EULER).add(this.scale.mul(power).log()).add(1);
  }
}
