/** The absolute value of a number of Cauchy's distribution. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { full } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Cauchy } from "./cauchy.ts";
import { Folded } from "./folded.ts";
import type { DistributionOptions } from "./parameters.ts";

/**
 * |x| of a number x of Cauchy's distribution around 0: p(x) = 2 / (π scale (1 + (x / scale)²)) for x ≥ 0.
 * Mirrors `torch.distributions.HalfCauchy`.
 * @example
 * const distance = new distributions.HalfCauchy(tensor([1, 2]));
 * console.log(distance.sample([2]), distance.logProb(tensor(1)), distance.cdf(tensor(1)));
 */
export class HalfCauchy extends Folded<Cauchy> {
  constructor(scale: Operand, options?: DistributionOptions) {
    super(new Cauchy(0, scale, { validateArgs: false }), options);
  }

  override get mean(): Tensor {
    return full(this.extendedShape([]), Infinity, { dtype: this.scale.dtype });
  }

  override get variance(): Tensor {
    return this.baseDist.variance;
  }
}
