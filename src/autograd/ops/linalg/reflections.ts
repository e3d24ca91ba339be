/** Householder's reflections I - tau · v vᵀ, of which a QR factorization is made, one by one. */
import { check } from "../../../tensor/check.ts";
import { eye } from "../../../tensor/create.ts";
import { cName, isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { householder } from "../../../tensor/linalg/qr.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { add, mul, sub } from "../elementwise.ts";
import { tril } from "../masks.ts";
import { matmul } from "../matmul.ts";
import { narrow } from "../parts.ts";
import { unsqueeze } from "../shape.ts";
import { checkTakes, withoutDerivative } from "../shared/implemented.ts";
import { eachMatrix, mT, sizesOf } from "./batches.ts";

/** A QR factorization, as it is computed. */
export interface Reflections {
  /** R on and above the diagonal; below it, in column k, the rest of v whose element k is 1. */
  a: Tensor;
  /** The factor of each reflection. */
  tau: Tensor;
}

/**
 * The reflections of which Q is the product, and R, of each matrix. Mirrors `torch.geqrf`.
 * @throws from backward
 * @example tensor([[3, 1], [4, 2]]).geqrf()
 */
export function geqrf(A: Tensor): Reflections {
  check(A.ndim >= 2, () => `torch.geqrf: input must have at least 2 dimensions.`);
  check(isFloatingPoint(A.dtype), () => `"geqrf_cpu" not implemented for '${scalarName[A.dtype]}'`);
  const [m, n] = sizesOf(A);
  const [a, tau] = eachMatrix(A, [[m, n], [Math.min(m, n)]], (matrix) => {
    const { r, vectors, taus } = householder(matrix, m, n);
    return [r.map((value, k) => value + vectors[k]), taus];
  });
  return { a: withoutDerivative("geqrf", a, A), tau: withoutDerivative("geqrf", tau, A) };
}

/** H₁ H₂ … x, or with `transposed` … H₂ H₁ x, of the columns of `vectors` below their diagonal. */
function reflected(vectors: Tensor, tau: Tensor, x: Tensor, transposed: boolean): Tensor {
  const [m, n] = sizesOf(vectors);
  const V = add(tril(vectors, -1), eye(m, n, { dtype: x.dtype }));
  const order = Array.from({ length: tau.shape[tau.ndim - 1] }, (_, k) => k);
  if (!transposed) order.reverse();
  return order.reduce((y, k) => {
    const v = narrow(V, -1, k, 1);
    const factor = unsqueeze(narrow(tau, -1, k, 1), -1);
    return sub(y, mul(matmul(v, matmul(mT(v), y)), factor));
  }, x);
}

/**
 * The first columns of H₁ H₂ …, as many as A has, for reflections as `geqrf` gives them: Q. Mirrors `torch.linalg.householder_product`.
 * @example
 * const { a, tau } = geqrf(tensor([[3, 1], [4, 2]]));
 * console.log(linalg.householderProduct(a, tau));
 */
export function householderProduct(A: Tensor, tau: Tensor): Tensor {
  const name = "torch.linalg.householder_product";
  check(A.ndim >= 2, `${name}: input must have at least 2 dimensions.`);
  const [m, n] = sizesOf(A);
  check(m >= n, `${name}: input.shape[-2] must be greater than or equal to input.shape[-1]`);
  check(n >= tau.shape[tau.ndim - 1], `${name}: input.shape[-1] must be greater than or equal to tau.shape[-1]`);
  const otherRank = () =>
    `${name}: Expected tau to have one dimension less than input, but got tau.ndim equal to ${tau.ndim} and input.ndim is equal to ${A.ndim}`;
  check(tau.ndim === A.ndim - 1, otherRank);
  const otherType = () =>
    `${name}: tau dtype ${scalarName[tau.dtype]} does not match input dtype ${scalarName[A.dtype]}`;
  check(tau.dtype === A.dtype, otherType);
  checkTakes("orgqr_cpu", A, isFloatingPoint);
  return reflected(A, tau, eye(m, n, { dtype: A.dtype }), false);
}

/** The same under LAPACK's name. Mirrors `torch.orgqr`. @example eye(2).orgqr(zeros(2)) */
export const orgqr = (A: Tensor, tau: Tensor): Tensor => householderProduct(A, tau);

/** On which side Q stands, and whether it is transposed. */
export interface OrmqrOptions {
  /** Q x, not x Q. Default: true. */
  left?: boolean;
  /** Qᵀ in the place of Q. Default: false. */
  transpose?: boolean;
}

/** Q x for all of the square matrix Q = H₁ H₂ …, given by its reflections. Mirrors `torch.ormqr`. @example eye(2).ormqr(zeros(2), ones([2, 3])) */
export function ormqr(A: Tensor, tau: Tensor, other: Tensor, options?: OrmqrOptions): Tensor {
  const { left, transpose } = readOptions(options, { left: true, transpose: false });
  const name = "torch.ormqr";
  check(A.ndim >= 2, `${name}: input must have at least 2 dimensions.`);
  check(other.ndim >= 2, `${name}: other must have at least 2 dimensions.`);
  const [side, size] = left ? [-2, sizesOf(other)[0]] : [-1, sizesOf(other)[1]];
  check(
    size >= tau.shape[tau.ndim - 1],
    `${name}: other.shape[${side}] must be greater than or equal to tau.shape[-1]`,
  );
  check(size === sizesOf(A)[0], `${name}: other.shape[${side}] must be equal to input.shape[-2]`);
  const otherType = (what: string, x: Tensor) => () =>
    `${name}: Expected input and ${what} to have the same dtype, but input has dtype ${cName[A.dtype]} and ${what} has dtype ${cName[x.dtype]}`;
  check(tau.dtype === A.dtype, otherType("tau", tau));
  check(other.dtype === A.dtype, otherType("other", other));
  checkTakes("ormqr_cpu", A, isFloatingPoint);
  return left ? reflected(A, tau, other, transpose) : mT(reflected(A, tau, mT(other), !transpose));
}
