/** Gumbel's distribution, of the largest of many numbers. */
import type { Operand } from "../autograd/ops/elementwise.ts";
import { fullLike, onesLike } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { positive, real } from "./constraints.ts";
import { broadcastAll, type DistributionOptions, EULER } from "./parameters.ts";
import { TransformedDistribution } from "./transformed.ts";
import { AffineTransform, ExpTransform } from "./transforms.ts";
import { Uniform } from "./uniform.ts";

/**
 * p(x) = e^(y - eʸ) / scale, y = (loc - x) / scale: loc - scale · log (-log u), u uniform. Mirrors `torch.distributions.Gumbel`.
 * @example
 * const gumbel = new distributions.Gumbel(0, tensor([1, 2]));
 * console.log(gumbel.sample([2]), gumbel.logProb(tensor(1)), gumbel.mean);
 */
export class Gumbel extends TransformedDistribution {
  /** The most probable value. */
  readonly loc: Tensor;
  /** The factor of distances from it. */
  readonly scale: Tensor;

  constructor(loc: Operand, scale: Operand, options?: DistributionOptions) {
    const [mode, factor] = broadcastAll(loc, scale);
    const { tiny, eps } = finfo(mode.dtype);
    const base = new Uniform(fullLike(mode, tiny), fullLike(mode, 1 - eps));
    const { inv: log } = new ExpTransform();
    const minus = new AffineTransform(0, onesLike(factor).neg());
    super(base, [log, minus, log, new AffineTransform(loc, factor.neg())], options);
    this.loc = mode;
    this.scale = factor;
    this.checkParameters();
  }

  override get argConstraints() {
    return { loc: real, scale: positive };
  }

  override get support() {
    return real;
  }

  override get mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER));
  }

  override get mode(): Tensor {
    return this.loc;
  }

  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }

  override get variance(): Tensor {
    return this.stddev.square();
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const y = this.loc.sub(value).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }

  override entropy(): Tensor {
    return this.scale.log().add(1 + EULER);
  }
}
