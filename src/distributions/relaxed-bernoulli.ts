/** Coins between heads and tails, through which gradients pass. */
import { log, mul, type Operand } from "../autograd/ops/elementwise.ts";
import { rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { real, unitInterval } from "./constraints.ts";
import { broadcastAll, clampProbs, type DistributionOptions, givenOf, type ProbabilityOptions } from "./parameters.ts";
import { Relaxed } from "./relaxed.ts";
import { SigmoidTransform } from "./transforms.ts";
import { Trials } from "./trials.ts";

/**
 * The logits of RelaxedBernoulli: (log (u / (1 - u)) + logits) / temperature, u uniform.
 * Mirrors `torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli`.
 * @example new distributions.LogitRelaxedBernoulli(tensor(0.5), tensor([0.2, 0.9])).rsample()
 */
export class LogitRelaxedBernoulli extends Trials {
  /** The lower, the farther from 0 samples are. */
  readonly temperature: Operand;

  /** Takes one of the two. @param probs the probabilities of a number above 0; or `{ logits }`, their log odds */
  constructor(temperature: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const given = givenOf(probs, options);
    const [parameter] = broadcastAll(given.value);
    super(given, parameter);
    this.temperature = temperature;
    this.checkParameters();
  }

  override get support() {
    return real;
  }

  override get hasRsample(): boolean {
    return true;
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
export class RelaxedBernoulli extends Relaxed<LogitRelaxedBernoulli> {
  /** Takes one of the two. @param probs the probabilities of a number above ½; or `{ logits }`, their log odds */
  constructor(temperature: Operand, probs: Operand | ProbabilityOptions, options?: DistributionOptions) {
    const { name, value, options: own } = givenOf(probs, options);
    super(new LogitRelaxedBernoulli(temperature, { [name]: value }), new SigmoidTransform(), own);
    this.checkParameters();
  }

  override get argConstraints() {
    return { probs: unitInterval, logits: real };
  }

  override get support() {
    return unitInterval;
  }
}
