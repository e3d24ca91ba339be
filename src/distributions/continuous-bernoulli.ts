/** The continuous Bernoulli distribution: shares instead of yes and no (Loaiza-Ganem & Cunningham 2019, https://arxiv.org/abs/1907.06845). */
import { type Operand, sub, where } from "../autograd/ops/elementwise.ts";
import { binaryCrossEntropyWithLogits } from "../autograd/ops/layers/loss.ts";
import { check } from "../tensor/check.ts";
import { rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { real, unitInterval } from "./constraints.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { broadcastAll, clampProbs, define, givenOf, lazily, logOdds, type ProbabilityOptions } from "./parameters.ts";

/** And where formulas that divide by 1 - 2 probs give way to their series around ½. */
export interface ContinuousBernoulliOptions extends ProbabilityOptions {
  /** From where to where. Default: [0.499, 0.501]. */
  lims?: readonly [low: number, high: number];
}

/**
 * p(x) = C probsˣ (1 - probs)¹⁻ˣ for 0 ≤ x ≤ 1, C = 2 artanh(1 - 2 probs) / (1 - 2 probs).
 * Mirrors `torch.distributions.ContinuousBernoulli`.
 * @example
 * const pixel = new distributions.ContinuousBernoulli(tensor([0.2, 0.5]));
 * console.log(pixel.sample([2]), pixel.logProb(tensor(0.25)), pixel.mean);
 */
export class ContinuousBernoulli extends ExponentialFamily {
  protected readonly lims: readonly [low: number, high: number];

  /** Takes one of the two. @param probs from 0 to 1; or `{ logits }`, their log odds */
  constructor(
    probs: Operand | ContinuousBernoulliOptions,
    options?: Omit<ContinuousBernoulliOptions, "probs" | "logits">,
  ) {
    const { name, value, options: own } = givenOf(probs, options);
    const [parameter] = broadcastAll(value);
    super(parameter.shape, [], own);
    this.lims = (own as ContinuousBernoulliOptions).lims ?? [0.499, 0.501];
    const isShare =
      name === "logits" || own.validateArgs === undefined || unitInterval.check(parameter).all().item() === 1;
    check(isShare, "The parameter probs has invalid values", RangeError);
    define(this, { [name]: name === "probs" ? clampProbs(parameter) : parameter });
    this.checkParameters();
  }

  /** The share that 1 has of a coin's. */
  get probs(): Tensor {
    return lazily(this, "probs", () => clampProbs(this.logits.sigmoid()));
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
    return unitInterval;
  }

  override get hasRsample(): boolean {
    return true;
  }

  /** The shape of `probs`. */
  get paramShape(): Shape {
    return this.batchShape;
  }

  protected get isFarFromHalf(): Tensor {
    return this.probs.le(this.lims[0]).logicalOr(this.probs.gt(this.lims[1]));
  }

  /** probs, but for those near ½, for which the formulas are not used. */
  protected get cutProbs(): Tensor {
    return where(this.isFarFromHalf, this.probs, this.lims[0]);
  }

  /** log C, the logarithm of what densities are multiplied by */
  get logNormalization(): Tensor {
    const p = this.cutProbs;
    const isBelow = p.le(0.5);
    const below = where(isBelow, p, 0);
    const above = where(p.ge(0.5), p, 1);
    const numerator = p.neg().log1p().sub(p.log()).abs().log();
    const denominator = where(isBelow, below.mul(-2).log1p(), above.mul(2).sub(1).log());
    const x = this.probs.sub(0.5).square();
    const series = x
      .mul(104 / 45)
      .add(4 / 3)
      .mul(x)
      .add(Math.LN2);
    return where(this.isFarFromHalf, numerator.sub(denominator), series);
  }

  override get mean(): Tensor {
    const p = this.cutProbs;
    const far = p.div(p.mul(2).sub(1)).add(p.neg().log1p().sub(p.log()).reciprocal());
    const x = this.probs.sub(0.5);
    const series = x
      .square()
      .mul(16 / 45)
      .add(1 / 3)
      .mul(x)
      .add(0.5);
    return where(this.isFarFromHalf, far, series);
  }

  override get variance(): Tensor {
    const p = this.cutProbs;
    const far = p
      .mul(p.sub(1))
      .div(sub(1, p.mul(2)).square())
      .add(p.neg().log1p().sub(p.log()).square().reciprocal());
    const x = this.probs.sub(0.5).square();
    const series = sub(1 / 12, sub(1 / 15, x.mul(128 / 945)).mul(x));
    return where(this.isFarFromHalf, far, series);
  }

  override rsample(sampleShape: Shape = []): Tensor {
    return this.icdf(rand(this.extendedShape(sampleShape), { dtype: this.probs.dtype }));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [logits, share] = broadcastAll(this.logits, value);
    return binaryCrossEntropyWithLogits(logits, share, null).neg().add(this.logNormalization);
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    const p = this.cutProbs;
    const power = p.pow(value).mul(sub(1, p).pow(sub(1, value)));
    const inside = where(this.isFarFromHalf, power.add(p).sub(1).div(p.mul(2).sub(1)), value);
    return where(value.le(0), 0, where(value.ge(1), 1, inside));
  }

  override icdf(value: Tensor): Tensor {
    const p = this.cutProbs;
    const rest = p.neg().log1p();
    const far = p
      .neg()
      .add(value.mul(p.mul(2).sub(1)))
      .log1p()
      .sub(rest)
      .div(p.log().sub(rest));
    return where(this.isFarFromHalf, far, value);
  }

  override entropy(): Tensor {
    const [log0, log1] = [this.probs.neg().log1p(), this.probs.log()];
    return this.mean.mul(log0.sub(log1)).sub(this.logNormalization).sub(log0);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.logits];
  }

  override logNormalizer(x: Tensor): Tensor {
    const [low, high] = [this.lims[0] - 0.5, this.lims[1] - 0.5];
    const isFar = x.le(low).logicalOr(x.gt(high));
    const cut = where(isFar, x, low);
    const series = x.mul(0.5).add(x.pow(2).div(24)).sub(x.pow(4).div(2880));
    return where(isFar, cut.exp().sub(1).abs().log().sub(cut.abs().log()), series);
  }

  override get meanCarrierMeasure(): number {
    return 0;
  }
}
