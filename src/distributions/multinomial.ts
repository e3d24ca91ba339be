/** How often each class is drawn. */
import { sub } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { onesLike, tensor, zeros } from "../tensor/create.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Binomial } from "./binomial.ts";
import { OfClasses } from "./classes.ts";
import { multinomial } from "./constraints.ts";
import { broadcastAll, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";

/**
 * P(k₁ … k_K) = n! / Π kᵢ! · Π pᵢ^kᵢ, n = totalCount, p = probs. Mirrors `torch.distributions.Multinomial`.
 * @example
 * const votes = new distributions.Multinomial(10, tensor([0.6, 0.3, 0.1]));
 * console.log(votes.sample(), votes.logProb(tensor([5, 3, 2])), votes.mean);
 */
export class Multinomial extends OfClasses {
  /** How many are drawn. */
  readonly totalCount: Int;

  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(totalCount: Int, probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    check(typeof totalCount === "number", "inhomogeneous total_count is not supported", TypeError);
    super(givenOf(probs, options));
    this.totalCount = totalCount;
    this.checkParameters();
  }

  override get support() {
    return multinomial(this.totalCount);
  }

  override get mean(): Tensor {
    return this.probs.mul(this.totalCount);
  }

  override get variance(): Tensor {
    return this.mean.mul(sub(1, this.probs));
  }

  override sample(sampleShape: Shape = []): Tensor {
    const drawn = this.categorical.sample([this.totalCount, ...sampleShape]).movedim(0, -1);
    const counts = zeros(this.extendedShape(sampleShape), { dtype: "int32" });
    return counts.scatterAdd(-1, drawn, onesLike(drawn)).to(this.probs.dtype);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [logits, counts] = broadcastAll(this.logits, value);
    const impossible = counts.eq(0).logicalAnd(logits.eq(-Infinity)); // and not asked for
    const powers = logits.maskedFill(impossible, 0).mul(counts).sum(-1);
    const orders = counts.sum(-1).add(1).lgamma();
    return orders.sub(counts.add(1).lgamma().sum(-1)).add(powers);
  }

  override entropy(): Tensor {
    const { totalCount: n, probs } = this;
    const choices = this.categorical
      .entropy()
      .mul(n)
      .sub(tensor(n + 1).lgamma());
    const each = new Binomial(n, probs);
    const counts = each.enumerateSupport({ expand: false }).slice(0, 1);
    return choices.add(each.logProb(counts).exp().mul(counts.add(1).lgamma()).sum([0, -1]));
  }
}
