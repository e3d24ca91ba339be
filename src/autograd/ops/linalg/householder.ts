/** What Householder's reflections I - tau · v vᵀ make of a matrix, one after the other. Read next: reflections.ts. */
import { check } from "../../../tensor/check.ts";
import { eye } from "../../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { add, mul, sub } from "../elementwise.ts";
import { tril, triu } from "../masks.ts";
import { matmul } from "../matmul.ts";
import { narrow } from "../parts.ts";
import { to, unsqueeze } from "../shape.ts";
import { checkTakes } from "../shared/implemented.ts";
import { mT, sizesOf } from "./batches.ts";

/** H₁ H₂ … x, or with `transposed` … H₂ H₁ x, of the columns of `vectors` below their diagonal. */
export function reflected(vectors: Tensor, tau: Tensor, x: Tensor, transposed: boolean): Tensor {
  const [m, n] = sizesOf(vectors);
  const V = add(tril(to(vectors, "float64"), -1), eye(m, n, { dtype: "float64" }));
  const factors = to(tau, "float64");
  const order = Array.from({ length: tau.shape[tau.ndim - 1] }, (_, k) => k);
  if (!transposed) order.reverse();
  const y = order.reduce(
    (y, k) => {
      const v = narrow(V, -1, k, 1);
      const factor = unsqueeze(narrow(factors, -1, k, 1), -1);
      return sub(y, mul(matmul(v, matmul(mT(v), y)), factor));
    },
    to(x, "float64"),
  );
  return to(y, x.dtype);
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
  const zeros = tril(triu(A, 1), -1); // so that Q is one of A's where there are no reflections, too
  return reflected(A, tau, add(zeros, eye(m, n, { dtype: A.dtype })), false);
}
