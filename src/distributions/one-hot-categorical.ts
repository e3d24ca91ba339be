/** One of several classes, as a vector with a 1 in its place. */
import { sub } from "../autograd/ops/elementwise.ts";
import { eye, zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { OfClasses } from "./classes.ts";
import { oneHot } from "./constraints.ts";
import type { EnumerateOptions } from "./distribution.ts";
import { type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";

/**
 * P(eₖ) = probs[k], eₖ being the k-th row of the unit matrix. Mirrors `torch.distributions.OneHotCategorical`.
 * @example
 * const weather = new distributions.OneHotCategorical(tensor([0.6, 0.3, 0.1]));
 * console.log(weather.sample([2]), weather.logProb(tensor([0, 1, 0])));
 */
export class OneHotCategorical extends OfClasses {
  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    super(givenOf(probs, options));
    this.checkParameters();
  }

  override get support() {
    return oneHot;
  }

  override get hasEnumerateSupport(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.probs;
  }

  override get mode(): Tensor {
    return oneHotOf(this.categorical.mode, this.paramShape, this.probs.dtype);
  }

  override get variance(): Tensor {
    return this.probs.mul(sub(1, this.probs));
  }

  override sample(sampleShape: Shape = []): Tensor {
    return oneHotOf(this.categorical.sample(sampleShape), this.extendedShape(sampleShape), this.probs.dtype);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    return this.categorical.logProb(value.argmax(-1));
  }

  override entropy(): Tensor {
    return this.categorical.entropy();
  }

  override enumerateSupport(options?: EnumerateOptions): Tensor {
    const [n] = this.eventShape;
    const values = eye(n, { dtype: this.probs.dtype }).view(n, ...this.batchShape.map(() => 1), n);
    return (options?.expand ?? true) ? values.expand(n, ...this.batchShape, n) : values;
  }
}

/**
 * The same, with gradients that go to the probabilities as if the sample were them (Bengio et al. 2013,
 * https://arxiv.org/abs/1308.3432). Mirrors `torch.distributions.OneHotCategoricalStraightThrough`.
 * @example
 * const logits = tensor([1, 2, 3], { requiresGrad: true });
 * const choice = new distributions.OneHotCategoricalStraightThrough({ logits }).rsample();
 * choice.mul(tensor([10, 20, 30])).sum().backward();
 * console.log(choice, logits.grad);
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  override get hasRsample(): boolean {
    return true;
  }

  override rsample(sampleShape: Shape = []): Tensor {
    return this.sample(sampleShape).add(this.probs.sub(this.probs.detach()));
  }
}

const oneHotOf = (index: Tensor, shape: Shape, dtype: DType): Tensor =>
  zeros(shape, { dtype }).scatter(-1, index.unsqueeze(-1), 1);
