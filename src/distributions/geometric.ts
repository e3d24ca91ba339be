/** How often a coin shows tails before it shows heads. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { binaryCrossEntropyWithLogits } from "../autograd/ops/layers/loss.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { nonnegativeInteger } from "./constraints.ts";
import { broadcastAll, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { Trials } from "./trials.ts";

/**
 * P(k) = (1 - probs)ᵏ · probs: the number of failures before the first success. Mirrors `torch.distributions.Geometric`.
 * @example
 * const failures = new distributions.Geometric(tensor([0.2, 0.5]));
 * console.log(failures.sample([3]), failures.logProb(tensor(2)), failures.mean);
 */
export class Geometric extends Trials {
  /** Takes one of the two. @param probs the probability of a success, above 0; or `{ logits }`, its log odds */
  constructor(probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const given = givenOf(probs, options);
    const [parameter] = broadcastAll(given.value);
    super(given, parameter);
    this.checkParameters();
    if (!this.checks || given.name === "logits") return;
    const isPositive = parameter.gt(0);
    const zero = () =>
      `Expected parameter probs (${parameter.constructor.name} of shape ${pythonTuple(parameter.shape)}) of distribution ${this} ` +
      `to be positive but found invalid values:\n${parameter.detach().maskedSelect(isPositive.logicalNot())}`;
    check(isPositive.all().item() === 1, zero, RangeError);
  }

  override get support() {
    return nonnegativeInteger;
  }

  override get mean(): Tensor {
    return this.probs.reciprocal().sub(1);
  }

  override get mode(): Tensor {
    return zerosLike(this.probs);
  }

  override get variance(): Tensor {
    return this.mean.div(this.probs);
  }

  /** ⌊log u / log (1 - probs)⌋, u uniform on (0, 1) */
  override sample(sampleShape: Shape = []): Tensor {
    const probs = this.probs.detach();
    const u = Tensor.empty(this.extendedShape(sampleShape), probs.dtype).uniform_(finfo(probs.dtype).tiny, 1);
    return u.log().div(probs.neg().log1p()).floor();
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [count, probs] = broadcastAll(value, this.probs);
    const isSure = probs.eq(1).logicalAnd(count.eq(0));
    return count.mul(probs.maskedFill(isSure, 0).neg().log1p()).add(this.probs.log());
  }

  override entropy(): Tensor {
    return binaryCrossEntropyWithLogits(this.logits, this.probs, null).div(this.probs);
  }
}
