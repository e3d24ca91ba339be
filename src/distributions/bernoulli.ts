/** A coin. */

import type { Operand } from "../autograd/ops/elementwise.ts";
import { log, sub } from "../autograd/ops/elementwise.ts";
import { binaryCrossEntropyWithLogits } from "../autograd/ops/layers/loss.ts";
import { bernoulli } from "../autograd/random.ts";
import { arange } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { boolean, real, unitInterval } from "./constraints.ts";
import type { EnumerateOptions } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import {
  broadcastAll,
  type DistributionOptions,
  define,
  givenOf,
  lazily,
  logOdds,
  type ProbabilityOptions,
} from "./parameters.ts";

/**
 * P(1) = probs, P(0) = 1 - probs. Mirrors `torch.distributions.Bernoulli`.
 * @example
 * const coin = new distributions.Bernoulli(tensor([0.3, 0.9]));
 * console.log(coin.sample([4]), coin.logProb(tensor(1)), coin.entropy());
 * console.log(new distributions.Bernoulli({ logits: 0 }).probs);
 */
export class Bernoulli extends ExponentialFamily {
  /** Takes one of the two. @param probs the probabilities of 1; or `{ logits }`, their log odds */
  constructor(probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    const [parameter] = broadcastAll(value);
    super(parameter.shape, [], own);
    define(this, { [name]: parameter });
    this.checkParameters();
  }

  /** The probability of 1. */
  get probs(): Tensor {
    return lazily(this, "probs", () => this.logits.sigmoid());
  }

  /** log (probs / (1 - probs)). */
  get logits(): Tensor {
    return lazily(this, "logits", () => logOdds(this.probs));
  }

  protected override get derived(): readonly string[] {
    return ["probs", "logits"];
  }

  override get argConstraints() {
    return { probs: unitInterval, logits: real };
  }

  override get support() {
    return boolean;
  }

  override get hasEnumerateSupport(): boolean {
    return true;
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.batchShape;
  }

  override get mean(): Tensor {
    return this.probs;
  }

  /** NaN where both are as probable. */
  override get mode(): Tensor {
    return this.probs.ge(0.5).to(this.probs.dtype).maskedFill(this.probs.eq(0.5), Number.NaN);
  }

  override get variance(): Tensor {
    return this.probs.mul(sub(1, this.probs));
  }

  override sample(sampleShape: Shape = []): Tensor {
    return bernoulli(this.probs.detach().expand(this.extendedShape(sampleShape)));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [logits, target] = broadcastAll(this.logits, value);
    return binaryCrossEntropyWithLogits(logits, target, null).neg();
  }

  override entropy(): Tensor {
    return binaryCrossEntropyWithLogits(this.logits, this.probs, null);
  }

  override enumerateSupport(options?: EnumerateOptions): Tensor {
    const values = arange(2, { dtype: this.probs.dtype }).view(-1, ...this.batchShape.map(() => 1));
    return (options?.expand ?? true) ? values.expand(-1, ...this.batchShape) : values;
  }

  override get naturalParams(): readonly Tensor[] {
    return [log(this.probs.div(sub(1, this.probs)))];
  }

  override logNormalizer(x: Tensor): Tensor {
    return log(x.exp().add(1));
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }
}
