/** Choices that are not quite made, through which gradients pass. */
import { mul, type Operand } from "../autograd/ops/elementwise.ts";
import { fullLike, rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { OfClasses } from "./classes.ts";
import { realVector, simplex } from "./constraints.ts";
import { broadcastAll, clampProbs, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { Relaxed } from "./relaxed.ts";
import { ExpTransform } from "./transforms.ts";

/**
 * The logarithms of RelaxedOneHotCategorical: log softmax of (logits + Gumbel's numbers) / temperature.
 * Mirrors `torch.distributions.relaxed_categorical.ExpRelaxedCategorical`.
 * @example new distributions.ExpRelaxedCategorical(tensor(0.5), tensor([0.2, 0.3, 0.5])).rsample()
 */
export class ExpRelaxedCategorical extends OfClasses {
  /** The lower, the nearer to a choice samples are. */
  readonly temperature: Operand;

  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(temperature: Operand, probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    super(givenOf(probs, options));
    this.temperature = temperature;
    this.checkParameters();
  }

  override get support() {
    return realVector;
  }

  override get hasRsample(): boolean {
    return true;
  }

  protected override get unbatched(): readonly string[] {
    return ["temperature"];
  }

  override rsample(sampleShape: Shape = []): Tensor {
    const u = clampProbs(rand(this.extendedShape(sampleShape), { dtype: this.logits.dtype }));
    const gumbels = u.log().neg().log().neg();
    const scores = this.logits.add(gumbels).div(this.temperature);
    return scores.sub(scores.logsumexp(-1, { keepdim: true }));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [k] = this.eventShape;
    const [temperature] = broadcastAll(this.temperature);
    const [logits, target] = broadcastAll(this.logits, value);
    const logScale = fullLike(temperature, k)
      .lgamma()
      .add(temperature.log().mul(k - 1));
    const score = logits.sub(mul(target, temperature));
    return score
      .sub(score.logsumexp(-1, { keepdim: true }))
      .sum(-1)
      .add(logScale);
  }
}

/**
 * Vectors of probabilities, the nearer to a one-hot vector the lower the temperature is (Jang et al. 2017, "Gumbel-softmax",
 * https://arxiv.org/abs/1611.01144). Mirrors `torch.distributions.RelaxedOneHotCategorical`.
 * @example
 * const logits = tensor([0.5, -1, 0], { requiresGrad: true });
 * const choice = new distributions.RelaxedOneHotCategorical(tensor(0.3), { logits }).rsample();
 * choice.select(-1, 0).backward();
 * console.log(choice, logits.grad);
 */
export class RelaxedOneHotCategorical extends Relaxed<ExpRelaxedCategorical> {
  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(temperature: Operand, probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    super(new ExpRelaxedCategorical(temperature, { ...own, [name]: value }), new ExpTransform(), own);
    this.checkParameters();
  }

  override get argConstraints() {
    return { probs: simplex, logits: realVector };
  }

  override get support() {
    return simplex;
  }
}
