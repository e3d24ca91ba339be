/** One of several classes. */

import { multinomial } from "../autograd/random.ts";
import { check } from "../tensor/check.ts";
import { arange, full } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import { broadcastShapes, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { integerInterval, realVector, simplex } from "./constraints.ts";
import { Distribution, type EnumerateOptions } from "./distribution.ts";
import {
  clampProbs,
  type DistributionOptions,
  define,
  givenOf,
  lazily,
  type ProbabilityOptions,
} from "./parameters.ts";

/**
 * P(k) = probs[k]: a class 0 … K - 1, int32. Mirrors `torch.distributions.Categorical`.
 * @example
 * const weather = new distributions.Categorical(tensor([0.6, 0.3, 0.1]));
 * console.log(weather.sample([5]), weather.logProb(tensor([0, 2])), weather.entropy());
 * console.log(new distributions.Categorical({ logits: tensor([2, 1, 0]) }).probs);
 */
export class Categorical extends Distribution {
  /** Takes one of the two. @param probs (…, K) in proportion to the probabilities; or `{ logits }`, their logarithms */
  constructor(probs: Tensor | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    const isVector = value instanceof Tensor && value.ndim >= 1;
    check(isVector, () => `\`${name}\` parameter must be at least one-dimensional.`);
    super(value.shape.slice(0, -1), [], own);
    const total = name === "probs" ? value.sum(-1, { keepdim: true }) : value.logsumexp(-1, { keepdim: true });
    define(this, { [name]: name === "probs" ? value.div(total) : value.sub(total) });
    this.checkParameters();
  }

  /** The probabilities of the classes, with the sum 1. */
  get probs(): Tensor {
    return lazily(this, "probs", () => this.logits.softmax(-1));
  }

  /** Their logarithms. */
  get logits(): Tensor {
    return lazily(this, "logits", () => clampProbs(this.probs).log());
  }

  protected override get derived(): readonly string[] {
    return ["probs", "logits"];
  }

  override get argConstraints() {
    return { probs: simplex, logits: realVector };
  }

  override get support() {
    return integerInterval(0, this.classes - 1);
  }

  override get hasEnumerateSupport(): boolean {
    return true;
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return [...this.batchShape, this.classes];
  }

  protected get classes(): number {
    const { shape } = Object.hasOwn(this, "probs") ? this.probs : this.logits;
    return shape[shape.length - 1];
  }

  /** NaN: classes are no numbers. */
  override get mean(): Tensor {
    return full(this.extendedShape([]), Number.NaN, { dtype: this.probs.dtype });
  }

  override get mode(): Tensor {
    return this.probs.argmax(-1);
  }

  /** NaN. */
  override get variance(): Tensor {
    return full(this.extendedShape([]), Number.NaN, { dtype: this.probs.dtype });
  }

  /** All samples of the first distribution of the batch are drawn first. */
  override sample(sampleShape: Shape = []): Tensor {
    const rows = this.probs.detach().reshape(-1, this.classes);
    const count = sampleShape.reduce((product, size) => product * size, 1);
    const drawn = multinomial(rows, count, { replacement: true });
    return drawn.t().reshape(this.extendedShape(sampleShape));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const index = value.to("int32").unsqueeze(-1);
    const shape = broadcastShapes(index.shape, this.logits.shape, "broadcast_tensors");
    return this.logits
      .expand(shape)
      .gather(-1, index.expand(shape).narrow(-1, 0, 1))
      .squeeze(-1);
  }

  override entropy(): Tensor {
    const logits = this.logits.clamp(finfo(this.logits.dtype).min);
    return logits.mul(this.probs).neg().sum(-1);
  }

  override enumerateSupport(options?: EnumerateOptions): Tensor {
    const values = arange(this.classes, { dtype: "int32" }).view(-1, ...this.batchShape.map(() => 1));
    return (options?.expand ?? true) ? values.expand(-1, ...this.batchShape) : values;
  }
}
