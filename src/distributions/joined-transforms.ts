/** Transforms made of others, and of shapes: dimensions taken together, reshaped, joined. */
import { cat, stack } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { formatShape, type Int, numelOf, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Constraint, JoinOptions } from "./constraints.ts";
import * as constraints from "./constraints.ts";
import { sumRightmost } from "./parameters.ts";
import { Transform, type TransformOptions } from "./transform.ts";

const { independent, real } = constraints;
export const tooFew = "Too few dimensions on input";

/**
 * Dimensions of a batch belong to the event. Mirrors `torch.distributions.transforms.IndependentTransform`.
 * @example
 * const { ExpTransform, IndependentTransform } = distributions.transforms;
 * const f = new IndependentTransform(new ExpTransform(), 1);
 * console.log(f, f.logAbsDetJacobian(tensor([1, 2]), tensor([1, 2]).exp()));
 */
export class IndependentTransform extends Transform {
  readonly #base: Transform;
  readonly #dims: Int;

  constructor(baseTransform: Transform, reinterpretedBatchNdims: Int, options?: TransformOptions) {
    super(options);
    this.#base = baseTransform.withCache(this.cacheSize);
    this.#dims = reinterpretedBatchNdims;
  }

  override get domain(): Constraint {
    return independent(this.#base.domain, this.#dims);
  }

  override get codomain(): Constraint {
    return independent(this.#base.codomain, this.#dims);
  }

  override get bijective(): boolean {
    return this.#base.bijective;
  }

  override get sign(): Tensor | number {
    return this.#base.sign;
  }

  protected override compute(x: Tensor): Tensor {
    check(x.ndim >= this.domain.eventDim, tooFew);
    return this.#base.forward(x);
  }

  protected override invert(y: Tensor): Tensor {
    check(y.ndim >= this.codomain.eventDim, tooFew);
    return this.#base.inverse(y);
  }

  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return sumRightmost(this.#base.logAbsDetJacobian(x, y), this.#dims);
  }

  protected override remade(options: TransformOptions): Transform {
    return new IndependentTransform(this.#base, this.#dims, options);
  }

  override forwardShape(shape: Shape): Shape {
    return this.#base.forwardShape(shape);
  }

  override inverseShape(shape: Shape): Shape {
    return this.#base.inverseShape(shape);
  }

  override toString(): string {
    return `${this.constructor.name}(${this.#base}, ${this.#dims})`;
  }
}

/** Events of another shape. Mirrors `torch.distributions.transforms.ReshapeTransform`. @example new distributions.transforms.ReshapeTransform([4], [2, 2]).forward(tensor([1, 2, 3, 4])) */
export class ReshapeTransform extends Transform {
  /** The shape of an event of x. */
  readonly inShape: Shape;
  /** The shape of an event of y. */
  readonly outShape: Shape;

  constructor(inShape: Shape, outShape: Shape, options?: TransformOptions) {
    super(options);
    check(numelOf(inShape) === numelOf(outShape), "in_shape, out_shape have different numbers of elements");
    this.inShape = [...inShape];
    this.outShape = [...outShape];
  }

  override get domain(): Constraint {
    return independent(real, this.inShape.length);
  }

  override get codomain(): Constraint {
    return independent(real, this.outShape.length);
  }

  override get bijective(): boolean {
    return true;
  }

  protected override compute(x: Tensor): Tensor {
    return x.reshape(this.forwardShape(x.shape));
  }

  protected override invert(y: Tensor): Tensor {
    return y.reshape(this.inverseShape(y.shape));
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return zeros(x.shape.slice(0, x.ndim - this.inShape.length), { dtype: x.dtype });
  }

  protected override remade(options: TransformOptions): Transform {
    return new ReshapeTransform(this.inShape, this.outShape, options);
  }

  override forwardShape(shape: Shape): Shape {
    return exchanged(shape, this.inShape, this.outShape);
  }

  override inverseShape(shape: Shape): Shape {
    return exchanged(shape, this.outShape, this.inShape);
  }
}

/** A shape with another end. */
function exchanged(shape: Shape, from: Shape, to: Shape): Shape {
  check(shape.length >= from.length, tooFew);
  const cut = shape.length - from.length;
  const end = shape.slice(cut);
  const differs = () =>
    `Shape mismatch: expected torch.Size(${formatShape(end)}) but got torch.Size(${formatShape(from)})`;
  check(sameShape(end, from), differs);
  return [...shape.slice(0, cut), ...to];
}

/** What a transform of parts may be told. */
export interface CatOptions extends JoinOptions, TransformOptions {}

/**
 * Parts of a value, one after the other, each with a transform of its own.
 * Mirrors `torch.distributions.transforms.CatTransform`.
 * @example
 * const { CatTransform, ExpTransform, TanhTransform } = distributions.transforms;
 * console.log(new CatTransform([new ExpTransform(), new TanhTransform()], { lengths: [1, 2] }).forward(tensor([0, 1, 2])));
 */
export class CatTransform extends Transform {
  /** One transform for each part. */
  readonly transforms: readonly Transform[];
  /** How long each part is. */
  readonly lengths: readonly Int[];
  /** Along which dimension. */
  readonly dim: Int;

  constructor(transforms: readonly Transform[], options?: CatOptions) {
    super(options);
    this.transforms = transforms.map((transform) => transform.withCache(this.cacheSize || transform.cacheSize));
    this.lengths = options?.lengths ?? transforms.map(() => 1);
    this.dim = options?.dim ?? 0;
    check(this.lengths.length === transforms.length, "there must be a length for each transform");
  }

  override get domain(): Constraint {
    return constraints.cat(
      this.transforms.map(({ domain }) => domain),
      this,
    );
  }

  override get codomain(): Constraint {
    return constraints.cat(
      this.transforms.map(({ codomain }) => codomain),
      this,
    );
  }

  override get eventDim(): Int {
    return Math.max(...this.transforms.map(({ eventDim }) => eventDim));
  }

  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }

  #each(x: Tensor, apply: (transform: Transform, part: Tensor) => Tensor): Tensor {
    const parts = x.split(this.lengths, this.dim);
    return cat(
      parts.map((part, i) => apply(this.transforms[i], part)),
      this.dim,
    );
  }

  protected override compute(x: Tensor): Tensor {
    return this.#each(x, (transform, part) => transform.forward(part));
  }

  protected override invert(y: Tensor): Tensor {
    return this.#each(y, (transform, part) => transform.inverse(part));
  }

  /** Those of the parts, one after the other, or their sum along a dimension of the event. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ys = y.split(this.lengths, this.dim);
    const each = x.split(this.lengths, this.dim).map((part, i) => {
      const transform = this.transforms[i];
      const term = transform.logAbsDetJacobian(part, ys[i]);
      return transform.eventDim < this.eventDim ? sumRightmost(term, this.eventDim - transform.eventDim) : term;
    });
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + this.eventDim;
    return dim < 0 ? cat(each, dim) : each.reduce((sum, term) => sum.add(term));
  }

  protected override remade(options: TransformOptions): Transform {
    return new CatTransform(this.transforms, { ...options, dim: this.dim, lengths: this.lengths });
  }
}

/** What a transform of slices may be told. */
export interface StackOptions extends TransformOptions {
  /** Along which dimension. Default: 0. */
  dim?: Int;
}

/**
 * Slices of a value along a dimension, each with a transform of its own.
 * Mirrors `torch.distributions.transforms.StackTransform`.
 * @example
 * const { ExpTransform, StackTransform, TanhTransform } = distributions.transforms;
 * console.log(new StackTransform([new ExpTransform(), new TanhTransform()]).forward(tensor([[0, 1], [0, 1]])));
 */
export class StackTransform extends Transform {
  /** One transform for each slice. */
  readonly transforms: readonly Transform[];
  /** Along which dimension. */
  readonly dim: Int;

  constructor(transforms: readonly Transform[], options?: StackOptions) {
    super(options);
    this.transforms = transforms.map((transform) => transform.withCache(this.cacheSize || transform.cacheSize));
    this.dim = options?.dim ?? 0;
  }

  override get domain(): Constraint {
    return constraints.stack(
      this.transforms.map(({ domain }) => domain),
      this.dim,
    );
  }

  override get codomain(): Constraint {
    return constraints.stack(
      this.transforms.map(({ codomain }) => codomain),
      this.dim,
    );
  }

  override get bijective(): boolean {
    return this.transforms.every(({ bijective }) => bijective);
  }

  #each(apply: (transform: Transform, i: Int) => Tensor): Tensor {
    return stack(this.transforms.map(apply), this.dim);
  }

  protected override compute(x: Tensor): Tensor {
    return this.#each((transform, i) => transform.forward(x.select(this.dim, i)));
  }

  protected override invert(y: Tensor): Tensor {
    return this.#each((transform, i) => transform.inverse(y.select(this.dim, i)));
  }

  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.#each((transform, i) => transform.logAbsDetJacobian(x.select(this.dim, i), y.select(this.dim, i)));
  }

  protected override remade(options: TransformOptions): Transform {
    return new StackTransform(this.transforms, { ...options, dim: this.dim });
  }
}
