/** The F distribution of Fisher and Snedecor. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { finfo } from "../tensor/limits.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { Gamma } from "./gamma.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * (X / df1) / (Y / df2), X and Y independent numbers of chi squared with df1 and df2 degrees of freedom: the ratio of two
 * estimates of one variance. Mirrors `torch.distributions.FisherSnedecor`.
 * @example
 * const ratio = new distributions.FisherSnedecor(tensor([1, 4]), 6);
 * console.log(ratio.sample([2]), ratio.logProb(tensor(1)), ratio.mean);
 */
export class FisherSnedecor extends Distribution {
  /** Degrees of freedom of X. */
  readonly df1: Tensor;
  /** Degrees of freedom of Y. */
  readonly df2: Tensor;
  protected readonly gamma1: Gamma;
  protected readonly gamma2: Gamma;

  constructor(df1: Operand, df2: Operand, options?: DistributionOptions) {
    const [above, below] = broadcastAll(df1, df2);
    super(above.shape, [], options);
    this.df1 = above;
    this.df2 = below;
    this.gamma1 = new Gamma(above.mul(0.5), above);
    this.gamma2 = new Gamma(below.mul(0.5), below);
    this.checkParameters();
  }

  override get argConstraints() {
    return { df1: positive, df2: positive };
  }

  override get support() {
    return positive;
  }

  override get hasRsample(): boolean {
    return true;
  }

  /** NaN for df2 ≤ 2. */
  override get mean(): Tensor {
    const df2 = this.df2.maskedFill(this.df2.le(2), Number.NaN);
    return df2.div(df2.sub(2));
  }

  /** NaN for df1 ≤ 2. */
  override get mode(): Tensor {
    const mode = this.df1.sub(2).div(this.df1).mul(this.df2).div(this.df2.add(2));
    return mode.maskedFill(this.df1.le(2), Number.NaN);
  }

  /** NaN for df2 ≤ 4. */
  override get variance(): Tensor {
    const df2 = this.df2.maskedFill(this.df2.le(4), Number.NaN);
    const numerator = df2.square().mul(2).mul(this.df1.add(df2).sub(2));
    return numerator.div(this.df1.mul(df2.sub(2).square()).mul(df2.sub(4)));
  }

  /** All X are drawn first, then all Y. */
  override rsample(sampleShape: Shape = []): Tensor {
    const { tiny } = finfo(this.df1.dtype);
    const x = this.gamma1.rsample(sampleShape);
    const y = this.gamma2.rsample(sampleShape).clamp(tiny);
    return x.div(y).clamp(tiny);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const [half1, half2] = [this.df1.mul(0.5), this.df2.mul(0.5)];
    const ratio = this.df1.div(this.df2);
    const normalizer = half1.add(half2).lgamma().sub(half1.lgamma()).sub(half2.lgamma());
    const powers = half1.mul(ratio.log()).add(half1.sub(1).mul(value.log()));
    return normalizer.add(powers).sub(half1.add(half2).mul(ratio.mul(value).log1p()));
  }
}
