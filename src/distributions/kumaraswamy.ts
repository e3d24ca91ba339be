/** Kumaraswamy's distribution, which is like the beta distribution and has a closed form. */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { fullLike } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, unitInterval } from "./constraints.ts";
import { broadcastAll, type DistributionOptions, EULER } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AffineTransform, PowerTransform } from "./transforms.ts";
import { Uniform } from "./uniform.ts";

/**
 * (1 - u^(1/b))^(1/a), u uniform, a = concentration1, b = concentration0. Mirrors `torch.distributions.Kumaraswamy`.
 * @example
 * const share = new distributions.Kumaraswamy(tensor([0.5, 2]), 3);
 * console.log(share.sample([2]), share.logProb(tensor(0.25)), share.mean);
 */
export class Kumaraswamy extends TransformedDistribution {
  /** a. */
  readonly concentration1: Tensor;
  /** b. */
  readonly concentration0: Tensor;

  constructor(concentration1: Operand, concentration0: Operand, options?: DistributionOptions) {
    const [a, b] = broadcastAll(concentration1, concentration0);
    const base = new Uniform(fullLike(b, 0), fullLike(b, 1), options);
    const rest = new AffineTransform(1, -1);
    super(base, [new PowerTransform(b.reciprocal()), rest, new PowerTransform(a.reciprocal())], options);
    this.concentration1 = a;
    this.concentration0 = b;
    this.checkParameters();
  }

  override get argConstraints() {
    return { concentration1: positive, concentration0: positive };
  }

  override get support() {
    return unitInterval;
  }

  /** The mean of xⁿ: b Γ(1 + n/a) Γ(b) / Γ(1 + n/a + b). */
  protected moment(n: number): Tensor {
    const b = this.concentration0;
    const power = this.concentration1.reciprocal().mul(n).add(1);
    return b.mul(power.lgamma().add(b.lgamma()).sub(power.add(b).lgamma()).exp());
  }

  override get mean(): Tensor {
    return this.moment(1);
  }

  /** NaN where a or b is below 1. */
  override get mode(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const logMode = b.reciprocal().mul(b.neg().log1p()).sub(b.neg().mul(a).log1p());
    return logMode.maskedFill(b.lt(1).logicalOr(a.lt(1)), Number.NaN).exp();
  }

  override get variance(): Tensor {
    return this.moment(2).sub(this.mean.square());
  }

  override entropy(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const harmonic = b.add(1).digamma().add(EULER);
    const parts = sub(1, b.reciprocal()).add(sub(1, a.reciprocal()).mul(harmonic));
    return parts.sub(a.log()).sub(b.log());
  }
}
