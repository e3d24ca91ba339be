/** The uniform distribution. */
import { log, type Operand } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { rand } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { dependent, interval } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { broadcastAll, type DistributionOptions } from "./parameters.ts";

/**
 * p(x) = 1 / (high - low) for low ≤ x < high. Mirrors `torch.distributions.Uniform`.
 * @example
 * const uniform = new distributions.Uniform(tensor([0, 5]), 10);
 * console.log(uniform.sample([3]), uniform.entropy(), uniform.cdf(tensor(6)));
 */
export class Uniform extends Distribution {
  /** The least value. */
  readonly low: Tensor;
  /** Where values end. */
  readonly high: Tensor;

  /** Parameters broadcast. @throws unless low < high */
  constructor(low: Operand, high: Operand, options?: DistributionOptions) {
    const [from, to] = broadcastAll(low, high);
    super(from.shape, [], options);
    this.low = from;
    this.high = to;
    this.checkParameters();
    check(!this.checks || from.lt(to).all().item() === 1, "Uniform is not defined when low>= high", RangeError);
  }

  override get argConstraints() {
    return { low: dependent, high: dependent };
  }

  override get support() {
    return interval(this.low, this.high);
  }

  override get hasRsample(): boolean {
    return true;
  }

  override get mean(): Tensor {
    return this.high.add(this.low).div(2);
  }

  /** NaN: all values are as probable. */
  override get mode(): Tensor {
    return this.high.mul(Number.NaN);
  }

  override get stddev(): Tensor {
    return this.range.div(Math.sqrt(12));
  }

  override get variance(): Tensor {
    return this.range.square().div(12);
  }

  protected get range(): Tensor {
    return this.high.sub(this.low);
  }

  /** low + u · (high - low) */
  override rsample(sampleShape: Shape = []): Tensor {
    const u = rand(this.extendedShape(sampleShape), { dtype: this.low.dtype });
    return this.low.add(u.mul(this.range));
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    const inside = this.low.le(value).logicalAnd(this.high.gt(value)).to(this.low.dtype);
    return log(inside).sub(log(this.range));
  }

  override cdf(value: Tensor): Tensor {
    this.checkValue(value);
    return value.sub(this.low).div(this.range).clamp(0, 1);
  }

  override icdf(value: Tensor): Tensor {
    return value.mul(this.range).add(this.low);
  }

  override entropy(): Tensor {
    return log(this.range);
  }
}
