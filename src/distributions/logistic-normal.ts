/** Random probabilities made of normal numbers. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real, simplex } from "./constraints.ts";
import type { Independent } from "./independent.ts";
import { Normal } from "./normal.ts";
import type { DistributionOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { StickBreakingTransform } from "./vector-transforms.ts";

/**
 * n normal numbers as n + 1 probabilities, by breaking a stick. Mirrors `torch.distributions.LogisticNormal`.
 * @example new distributions.LogisticNormal(zeros(2), ones(2)).sample()
 */
export class LogisticNormal extends TransformedDistribution {
  declare readonly baseDist: Independent;

  constructor(loc: Operand, scale: Operand, options?: DistributionOptions) {
    const normal = new Normal(loc, scale, options);
    super(normal.batchShape.length > 0 ? normal : normal.expand([1]), new StickBreakingTransform(), options);
    this.checkParameters();
  }

  /** The means. */
  get loc(): Tensor {
    return (this.baseDist.baseDist as Normal).loc;
  }

  /** The standard deviations. */
  get scale(): Tensor {
    return (this.baseDist.baseDist as Normal).scale;
  }

  override get argConstraints() {
    return { loc: real, scale: positive };
  }

  override get support() {
    return simplex;
  }
}
