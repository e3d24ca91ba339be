/** How many of several coins show heads. */
import { type Operand, sub } from "../autograd/ops/elementwise.ts";
import { binomial } from "../autograd/random.ts";
import { check } from "../tensor/check.ts";
import { arange } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { integerInterval, nonnegativeInteger } from "./constraints.ts";
import type { EnumerateOptions } from "./distribution.ts";
import { broadcastAll, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { Trials } from "./trials.ts";

/** max(x, 0), with the gradient ½ at 0 */
const clampByZero = (x: Tensor): Tensor => x.clamp(0).add(x).sub(x.clamp(null, 0)).div(2);

/**
 * P(k) = n! / (k! (n - k)!) · pᵏ (1 - p)ⁿ⁻ᵏ, n = totalCount, p = probs. Mirrors `torch.distributions.Binomial`.
 * @example
 * const heads = new distributions.Binomial(10, tensor([0.2, 0.5]));
 * console.log(heads.sample([3]), heads.logProb(tensor(4)), heads.entropy());
 */
export class Binomial extends Trials {
  /** How many coins there are. */
  readonly totalCount: Tensor;

  /** Takes one of the two. @param probs the probability of a success; or `{ logits }`, its log odds */
  constructor(totalCount: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const given = givenOf(probs, options);
    const [count, parameter] = broadcastAll(totalCount, given.value);
    super(given, parameter);
    this.totalCount = count.to(parameter.dtype);
    this.checkParameters();
  }

  override get argConstraints() {
    return { totalCount: nonnegativeInteger, ...super.argConstraints };
  }

  override get support() {
    return integerInterval(0, this.totalCount);
  }

  override get hasEnumerateSupport(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.totalCount.mul(this.probs);
  }

  override get mode(): Tensor {
    return this.totalCount.add(1).mul(this.probs).floor().minimum(this.totalCount);
  }

  override get variance(): Tensor {
    return this.mean.mul(sub(1, this.probs));
  }

  override sample(sampleShape: Shape = []): Tensor {
    const shape = this.extendedShape(sampleShape);
    return binomial(this.totalCount.detach().expand(shape), this.probs.detach().expand(shape));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { totalCount: n, logits } = this;
    const waysToOrder = (count: Tensor) => count.add(1).lgamma();
    const logTail = logits.abs().neg().exp().log1p();
    const normalizer = n.mul(clampByZero(logits)).add(n.mul(logTail)).sub(waysToOrder(n));
    return value
      .mul(logits)
      .sub(waysToOrder(value))
      .sub(waysToOrder(n.sub(value)))
      .sub(normalizer);
  }

  /** @throws unless all counts are the same */
  override entropy(): Tensor {
    const isOne = this.totalCount.min().item() === this.totalCount.max().item();
    check(isOne, "Inhomogeneous total count not supported by `entropy`.");
    const logProb = this.logProb(this.enumerateSupport({ expand: false }));
    return logProb.exp().mul(logProb).sum(0).neg();
  }

  /** @throws unless all counts are the same */
  override enumerateSupport(options?: EnumerateOptions): Tensor {
    const count = this.totalCount.max().item();
    const isOne = this.totalCount.min().item() === count;
    check(isOne, "Inhomogeneous total count not supported by `enumerate_support`.");
    const values = arange(count + 1, { dtype: this.probs.dtype }).view(-1, ...this.batchShape.map(() => 1));
    return (options?.expand ?? true) ? values.expand(-1, ...this.batchShape) : values;
  }
}
