/** Transforms of vectors and matrices: softmax, stick breaking, triangular matrices. */
import { sub } from "../autograd/ops/elementwise.ts";
import { cat } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { arange, eye, ones } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import type { Int, Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Constraint, corrCholesky, independent, lowerCholesky, real, realVector, simplex } from "./constraints.ts";
import { tooFew } from "./joined-transforms.ts";
import { Transform } from "./transform.ts";
import { clippedSigmoid, softplus } from "./transforms.ts";
import { lowerOf, vectorOf } from "./triangular.ts";

/** Checks that there is a last dimension, and makes it longer. */
function withLast(shape: Shape, change: Int): Shape {
  check(shape.length >= 1, tooFew);
  return [...shape.slice(0, -1), shape[shape.length - 1] + change];
}

/** y = eˣ / Σ eˣ, with log y as inverse. Mirrors `torch.distributions.transforms.SoftmaxTransform`. @example new distributions.transforms.SoftmaxTransform().forward(tensor([1, 2, 3])) */
export class SoftmaxTransform extends Transform {
  override get domain() {
    return realVector;
  }

  override get codomain() {
    return simplex;
  }

  protected override compute(x: Tensor): Tensor {
    const powers = x.sub(x.max(-1, { keepdim: true }).values).exp();
    return powers.div(powers.sum(-1, { keepdim: true }));
  }

  protected override invert(y: Tensor): Tensor {
    return y.log();
  }

  override forwardShape(shape: Shape): Shape {
    return withLast(shape, 0);
  }

  override inverseShape(shape: Shape): Shape {
    return withLast(shape, 0);
  }

  override equals(other: Transform): boolean {
    return other instanceof SoftmaxTransform;
  }
}

/** 1 before the numbers along the last dimension, or behind them. */
function beside(x: Tensor, place: "before" | "behind"): Tensor {
  const one = ones([...x.shape.slice(0, -1), 1], { dtype: x.dtype });
  return cat(place === "before" ? [one, x] : [x, one], -1);
}

/**
 * n numbers as n + 1 probabilities: each breaks a share, σ(x - log of how many are left), off what is left of a stick of length 1.
 * Mirrors `torch.distributions.transforms.StickBreakingTransform`.
 * @example new distributions.transforms.StickBreakingTransform().forward(tensor([0, 1]))
 */
export class StickBreakingTransform extends Transform {
  override get domain() {
    return realVector;
  }

  override get codomain() {
    return simplex;
  }

  override get bijective(): boolean {
    return true;
  }

  /** log n, log (n - 1), … log 1: with it, 0 breaks the stick in equal parts. */
  #offsets(n: Int, { dtype }: Tensor): Tensor {
    return arange(n, 0, -1, { dtype }).log();
  }

  protected override compute(x: Tensor): Tensor {
    const z = clippedSigmoid(x.sub(this.#offsets(x.shape[x.ndim - 1], x)));
    return beside(z, "behind").mul(beside(sub(1, z).cumprod(-1), "before"));
  }

  protected override invert(y: Tensor): Tensor {
    const n = y.shape[y.ndim - 1] - 1;
    const broken = y.narrow(-1, 0, n);
    const left = sub(1, broken.cumsum(-1)).clamp(finfo(y.dtype).tiny);
    return broken.log().sub(left.log()).add(this.#offsets(n, y));
  }

  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const n = x.shape[x.ndim - 1];
    const shifted = x.sub(this.#offsets(n, x));
    return shifted
      .neg()
      .sub(softplus(shifted.neg()))
      .add(y.narrow(-1, 0, n).log())
      .sum(-1);
  }

  override forwardShape(shape: Shape): Shape {
    return withLast(shape, 1);
  }

  override inverseShape(shape: Shape): Shape {
    return withLast(shape, -1);
  }

  override equals(other: Transform): boolean {
    return other instanceof StickBreakingTransform;
  }
}

/** Any matrix as a lower triangular one with a positive diagonal, eˣ. Mirrors `torch.distributions.transforms.LowerCholeskyTransform`. @example new distributions.transforms.LowerCholeskyTransform().forward(zeros([2, 2])) */
export class LowerCholeskyTransform extends Transform {
  override get domain(): Constraint {
    return independent(real, 2);
  }

  override get codomain(): Constraint {
    return lowerCholesky;
  }

  override get bijective(): boolean {
    return true;
  }

  protected override compute(x: Tensor): Tensor {
    return withDiagonal(x, (diagonal) => diagonal.exp());
  }

  protected override invert(y: Tensor): Tensor {
    return withDiagonal(y, (diagonal) => diagonal.log());
  }

  override equals(other: Transform): boolean {
    return other instanceof LowerCholeskyTransform;
  }
}

/**
 * n (n - 1) / 2 numbers as the lower triangular factor of n x n correlations: rows of length 1, of which each number, through tanh, takes
 * a share of what is left. Mirrors `torch.distributions.transforms.CorrCholeskyTransform`.
 * @example new distributions.transforms.CorrCholeskyTransform().forward(tensor([0, 1, -1]))
 */
export class CorrCholeskyTransform extends Transform {
  override get domain() {
    return realVector;
  }

  override get codomain() {
    return corrCholesky;
  }

  override get bijective(): boolean {
    return true;
  }

  protected override compute(x: Tensor): Tensor {
    const { eps } = finfo(x.dtype);
    const r = lowerOf(x.tanh().clamp(-1 + eps, 1 - eps), -1);
    const n = r.shape[r.ndim - 1];
    const left = sub(1, r.square())
      .sqrt()
      .cumprod(-1)
      .narrow(-1, 0, n - 1);
    return r.add(eye(n, { dtype: x.dtype })).mul(beside(left, "before"));
  }

  protected override invert(y: Tensor): Tensor {
    const n = y.shape[y.ndim - 1];
    const left = beside(leftOf(y).narrow(-1, 0, n - 1), "before");
    const t = vectorOf(y, -1).div(vectorOf(left, -1).sqrt());
    return t.add(1).div(sub(1, t)).log().div(2);
  }

  /** Of x and the part of y below the diagonal. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ofSticks = vectorOf(leftOf(y), -2).log().sum(-1).mul(0.5);
    const ofTanh = x
      .add(softplus(x.mul(-2)))
      .sub(Math.LN2)
      .sum(-1)
      .mul(-2);
    return ofSticks.add(ofTanh);
  }

  override forwardShape(shape: Shape): Shape {
    check(shape.length >= 1, tooFew);
    const length = shape[shape.length - 1];
    const n = Math.round(Math.sqrt(0.25 + 2 * length) + 0.5);
    check((n * (n - 1)) / 2 === length, "Input is not a flattend lower-diagonal number");
    return [...shape.slice(0, -1), n, n];
  }

  override inverseShape(shape: Shape): Shape {
    check(shape.length >= 2, tooFew);
    const [rows, n] = shape.slice(-2);
    check(rows === n, "Input is not square");
    return [...shape.slice(0, -2), (n * (n - 1)) / 2];
  }
}

/** How much of the square of a row's length, 1, is left after each element. */
const leftOf = (y: Tensor): Tensor => sub(1, y.square().cumsum(-1));

/** What is below the diagonal, and another diagonal. */
function withDiagonal(x: Tensor, change: (diagonal: Tensor) => Tensor): Tensor {
  const unit = eye(x.shape[x.ndim - 1], { dtype: x.dtype });
  return x.tril(-1).add(
    change(x.diagonal(0, -2, -1))
      .unsqueeze(-1)
      .mul(unit),
  );
}
