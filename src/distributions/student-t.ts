/** Student's t distribution. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { where } from "../autograd/ops/elementwise.ts";
import { randn } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { Chi2 } from "./gamma.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * loc + scale · X / √(Z / df), X a standard normal number and Z one of chi squared with `df` degrees of freedom: like the normal
 * distribution, with heavier tails. Mirrors `torch.distributions.StudentT`.
 * @example
 * const t = new distributions.StudentT(tensor([1, 5]));
 * console.log(t.sample([2]), t.logProb(tensor(0.5)), t.variance);
 */
export class StudentT extends Distribution {
  /** Degrees of freedom. */
  readonly df: Tensor;
  /** The middle. */
  readonly loc: Tensor;
  /** The factor of distances from it. */
  readonly scale: Tensor;
  protected readonly chi2: Chi2;

  constructor(df: Operand, loc: Operand = 0, scale: Operand = 1, options?: DistributionOptions) {
    const [freedom, middle, factor] = broadcastAll(df, loc, scale);
    super(freedom.shape, [], options);
    this.df = freedom;
    this.loc = middle;
    this.scale = factor;
    this.chi2 = new Chi2(freedom);
    this.checkParameters();
  }

  override get argConstraints() {
    return { df: positive, loc: real, scale: positive };
  }

  override get support() {
    return real;
  }

  override get hasRsample(): boolean {
    return true;
  }

  /** NaN for df ≤ 1. */
  override get mean(): Tensor {
    return this.loc.maskedFill(this.df.le(1), Number.NaN);
  }

  override get mode(): Tensor {
    return this.loc;
  }

  /** ∞ for 1 < df ≤ 2, NaN for df ≤ 1. */
  override get variance(): Tensor {
    const { df, scale } = this;
    const hasVariance = df.gt(2);
    const safe = where(hasVariance, df, 3); // so that no gradient is NaN where it does not count
    const finite = scale.square().mul(safe).div(safe.sub(2));
    return where(hasVariance, finite, df.maskedFill(df.gt(1), Infinity).maskedFill(df.le(1), Number.NaN));
  }

  /** All normal numbers are drawn first, then those of chi squared. */
  override rsample(sampleShape: Shape = []): Tensor {
    const x = randn(this.extendedShape(sampleShape), { dtype: this.df.dtype });
    const z = this.chi2.rsample(sampleShape);
    return this.loc.add(this.scale.mul(x.mul(z.div(this.df).rsqrt())));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const { df, loc, scale } = this;
    const y = value.sub(loc).div(scale);
    const powers = df.add(1).mul(-0.5).mul(y.square().div(df).log1p());
    const half = df.mul(0.5).lgamma().sub(df.add(1).mul(0.5).lgamma());
    return powers.sub(
      scale
        .log()
        .add(df.log().mul(0.5))
        .add(0.5 * Math.log(Math.PI))
        .add(half),
    );
  }

  override entropy(): Tensor {
    const { df, scale } = this;
    const [half, more] = [df.mul(0.5), df.add(1).mul(0.5)];
    const logBeta = half
      .lgamma()
      .add(0.5 * Math.log(Math.PI))
      .sub(more.lgamma());
    const slopes = more.mul(more.digamma().sub(half.digamma()));
    return scale.log().add(slopes).add(df.log().mul(0.5)).add(logBeta);
  }
}
