/** Coins between heads and tails, through which gradients pass. */
import { log, mul, type Operand } from "../autograd/ops/elementwise.ts";
import { rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { real, unitInterval } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import {
  broadcastAll,
  clampProbs,
  type DistributionOptions,
  define,
  givenOf,
  lazily,
  logOdds,
  type ProbabilityOptions,
} from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { SigmoidTransform } from "./transforms.ts";

/**
 * The logits of RelaxedBernoulli: (log (u / (1 - u)) + logits) / temperature, u uniform.
 * Mirrors `torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli`.
 * @example new distributions.LogitRelaxedBernoulli(tensor(0.5), tensor([0.2, 0.9])).rsample()
 */
export class LogitRelaxedBernoulli extends Distribution {
  /** The lower, the farther from 0 samples are. */
  readonly temperature: Operand;

  /** Takes one of the two. @param probs the probabilities of a number above 0; or `{ logits }`, their log odds */
  constructor(temperature: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    const [parameter] = broadcastAll(value);
    super(parameter.shape, [], own);
    this.temperature = temperature;
    define(this, { [name]: parameter });
    this.checkParameters();
  }

  /** The probability of a number above 0. */
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
    return real;
  }

  override get hasRsample(): boolean {
    return true;
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.batchShape;
  }

  protected override get unbatched(): readonly string[] {
    return ["temperature"];
  }

  override rsample(sampleShape: Shape = []): Tensor {
    const shape = this.extendedShape(sampleShape);
    const probs = clampProbs(this.probs.expand(shape));
    const u = clampProbs(rand(shape, { dtype: probs.dtype }));
    return u.log().sub(u.neg().log1p()).add(probs.log()).sub(probs.neg().log1p()).div(this.temperature);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [logits, target] = broadcastAll(this.logits, value);
    const [temperature] = broadcastAll(this.temperature);
    const difference = logits.sub(mul(target, temperature));
    return log(temperature).add(difference).sub(difference.exp().log1p().mul(2));
  }
}

/**
 * Numbers between 0 and 1, the nearer to them the lower the temperature is (Maddison et al. 2017, "The Concrete distribution",
 * https://arxiv.org/abs/1611.00712). Mirrors `torch.distributions.RelaxedBernoulli`.
 * @example
 * const logits = tensor([0.5, -1], { requiresGrad: true });
 * const gate = new distributions.RelaxedBernoulli(tensor(0.3), { logits }).rsample();
 * gate.sum().backward();
 * console.log(gate, logits.grad);
 */
export class RelaxedBernoulli extends TransformedDistribution {
  declare readonly baseDist: LogitRelaxedBernoulli;

  /** Takes one of the two. @param probs the probabilities of a number above ½; or `{ logits }`, their log odds */
  constructor(temperature: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    super(new LogitRelaxedBernoulli(temperature, { [name]: value }), new SigmoidTransform(), own);
    this.checkParameters();
  }

  /** The lower, the nearer to 0 or 1 samples are. */
  get temperature(): Operand {
    return this.baseDist.temperature;
  }

  /** The probability of a number above ½. */
  get probs(): Tensor {
    return this.baseDist.probs;
  }

  /** log (probs / (1 - probs)). */
  get logits(): Tensor {
    return this.baseDist.logits;
  }

  override get argConstraints() {
    return { probs: unitInterval, logits: real };
  }

  override get support() {
    return unitInterval;
  }
}
