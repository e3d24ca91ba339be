/** Dirichlet's distribution: random probabilities. */
import { sub, where } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { independent, positive, simplex } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import type { DistributionOptions } from "./parameters.ts";
import { dirichlet } from "./random-gamma.ts";

const argConstraints = { concentration: independent(positive, 1) };

/**
 * p(x) = Γ(Σ a) / Π Γ(aᵢ) · Π xᵢ^(aᵢ - 1), a = concentration, for vectors x of probabilities with the sum 1.
 * Mirrors `torch.distributions.Dirichlet`.
 * @example
 * const shares = new distributions.Dirichlet(tensor([0.5, 2, 9]));
 * console.log(shares.sample(), shares.mean, shares.entropy());
 */
export class Dirichlet extends ExponentialFamily {
  /** (…, K): the larger, the more probable; the larger all of them, the nearer are samples to the mean. */
  readonly concentration: Tensor;

  /** Takes a vector, or a batch of them. @param concentration (…, K), above 0 */
  constructor(concentration: Tensor, options?: DistributionOptions) {
    check(concentration.ndim >= 1, "`concentration` parameter must be at least one-dimensional.");
    super(concentration.shape.slice(0, -1), concentration.shape.slice(-1), options);
    this.concentration = concentration;
    this.checkParameters();
  }

  override get argConstraints() {
    return argConstraints;
  }

  override get support() {
    return simplex;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.concentration.div(this.concentration.sum(-1, { keepdim: true }));
  }

  /** The corner of the largest concentration where all are below 1. */
  override get mode(): Tensor {
    const above = this.concentration.sub(1).clamp(0);
    const mode = above.div(above.sum(-1, { keepdim: true }));
    const isAtCorner = this.concentration.lt(1).all(-1).unsqueeze(-1);
    const corner = zerosLike(mode).scatter(-1, mode.argmax(-1).unsqueeze(-1), 1);
    return where(isAtCorner, corner, mode);
  }

  override get variance(): Tensor {
    const total = this.concentration.sum(-1, { keepdim: true });
    return this.concentration.mul(total.sub(this.concentration)).div(total.square().mul(total.add(1)));
  }

  /** Gamma numbers, each divided by their sum */
  override rsample(sampleShape: Shape = []): Tensor {
    return dirichlet(this.concentration.expand(this.extendedShape(sampleShape)));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { concentration } = this;
    const powers = value.log().mul(concentration.sub(1)).sum(-1);
    return powers.add(concentration.sum(-1).lgamma()).sub(concentration.lgamma().sum(-1));
  }

  override entropy(): Tensor {
    const { concentration } = this;
    const [k] = this.eventShape;
    const total = concentration.sum(-1);
    const normalizer = concentration.lgamma().sum(-1).sub(total.lgamma());
    const powers = concentration.sub(1).mul(concentration.digamma()).sum(-1);
    return normalizer.sub(sub(k, total).mul(total.digamma())).sub(powers);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration];
  }

  override logNormalizer(x: Tensor): Tensor {
    return x.lgamma().sum(-1).sub(x.sum(-1).lgamma());
  }
}
