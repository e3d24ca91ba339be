/**
 * Functions of random variables: what a transform is, its inverse, and transforms one after the other. How a transform stretches
 * space, log |det ∂y/∂x|, is what the density of y = f(x) differs by. Read next: transforms.ts, transformed.ts.
 */
import { add } from "../autograd/ops/elementwise.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, independent, real } from "./constraints.ts";
import { sumRightmost } from "./parameters.ts";

/** What every transform may be told. */
export interface TransformOptions {
  /** 1 remembers the last value and its image: the inverse of what was just computed is then exact. Default: 0. */
  cacheSize?: Int;
}

/**
 * An invertible function y = f(x) with its derivative. A subclass writes `compute`, `invert`, `logAbsDetJacobian`, `domain` and
 * `codomain`. Mirrors `torch.distributions.transforms.Transform`.
 * @example
 * const f = new distributions.transforms.ExpTransform();
 * const x = tensor([0, 1]);
 * console.log(f.forward(x), f.inv.forward(f.forward(x)), f.logAbsDetJacobian(x, f.forward(x)));
 */
export abstract class Transform {
  /** 1 if the last value and its image are remembered, else 0. */
  readonly cacheSize: Int;
  #last: { readonly x: Tensor; readonly y: Tensor } | null = null;
  #inverse: Transform | null = null;

  /** Takes what a cache may hold. @param options whether the last value and its image are remembered */
  constructor(options?: TransformOptions) {
    const { cacheSize = 0 } = options ?? {};
    check(cacheSize === 0 || cacheSize === 1, "cache_size must be 0 or 1", RangeError);
    this.cacheSize = cacheSize;
  }

  /** What f takes. */
  abstract get domain(): Constraint;

  /** What f gives. */
  abstract get codomain(): Constraint;

  /** f(x) */
  protected abstract compute(x: Tensor): Tensor;

  /** The x of which y is f(x). */
  protected abstract invert(y: Tensor): Tensor;

