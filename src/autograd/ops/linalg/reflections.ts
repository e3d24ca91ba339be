/** Householder's reflections I - tau · v vᵀ, of which a QR factorization is made, one by one. */
import { check } from "../../../tensor/check.ts";
import { cName, isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { householder } from "../../../tensor/linalg/qr.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { owned } from "../../op.ts";
import { checkTakes, withoutDerivative } from "../shared/implemented.ts";
import { eachMatrix, mT, sizesOf } from "./batches.ts";
import { householderProduct, reflected } from "./householder.ts";

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
  return left ? reflected(A, tau, other, transpose) : owned(mT(reflected(A, tau, mT(other), !transpose)));
}
