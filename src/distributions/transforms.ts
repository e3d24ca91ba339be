/** Transforms of single numbers: exp, powers, sigmoids, lines. Those of vectors are in vector-transforms.ts. */
import { add, mul, type Operand } from "../autograd/ops/elementwise.ts";
import { softplus as softplusOf } from "../autograd/ops/layers/activation.ts";
import { fullLike } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import { broadcastShapes, type Int, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, independent, interval, positive, real, unitInterval } from "./constraints.ts";
import type { Distribution } from "./distribution.ts";
import { broadcastAll } from "./parameters.ts";
import { Transform, type TransformOptions } from "./transform.ts";

/** log(1 + eˣ) */
export const softplus = (x: Tensor): Tensor => softplusOf(x, 1, 20);

/** A transform that rises everywhere, and takes no parameters. */
abstract class RisingTransform extends Transform {
  override get bijective(): boolean {
    return true;
  }

  override get sign(): number {
    return 1;
  }

  override equals(other: Transform): boolean {
    return other.constructor === this.constructor;
  }
}

/** y = eˣ. Mirrors `torch.distributions.transforms.ExpTransform`. @example new distributions.transforms.ExpTransform().forward(tensor([0, 1])) */
export class ExpTransform extends RisingTransform {
  override get domain() {
    return real;
  }

  override get codomain() {
    return positive;
  }

  protected override compute(x: Tensor): Tensor {
    return x.exp();
  }

  protected override invert(y: Tensor): Tensor {
    return y.log();
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return x;
  }
}

/** y = x to the power of an exponent. Mirrors `torch.distributions.transforms.PowerTransform`. @example new distributions.transforms.PowerTransform(2).forward(tensor([1, 3])) */
export class PowerTransform extends RisingTransform {
  /** The power. */
  readonly exponent: Tensor;

  constructor(exponent: Operand, options?: TransformOptions) {
    super(options);
    [this.exponent] = broadcastAll(exponent);
  }

  override get domain() {
    return positive;
  }

  override get codomain() {
    return positive;
  }

  protected override compute(x: Tensor): Tensor {
    return x.pow(this.exponent);
  }

  protected override invert(y: Tensor): Tensor {
    return y.pow(this.exponent.reciprocal());
  }

  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.exponent.mul(y).div(x).abs().log();
  }

  protected override remade(options: TransformOptions): Transform {
    return new PowerTransform(this.exponent, options);
  }

  override forwardShape(shape: Shape): Shape {
    return broadcastShapes(shape, this.exponent.shape, "broadcast_shapes");
  }

  override inverseShape(shape: Shape): Shape {
    return this.forwardShape(shape);
  }

  override equals(other: Transform): boolean {
    return other instanceof PowerTransform && sameNumbers(this.exponent, other.exponent);
  }
}

/** σ(x), neither 0 nor 1 */
export function clippedSigmoid(x: Tensor): Tensor {
  const { tiny, eps } = finfo(x.dtype);
  return x.sigmoid().clamp(tiny, 1 - eps);
}

/** y = 1 / (1 + e⁻ˣ). Mirrors `torch.distributions.transforms.SigmoidTransform`. @example new distributions.transforms.SigmoidTransform().forward(tensor([0, 2])) */
export class SigmoidTransform extends RisingTransform {
  override get domain() {
    return real;
  }

  override get codomain() {
    return unitInterval;
  }

  protected override compute(x: Tensor): Tensor {
    return clippedSigmoid(x);
  }

  protected override invert(y: Tensor): Tensor {
    const { tiny, eps } = finfo(y.dtype);
    const share = y.clamp(tiny, 1 - eps);
    return share.log().sub(share.neg().log1p());
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return softplus(x.neg()).neg().sub(softplus(x));
  }
}

/** y = log(1 + eˣ). Mirrors `torch.distributions.transforms.SoftplusTransform`. @example new distributions.transforms.SoftplusTransform().forward(tensor([0, 2])) */
export class SoftplusTransform extends RisingTransform {
  override get domain() {
    return real;
  }

  override get codomain() {
    return positive;
  }

  protected override compute(x: Tensor): Tensor {
    return softplus(x);
  }

  protected override invert(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y);
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return softplus(x.neg()).neg();
  }
}

/**
 * y = tanh x. Where y comes from this transform, `cacheSize: 1` finds its x again, which atanh could not near ±1.
 * Mirrors `torch.distributions.transforms.TanhTransform`.
 * @example new distributions.transforms.TanhTransform({ cacheSize: 1 }).forward(tensor([0, 2]))
 */
export class TanhTransform extends RisingTransform {
  override get domain() {
    return real;
  }

  override get codomain() {
    return interval(-1, 1);
  }

  protected override compute(x: Tensor): Tensor {
    return x.tanh();
  }

