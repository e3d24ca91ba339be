/** Functions of random variables, as distributions: log p(y) = log p(x) - log |det ∂y/∂x|. */
import { noGrad } from "../autograd/grad-mode.ts";
import { check } from "../tensor/check.ts";
import { formatShape, type Int, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, independent } from "./constraints.ts";
import { Distribution } from "./distribution.ts";
import { Independent } from "./independent.ts";
import { type DistributionOptions, sumRightmost } from "./parameters.ts";
import { ComposeTransform, Transform } from "./transform.ts";

/**
 * The distribution of f(x) for random x. Mirrors `torch.distributions.TransformedDistribution`.
 * @example
 * const { SigmoidTransform } = distributions.transforms;
 * const share = new distributions.TransformedDistribution(new distributions.Normal(0, 1), [new SigmoidTransform()]);
 * console.log(share.sample([3]), share.logProb(tensor(0.5)), share.cdf(tensor(0.5)));
 */
export class TransformedDistribution extends Distribution {
  /** The distribution of x. */
  readonly baseDist: Distribution;
  /** What is done with x, the first transform first. */
  readonly transforms: readonly Transform[];

  constructor(
    baseDistribution: Distribution,
    transforms: Transform | readonly Transform[],
    options?: DistributionOptions,
  ) {
    const list = Array.isArray(transforms) ? (transforms as readonly Transform[]) : [transforms as Transform];
    const areTransforms = list.every((transform) => transform instanceof Transform);
    check(areTransforms, "transforms must be a Transform or a list of Transforms", TypeError);
    const { base, batchShape, eventShape } = laidOut(baseDistribution, new ComposeTransform(list));
    super(batchShape, eventShape, options);
    this.baseDist = base;
    this.transforms = list;
  }

  override get argConstraints(): Readonly<Record<string, Constraint>> {
    return {};
  }

  override get support(): Constraint {
    const last = this.transforms.at(-1);
    if (!last) return this.baseDist.support;
    const { codomain } = last;
    const more = this.eventShape.length - codomain.eventDim;
    return more > 0 ? independent(codomain, more) : codomain;
  }

  override get hasRsample(): boolean {
    return this.baseDist.hasRsample;
  }

  override sample(sampleShape: Shape = []): Tensor {
    return noGrad(() => this.transformed(this.baseDist.sample(sampleShape)));
  }

  override rsample(sampleShape: Shape = []): Tensor {
    return this.transformed(this.baseDist.rsample(sampleShape));
  }

  protected transformed(x: Tensor): Tensor {
    return this.transforms.reduce((value, transform) => transform.forward(value), x);
  }

  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    let eventDim: Int = this.eventShape.length;
    let y = value;
    const stretches: Tensor[] = [];
    for (const transform of [...this.transforms].reverse()) {
      const x = transform.inverse(y);
      eventDim += transform.domain.eventDim - transform.codomain.eventDim;
      stretches.push(sumRightmost(transform.logAbsDetJacobian(x, y), eventDim - transform.domain.eventDim));
      y = x;
    }
    const density = sumRightmost(this.baseDist.logProb(y), eventDim - this.baseDist.eventShape.length);
    if (stretches.length === 0) return density;
    return stretches
      .slice(1)
      .reduce((sum, stretch) => sum.sub(stretch), stretches[0].neg())
      .add(density);
  }

  /** Of a function that falls, the probabilities of values from there on. */
  protected monotone(share: Tensor): Tensor {
    const { sign } = new ComposeTransform(this.transforms);
    return sign === 1 ? share : share.sub(0.5).mul(sign).add(0.5);
  }

  override cdf(value: Tensor): Tensor {
    const x = this.transforms.reduceRight((y, transform) => transform.inverse(y), value);
    return this.monotone(this.baseDist.cdf(x));
  }

  override icdf(value: Tensor): Tensor {
    return this.transformed(this.baseDist.icdf(this.monotone(value)));
  }

  protected override expandedFields(batchShape: Shape): Record<string, unknown> {
    const shape = new ComposeTransform(this.transforms).inverseShape([...batchShape, ...this.eventShape]);
    const baseBatch = shape.slice(0, shape.length - this.baseDist.eventShape.length);
    return { ...super.expandedFields(batchShape), baseDist: this.baseDist.expand(baseBatch) };
  }
}

/** The base in the batch that its transform makes of it, and how what comes out is divided into batch and event. */
function laidOut(given: Distribution, transform: ComposeTransform) {
  const baseShape = [...given.batchShape, ...given.eventShape];
  const baseDims = given.eventShape.length;
  const domainDims = transform.domain.eventDim;
  const tooFew = () =>
    `base_distribution needs to have shape with size at least ${domainDims}, but got torch.Size(${formatShape(baseShape)}).`;
  check(baseShape.length >= domainDims, tooFew);
  const shape = transform.forwardShape(baseShape);
  const expanded = transform.inverseShape(shape);
  const own = sameShape(baseShape, expanded) ? given : given.expand(expanded.slice(0, expanded.length - baseDims));
  const base = domainDims > baseDims ? new Independent(own, domainDims - baseDims) : own;
  const cut = shape.length - transform.codomain.eventDim - Math.max(baseDims - domainDims, 0);
  return { base, batchShape: shape.slice(0, cut), eventShape: shape.slice(cut) };
}