  /** log |det ∂y/∂x|, for y = f(x). */
  logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.lacks("logAbsDetJacobian", x, y);
  }

  /** Whether f has exactly one x for each y. */
  get bijective(): boolean {
    return false;
  }

  /** 1 if f rises, -1 if it falls. */
  get sign(): Tensor | number {
    return this.lacks("sign");
  }

  /** How many dimensions at the end of a value are one event, if x and y have as many. */
  get eventDim(): Int {
    const { domain, codomain } = this;
    const differ = "Please use either .domain.event_dim or .codomain.event_dim";
    check(domain.eventDim === codomain.eventDim, differ);
    return domain.eventDim;
  }

  /** f(x). Mirrors calling a transform. */
  forward(x: Tensor): Tensor {
    if (this.#last?.x === x) return this.#last.y;
    const y = this.compute(x);
    if (this.cacheSize > 0) this.#last = { x, y };
    return y;
  }

  /** The x of which y is f(x): `transform.inv.forward(y)`. */
  inverse(y: Tensor): Tensor {
    if (this.#last?.y === y) return this.#last.x;
    const x = this.invert(y);
    if (this.cacheSize > 0) this.#last = { x, y };
    return x;
  }

  /** The inverse function, as a transform. */
  get inv(): Transform {
    this.#inverse ??= this.inverted();
    return this.#inverse;
  }

  protected inverted(): Transform {
    return new InverseTransform(this);
  }

  /** The same transform, with a cache or without. */
  withCache(cacheSize: Int = 1): Transform {
    return this.cacheSize === cacheSize ? this : this.remade({ cacheSize });
  }

  /** The same transform with other options. */
  protected remade(options: TransformOptions): Transform {
    return Reflect.construct(this.constructor, [options]) as Transform;
  }

  /** The shape of f(x) for an x of that shape. */
  forwardShape(shape: Shape): Shape {
    return shape;
  }

  /** The shape of x for an f(x) of that shape. */
  inverseShape(shape: Shape): Shape {
    return shape;
  }

  /** Whether another transform is the same function. */
  equals(other: Transform): boolean {
    return this === other;
  }

  /** @throws that this transform has no such thing */
  protected lacks(name: string, ..._asked: unknown[]): never {
    throw new Error(`${this.constructor.name} does not implement ${name}`);
  }

  /** The text that PyTorch prints. */
  toString(): string {
    return `${this.constructor.name}()`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** The inverse of a transform, which is what its `inv` is. */
class InverseTransform extends Transform {
  readonly #of: Transform;

  constructor(of: Transform) {
    super({ cacheSize: of.cacheSize });
    this.#of = of;
  }

  override get domain(): Constraint {
    return this.#of.codomain;
  }

  override get codomain(): Constraint {
    return this.#of.domain;
  }

  override get bijective(): boolean {
    return this.#of.bijective;
  }

  override get sign(): Tensor | number {
    return this.#of.sign;
  }

  override get inv(): Transform {
    return this.#of;
  }

  override forward(x: Tensor): Tensor {
    return this.compute(x);
  }

  override inverse(y: Tensor): Tensor {
    return this.invert(y);
  }

  protected override compute(x: Tensor): Tensor {
    return this.#of.inverse(x);
  }

  protected override invert(y: Tensor): Tensor {
    return this.#of.forward(y);
  }

  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.#of.logAbsDetJacobian(y, x).neg();
  }

  override withCache(cacheSize: Int = 1): Transform {
    return this.#of.withCache(cacheSize).inv;
  }

  override forwardShape(shape: Shape): Shape {
    return this.#of.inverseShape(shape);
  }

  override inverseShape(shape: Shape): Shape {
    return this.#of.forwardShape(shape);
  }

  override equals(other: Transform): boolean {
    return other instanceof InverseTransform && this.#of.equals(other.#of);
  }

  override toString(): string {
    return `_InverseTransform(${this.#of})`;
  }
}

/** How many dimensions an event has beyond those of a constraint. */
const widened = (constraint: Constraint, eventDim: Int): Constraint =>
  eventDim > constraint.eventDim ? independent(constraint, eventDim - constraint.eventDim) : constraint;

/**
 * Transforms, one after the other. Mirrors `torch.distributions.transforms.ComposeTransform`.
 * @example
 * const { AffineTransform, ComposeTransform, ExpTransform } = distributions.transforms;
 * const f = new ComposeTransform([new AffineTransform(1, 2), new ExpTransform()]);
 * console.log(f, f.forward(tensor([0, 1])), f.inv.forward(f.forward(tensor([0, 1]))));
 */
export class ComposeTransform extends Transform {
  /** The transforms, the first to be applied first. */
  readonly parts: readonly Transform[];
  #backward: ComposeTransform | null = null;

  constructor(parts: readonly Transform[], options?: TransformOptions) {
    super(options);
    this.parts = this.cacheSize > 0 ? parts.map((part) => part.withCache(this.cacheSize)) : parts;
  }

  override get domain(): Constraint {
    if (this.parts.length === 0) return real;
    const last = this.parts[this.parts.length - 1].codomain.eventDim;
    const eventDim = this.parts.reduceRight(
      (dims, { domain, codomain }) => Math.max(dims + domain.eventDim - codomain.eventDim, domain.eventDim),
      last,
    );
    return widened(this.parts[0].domain, eventDim);
  }

  override get codomain(): Constraint {
    if (this.parts.length === 0) return real;
    const eventDim = this.parts.reduce(
      (dims, { domain, codomain }) => Math.max(dims + codomain.eventDim - domain.eventDim, codomain.eventDim),
      this.parts[0].domain.eventDim,
    );
    return widened(this.parts[this.parts.length - 1].codomain, eventDim);
  }

  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  override get sign(): Tensor | number {
    return this.parts.reduce<Tensor | number>((sign, part) => product(sign, part.sign), 1);
  }

  override get inv(): Transform {
    if (!this.#backward) {
      this.#backward = new ComposeTransform(this.parts.map(({ inv }) => inv).reverse());
      this.#backward.#backward = this;
    }
    return this.#backward;
  }

  override forward(x: Tensor): Tensor {
    return this.compute(x);
  }

  override inverse(y: Tensor): Tensor {
    return this.invert(y);
  }

  protected override compute(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part.forward(value), x);
  }

  protected override invert(y: Tensor): Tensor {
    return this.parts.reduceRight((value, part) => part.inverse(value), y);
  }

  /** The sum of those of the parts. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    if (this.parts.length === 0) return zerosLike(x);
    const between = [x];
    for (const part of this.parts.slice(0, -1)) between.push(part.forward(between[between.length - 1]));
    between.push(y);
    let { eventDim } = this.domain;
    const terms = this.parts.map((part, i) => {
      const term = part.logAbsDetJacobian(between[i], between[i + 1]);
      const summed = sumRightmost(term, eventDim - part.domain.eventDim);
      eventDim += part.codomain.eventDim - part.domain.eventDim;
      return summed;
    });
    return terms.reduce((sum, term) => add(sum, term));
  }

  protected override remade(options: TransformOptions): Transform {
    return new ComposeTransform(this.parts, options);
  }

  override forwardShape(shape: Shape): Shape {
    return this.parts.reduce((sizes, part) => part.forwardShape(sizes), shape);
  }

  override inverseShape(shape: Shape): Shape {
    return this.parts.reduceRight((sizes, part) => part.inverseShape(sizes), shape);
  }

  override equals(other: Transform): boolean {
    return other instanceof ComposeTransform && sameTransforms(this.parts, other.parts);
  }

  override toString(): string {
    return `${this.constructor.name}(\n    ${this.parts.join(",\n    ")}\n)`;
  }
}

const product = (a: Tensor | number, b: Tensor | number): Tensor | number => {
  if (typeof a === "number") return typeof b === "number" ? a * b : b.mul(a);
  return a.mul(b);
};

/** Whether two lists have the same functions in the same order. */
export const sameTransforms = (a: readonly Transform[], b: readonly Transform[]): boolean =>
  a.length === b.length && a.every((transform, i) => transform.equals(b[i]));

/** x as it is. @example distributions.transforms.identityTransform.forward(tensor([1, 2])) */
export const identityTransform = new ComposeTransform([]);
