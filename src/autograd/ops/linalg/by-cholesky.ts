/** What Cholesky's factor is for: solving with A = L Lᵀ, and A's inverse. */
import { check } from "../../../tensor/check.ts";
import { eye } from "../../../tensor/create.ts";
import { isFloatingPoint } from "../../../tensor/dtype.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { checkTakes } from "../shared/implemented.ts";
import { checkSquareSizes, mT, sizesOf } from "./batches.ts";
import type { CholeskyOptions } from "./factorizations.ts";
import { solveTriangular } from "./solving.ts";

/** X = L⁻ᵀ L⁻¹ B */
function solved(B: Tensor, L: Tensor, upper: boolean): Tensor {
  if (upper) return solved(B, mT(L), false);
  return solveTriangular(mT(L), solveTriangular(L, B, { upper: false }), { upper: true });
}

/** X with L Lᵀ X = B. */
export function solveByCholesky(B: Tensor, L: Tensor, options?: CholeskyOptions): Tensor {
  const { upper } = readOptions(options, { upper: false });
  check(B.ndim >= 2, () => `b should have at least 2 dimensions, but has ${B.ndim} dimensions instead`);
  check(L.ndim >= 2, () => `u should have at least 2 dimensions, but has ${L.ndim} dimensions instead`);
  const [[m, n], [rows, columns]] = [sizesOf(L), sizesOf(B)];
  check(m === n, () => `A must be batches of square matrices, but they are ${m} by ${n} matrices`);
  const otherSize = () =>
    `Incompatible matrix sizes for cholesky_solve: each A matrix is ${m} by ${n} but each b matrix is ${rows} by ${columns}`;
  check(n === rows, otherSize);
  checkTakes("cholesky_solve_cpu", B, isFloatingPoint);
  return solved(B, L, upper);
}

/** (L Lᵀ)⁻¹ */
export function inverseByCholesky(L: Tensor, options?: CholeskyOptions): Tensor {
  const { upper } = readOptions(options, { upper: false });
  check(L.ndim >= 2, "cholesky_inverse: The input tensor A must have at least 2 dimensions.");
  checkSquareSizes("cholesky_inverse", L);
  checkTakes("cholesky_inverse_out_cpu", L, isFloatingPoint);
  return solved(eye(sizesOf(L)[0], { dtype: L.dtype }), L, upper);
}
