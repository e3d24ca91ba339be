/** How many successes come before so many failures. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { poisson } from "../autograd/random.ts";
import { tensor } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { greaterThanEq, halfOpenInterval, nonnegativeInteger, real } from "./constraints.ts";
import { Gamma } from "./gamma.ts";
import { broadcastAll, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { softplus } from "./transforms.ts";
import { Trials } from "./trials.ts";

const argConstraints = {
  totalCount: greaterThanEq(tensor(0, { dtype: "int32" })),
  probs: halfOpenInterval(0, 1),
  logits: real,
};

const logSigmoid = (x: Tensor): Tensor => softplus(x.neg()).neg();

/**
 * P(k) = Γ(r + k) / (k! Γ(r)) · (1 - p)ʳ pᵏ, r = totalCount, p = probs: the number of successes before r failures.
 * Mirrors `torch.distributions.NegativeBinomial`.
 * @example
 * const successes = new distributions.NegativeBinomial(5, tensor([0.2, 0.5]));
 * console.log(successes.sample([3]), successes.logProb(tensor(2)), successes.mean);
 */
export class NegativeBinomial extends Trials {
  /** The number of failures, which need not be whole. */
  readonly totalCount: Tensor;

  /** Takes one of the two. @param probs the probability of a success, below 1; or `{ logits }`, its log odds */
  constructor(totalCount: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const given = givenOf(probs, options);
    const [count, parameter] = broadcastAll(totalCount, given.value);
    super(given, parameter);
    this.totalCount = count.to(parameter.dtype);
    this.checkParameters();
  }

  override get argConstraints() {
    return argConstraints;
  }

  override get support() {
    return nonnegativeInteger;
  }

  override get mean(): Tensor {
    return this.totalCount.mul(this.logits.exp());
  }

  override get mode(): Tensor {
    return this.totalCount.sub(1).mul(this.logits.exp()).floor().clamp(0);
  }

  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid());
  }

  /** Numbers of Poisson's distribution, with rates of the gamma distribution: all rates are drawn first. */
  override sample(sampleShape: Shape = []): Tensor {
    const rates = new Gamma(this.totalCount.detach(), this.logits.detach().neg().exp(), { validateArgs: false });
    return poisson(rates.sample(sampleShape));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { totalCount, logits } = this;
    const powers = totalCount.mul(logSigmoid(logits.neg())).add(value.mul(logSigmoid(logits)));
    const trials = totalCount.add(value);
    const normalizer = trials.lgamma().neg().add(value.add(1).lgamma()).add(totalCount.lgamma());
    return powers.sub(normalizer.maskedFill(trials.eq(0), 0));
  }
}
