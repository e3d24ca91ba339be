/** Distributions of a batch, taken together. */
import { check } from "../tensor/check.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, independent } from "./constraints.ts";
import { Distribution, type EnumerateOptions } from "./distribution.ts";
import { type DistributionOptions, sumRightmost } from "./parameters.ts";

/**
 * The last dimensions of a batch become dimensions of the event: their log probabilities are added up.
 * Mirrors `torch.distributions.Independent`.
 * @example
 * const normal = new distributions.Normal(zeros([2, 3]), 1);
 * const vectors = new distributions.Independent(normal, 1);
 * console.log(normal.batchShape, vectors.batchShape, vectors.eventShape);
 * console.log(normal.logProb(zeros([2, 3])).shape, vectors.logProb(zeros([2, 3])).shape);
 */
export class Independent extends Distribution {
  /** The distribution of the batch. */
  readonly baseDist: Distribution;
  /** How many dimensions of the batch belong to the event. */
  readonly reinterpretedBatchNdims: Int;

  /** Takes them together. @param reinterpretedBatchNdims how many dimensions of the batch become dimensions of the event */
  constructor(baseDistribution: Distribution, reinterpretedBatchNdims: Int, options?: DistributionOptions) {
    const { batchShape, eventShape } = baseDistribution;
    const tooMany = () =>
      `Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual ${reinterpretedBatchNdims} vs ${batchShape.length}`;
    check(reinterpretedBatchNdims <= batchShape.length, tooMany);
    const cut = batchShape.length - reinterpretedBatchNdims;
    super(batchShape.slice(0, cut), [...batchShape.slice(cut), ...eventShape], options);
    this.baseDist = baseDistribution;
    this.reinterpretedBatchNdims = reinterpretedBatchNdims;
  }

  override get argConstraints(): Readonly<Record<string, Constraint>> {
    return {};
  }

  override get support(): Constraint {
    const { support } = this.baseDist;
    return this.reinterpretedBatchNdims > 0 ? independent(support, this.reinterpretedBatchNdims) : support;
  }

  override get hasRsample(): boolean {
    return this.baseDist.hasRsample;
  }

  override get hasEnumerateSupport(): boolean {
    return this.reinterpretedBatchNdims === 0 && this.baseDist.hasEnumerateSupport;
  }

  override get mean(): Tensor {
    return this.baseDist.mean;
  }

  override get mode(): Tensor {
    return this.baseDist.mode;
  }

  override get variance(): Tensor {
    return this.baseDist.variance;
  }

  override sample(sampleShape: Shape = []): Tensor {
    return this.baseDist.sample(sampleShape);
  }

  override rsample(sampleShape: Shape = []): Tensor {
    return this.baseDist.rsample(sampleShape);
  }

  override logProb(value: Tensor): Tensor {
    return sumRightmost(this.baseDist.logProb(value), this.reinterpretedBatchNdims);
  }

  override entropy(): Tensor {
    return sumRightmost(this.baseDist.entropy(), this.reinterpretedBatchNdims);
  }

  override enumerateSupport(options?: EnumerateOptions): Tensor {
    check(this.reinterpretedBatchNdims === 0, "Enumeration over cartesian product is not implemented");
    return this.baseDist.enumerateSupport(options);
  }

  override toString(): string {
    return `${this.constructor.name}(${this.baseDist}, ${this.reinterpretedBatchNdims})`;
  }
}
