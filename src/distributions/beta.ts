/** The beta distribution: random shares. */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { stack } from "../autograd/ops/parts.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, unitInterval } from "./constraints.ts";
import { Dirichlet } from "./dirichlet.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * p(x) = Γ(a + b) / (Γ(a) Γ(b)) · xᵃ⁻¹ (1 - x)ᵇ⁻¹, a = concentration1, b = concentration0, for 0 ≤ x ≤ 1: Dirichlet's
 * distribution of two shares. Mirrors `torch.distributions.Beta`.
 * @example
 * const share = new distributions.Beta(tensor([0.5, 2]), 3);
 * console.log(share.sample([2]), share.logProb(tensor(0.25)), share.mean);
 */
export class Beta extends ExponentialFamily {
  /** The distribution of the share and the rest. */
  protected readonly dirichlet: Dirichlet;

  constructor(concentration1: Operand, concentration0: Operand, options?: DistributionOptions) {
    const dirichlet = new Dirichlet(stack(broadcastAll(concentration1, concentration0), -1), options);
    super(dirichlet.batchShape, [], options);
    this.dirichlet = dirichlet;
    this.checkParameters();
  }

  /** The power of x, plus 1. */
  get concentration1(): Tensor {
    return this.dirichlet.concentration.select(-1, 0);
  }

  /** The power of 1 - x, plus 1. */
  get concentration0(): Tensor {
    return this.dirichlet.concentration.select(-1, 1);
  }

  override get argConstraints() {
    return { concentration1: positive, concentration0: positive };
  }

  override get support() {
    return unitInterval;
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }

  override get mode(): Tensor {
    return this.dirichlet.mode.select(-1, 0);
  }

  override get variance(): Tensor {
    const total = this.concentration1.add(this.concentration0);
    return this.concentration1.mul(this.concentration0).div(total.square().mul(total.add(1)));
  }

  override rsample(sampleShape: Shape = []): Tensor {
    return this.dirichlet.rsample(sampleShape).select(-1, 0);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    return this.dirichlet.logProb(stack([value, sub(1, value)], -1));
  }

  override entropy(): Tensor {
    return this.dirichlet.entropy();
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration1, this.concentration0];
  }

  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return x.lgamma().add(y.lgamma()).sub(x.add(y).lgamma());
  }
}