  protected override invert(y: Tensor): Tensor {
    return y.atanh();
  }

  /** log (1 - tanh² x), as 2 (log 2 - x - log (1 + e⁻²ˣ)), which is precise for large x, too */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return x
      .neg()
      .add(Math.LN2)
      .sub(softplus(x.mul(-2)))
      .mul(2);
  }
}

/** y = |x|, with y as inverse. Mirrors `torch.distributions.transforms.AbsTransform`. @example new distributions.transforms.AbsTransform().forward(tensor([-1, 2])) */
export class AbsTransform extends Transform {
  override get domain() {
    return real;
  }

  override get codomain() {
    return positive;
  }

  protected override compute(x: Tensor): Tensor {
    return x.abs();
  }

  protected override invert(y: Tensor): Tensor {
    return y;
  }

  override equals(other: Transform): boolean {
    return other instanceof AbsTransform;
  }
}

/** Of a line. */
export interface AffineOptions extends TransformOptions {
  /** How many dimensions at the end of a value are one event. Default: 0. */
  eventDim?: Int;
}

const shapeOf = (x: Operand): Shape => (typeof x === "number" ? [] : x.shape);

/** Whether two parameters are equal everywhere. */
function sameNumbers(a: Operand, b: Operand): boolean {
  const [x, y] = broadcastAll(a, b);
  return x.eq(y).all().item() === 1;
}

/** y = loc + scale · x. Mirrors `torch.distributions.transforms.AffineTransform`. @example new distributions.transforms.AffineTransform(1, 2).forward(tensor([0, 3])) */
export class AffineTransform extends Transform {
  readonly #eventDim: Int;
  /** y at 0. */
  readonly loc: Operand;
  /** The slope. */
  readonly scale: Operand;

  constructor(loc: Operand, scale: Operand, options?: AffineOptions) {
    super(options);
    this.loc = loc;
    this.scale = scale;
    this.#eventDim = options?.eventDim ?? 0;
  }

  override get eventDim(): Int {
    return this.#eventDim;
  }

  override get domain(): Constraint {
    return this.#eventDim === 0 ? real : independent(real, this.#eventDim);
  }

  override get codomain(): Constraint {
    return this.domain;
  }

  override get bijective(): boolean {
    return true;
  }

  override get sign(): Tensor | number {
    return typeof this.scale === "number" ? Math.sign(this.scale) : this.scale.sign();
  }

  protected override compute(x: Tensor): Tensor {
    return add(this.loc, mul(this.scale, x));
  }

  protected override invert(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale);
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    const { scale } = this;
    const slopes = typeof scale === "number" ? fullLike(x, Math.log(Math.abs(scale))) : scale.abs().log();
    if (this.#eventDim === 0) return slopes.expand(x.shape);
    const kept = x.ndim - this.#eventDim;
    return slopes
      .reshape(...slopes.shape.slice(0, -this.#eventDim), -1)
      .sum(-1)
      .expand(x.shape.slice(0, kept));
  }

  protected override remade(options: TransformOptions): Transform {
    return new AffineTransform(this.loc, this.scale, { ...options, eventDim: this.#eventDim });
  }

  override forwardShape(shape: Shape): Shape {
    const shapes = [shape, shapeOf(this.loc), shapeOf(this.scale)];
    return shapes.reduce((a, b) => broadcastShapes(a, b, "broadcast_shapes"));
  }

  override inverseShape(shape: Shape): Shape {
    return this.forwardShape(shape);
  }

  override equals(other: Transform): boolean {
    if (!(other instanceof AffineTransform)) return false;
    return sameNumbers(this.loc, other.loc) && sameNumbers(this.scale, other.scale);
  }
}

/**
 * y = the probability of values up to x in a distribution.
 * Mirrors `torch.distributions.transforms.CumulativeDistributionTransform`.
 * @example new distributions.transforms.CumulativeDistributionTransform(new distributions.Normal(0, 1)).forward(tensor([0, 1]))
 */
export class CumulativeDistributionTransform extends Transform {
  /** The distribution. */
  readonly distribution: Distribution;

  constructor(distribution: Distribution, options?: TransformOptions) {
    super(options);
    this.distribution = distribution;
  }

  override get domain(): Constraint {
    return this.distribution.support;
  }

  override get codomain() {
    return unitInterval;
  }

  override get bijective(): boolean {
    return true;
  }

  override get sign(): number {
    return 1;
  }

  protected override compute(x: Tensor): Tensor {
    return this.distribution.cdf(x);
  }

  protected override invert(y: Tensor): Tensor {
    return this.distribution.icdf(y);
  }

  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return this.distribution.logProb(x);
  }

  protected override remade(options: TransformOptions): Transform {
    return new CumulativeDistributionTransform(this.distribution, options);
  }
}
