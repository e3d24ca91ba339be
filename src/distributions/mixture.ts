/** One of several distributions of a kind, chosen at random. */
import { noGrad } from "../autograd/grad-mode.ts";
import { check } from "../tensor/check.ts";
import { formatShape, numelOf, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Categorical } from "./categorical.ts";
import type { Constraint } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import type { DistributionOptions } from "./parameters.ts";

/**
 * p(x) = Σₖ P(k) pₖ(x): P is the mixture, pₖ are the distributions along the last dimension of the components' batch.
 * Mirrors `torch.distributions.MixtureSameFamily`.
 * @example
 * const { Categorical, MixtureSameFamily, Normal } = distributions;
 * const heights = new MixtureSameFamily(new Categorical(tensor([0.4, 0.6])), new Normal(tensor([165, 178]), tensor([6, 7])));
 * console.log(heights, heights.sample([3]), heights.logProb(tensor(170)), heights.mean);
 */
export class MixtureSameFamily extends Distribution {
  /** How probable each component is. */
  readonly mixtureDistribution: Categorical;
  /** The components, along the last dimension of the batch. */
  readonly componentDistribution: Distribution;

  constructor(mixtureDistribution: Categorical, componentDistribution: Distribution, options?: DistributionOptions) {
    const notMixture = " The Mixture distribution needs to be an  instance of torch.distribtutions.Categorical";
    check(mixtureDistribution instanceof Categorical, notMixture, TypeError);
    const notComponent = "The Component distribution need to be an instance of torch.distributions.Distribution";
    check(componentDistribution instanceof Distribution, notComponent, TypeError);
    const ofMixture = mixtureDistribution.batchShape;
    const batchShape = componentDistribution.batchShape.slice(0, -1);
    const differs = () =>
      `\`mixture_distribution.batch_shape\` (torch.Size(${formatShape(ofMixture)})) is not compatible with ` +
      `\`component_distribution.batch_shape\`(torch.Size(${formatShape(batchShape)}))`;
    check(areCompatible(ofMixture, batchShape), differs);
    const [chosen] = mixtureDistribution.logits.shape.slice(-1);
    const [offered] = componentDistribution.batchShape.slice(-1);
    const otherCount = () =>
      `\`mixture_distribution component\` (${chosen}) does not equal \`component_distribution.batch_shape[-1]\` (${offered})`;
    check(chosen === offered, otherCount);
    super(batchShape, componentDistribution.eventShape, options);
    this.mixtureDistribution = mixtureDistribution;
    this.componentDistribution = componentDistribution;
  }

  override get argConstraints(): Readonly<Record<string, Constraint>> {
    return {};
  }

  override get support(): Constraint {
    return this.componentDistribution.support;
  }

  /** Where the components are in a tensor of batches of them. */
  protected get dim(): number {
    return -1 - this.eventShape.length;
  }

  /** Probabilities that broadcast with what a component tells of an event. */
  protected get weights(): Tensor {
    const { probs, batchShape } = this.mixtureDistribution;
    const more = numelOf(batchShape) === 1 ? 0 : numelOf(this.batchShape) - numelOf(batchShape);
    const inner = probs.shape.slice(0, -1);
    return probs.reshape(...inner, ...Array(more).fill(1), ...probs.shape.slice(-1), ...this.eventShape.map(() => 1));
  }

  override get mean(): Tensor {
    return this.weights.mul(this.componentDistribution.mean).sum(this.dim);
  }

  /** The mean of the variances, and the variance of the means. */
  override get variance(): Tensor {
    const { weights, dim } = this;
    const { mean, variance } = this.componentDistribution;
    const within = weights.mul(variance).sum(dim);
    const between = weights.mul(mean.sub(this.mean.unsqueeze(dim)).square()).sum(dim);
    return within.add(between);
  }

  override cdf(value: Tensor): Tensor {
    return this.componentDistribution.cdf(value.unsqueeze(this.dim)).mul(this.mixtureDistribution.probs).sum(-1);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const ofComponents = this.componentDistribution.logProb(value.unsqueeze(this.dim));
    return ofComponents.add(this.mixtureDistribution.logits.logSoftmax(-1)).logsumexp(-1);
  }

  /** The choices are drawn first, then samples of all components, of which one is taken. */
  override sample(sampleShape: Shape = []): Tensor {
    return noGrad(() => {
      const dim = sampleShape.length + this.batchShape.length;
      const chosen = this.mixtureDistribution.sample(sampleShape);
      const offered = this.componentDistribution.sample(sampleShape);
      const index = chosen.reshape(...chosen.shape, 1, ...this.eventShape.map(() => 1));
      return offered.gather(dim, index.repeat(...chosen.shape.map(() => 1), 1, ...this.eventShape)).squeeze(dim);
    });
  }

  override toString(): string {
    return `MixtureSameFamily(\n  ${this.mixtureDistribution},\n  ${this.componentDistribution})`;
  }
}

/** Whether sizes at the end are equal, or 1. */
const areCompatible = (a: Shape, b: Shape): boolean =>
  a.every((size, d) => {
    const other = b[d - a.length + b.length] ?? 1;
    return size === other || size === 1 || other === 1;
  });
