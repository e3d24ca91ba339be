/** Choices that are not quite made, through which gradients pass. */
import { mul, type Operand } from "../autograd/ops/elementwise.ts";
import { fullLike, rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Categorical } from "./categorical.ts";
import { realVector, simplex } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { broadcastAll, clampProbs, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { ExpTransform } from "./transforms.ts";

/**
 * The logarithms of RelaxedOneHotCategorical: log softmax of (logits + Gumbel's numbers) / temperature.
 * Mirrors `torch.distributions.relaxed_categorical.ExpRelaxedCategorical`.
 * @example new distributions.ExpRelaxedCategorical(tensor(0.5), tensor([0.2, 0.3, 0.5])).rsample()
 */
export class ExpRelaxedCategorical extends Distribution {
  /** The lower, the nearer to a choice samples are. */
  readonly temperature: Operand;
  protected readonly categorical: Categorical;

  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(temperature: Operand, probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    const categorical = new Categorical({ [name]: value });
    super(categorical.batchShape, categorical.paramShape.slice(-1), own);
    this.temperature = temperature;
    this.categorical = categorical;
    this.checkParameters();
  }

  /** The probabilities of the classes, with the sum 1. */
  get probs(): Tensor {
    return this.categorical.probs;
  }

  /** Their logarithms. */
  get logits(): Tensor {
    return this.categorical.logits;
  }

  override get argConstraints() {
    return { probs: simplex, logits: realVector };
  }

  override get support() {
    return realVector;
  }

  override get hasRsample(): boolean {
    return true;
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.categorical.paramShape;
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
export class RelaxedOneHotCategorical extends TransformedDistribution {
  declare readonly baseDist: ExpRelaxedCategorical;

  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(temperature: Operand, probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    super(new ExpRelaxedCategorical(temperature, { ...own, [name]: value }), new ExpTransform(), own);
    this.checkParameters();
  }

  /** The lower, the nearer to a choice samples are. */
  get temperature(): Operand {
    return this.baseDist.temperature;
  }

  /** The probabilities of the classes, with the sum 1. */
  get probs(): Tensor {
    return this.baseDist.probs;
  }

  /** Their logarithms. */
  get logits(): Tensor {
    return this.baseDist.logits;
  }

  override get argConstraints() {
    return { probs: simplex, logits: realVector };
  }

  override get support() {
    return simplex;
  }
}
