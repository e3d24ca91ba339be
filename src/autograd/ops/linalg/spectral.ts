/** Eigenvalues of symmetric matrices and singular values, with their vectors, and what is made of them. */
import { check } from "../../../tensor/check.ts";
import { eye } from "../../../tensor/create.ts";
import { singularValues } from "../../../tensor/linalg/singular.ts";
import { symmetricEigen } from "../../../tensor/linalg/symmetric.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { add, div, mul, sub } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { cat, narrow } from "../parts.ts";
import { clone, unsqueeze } from "../shape.ts";
import { checkMatrices, checkSquare, eachMatrix, inBatch, mT, sizesOf } from "./batches.ts";

/** yᵢⱼ = xⱼ - xᵢ, and 1 on the diagonal, by which one can divide. */
function differences(x: Tensor): Tensor {
  const n = x.shape[x.ndim - 1];
  return add(sub(unsqueeze(x, -2), unsqueeze(x, -1)), eye(n, { dtype: x.dtype }));
}

/** x without its diagonals. */
const besideDiagonal = (x: Tensor): Tensor => mul(x, sub(1, eye(x.shape[x.ndim - 1], { dtype: x.dtype })));

/** y = Λ, dA = V dΛ Vᵀ */
const eigenvaluesOf = defineOp("eigvalsh", (A: Tensor, L: Tensor, V: Tensor): Applied => {
  return { y: L, saves: [V], grads: [[A, (dL) => matmul(mul(V, unsqueeze(dL, -2)), mT(V))]] };
});

/** y = V, dA = V (skew(Vᵀ dV) / 2 / (λⱼ - λᵢ), 0 on the diagonal) Vᵀ, skew(x) = x - xᵀ: symmetric, as A is */
const eigenvectorsOf = defineOp("eigh", (A: Tensor, L: Tensor, V: Tensor): Applied => {
  const grad = (dV: Tensor) => {
    const product = matmul(mT(V), dV);
    const inner = besideDiagonal(div(sub(product, mT(product)), mul(differences(L), 2)));
    return matmul(V, matmul(inner, mT(V)));
  };
  return { y: V, saves: [L, V], grads: [[A, grad]] };
});

/** Which triangle is read. */
export type Triangle = "L" | "U";

/** Λ and V. */
export interface Eigen {
  /** Ascending, (…, N). */
  eigenvalues: Tensor;
  /** In columns, unit vectors perpendicular to each other, (…, N, N). */
  eigenvectors: Tensor;
}

/**
 * A V = V Λ for each symmetric matrix (…, N, N), of which one triangle is read, the lower or, with "U", the upper one. Each vector may as
 * well have the opposite sign: only what does not depend on that has a meaning, and a gradient that can be used.
 * Mirrors `torch.linalg.eigh`.
 * @example linalg.eigh(tensor([[2, 1], [1, 2]])).eigenvalues
 */
export function eigh(A: Tensor, UPLO: Triangle = "L"): Eigen {
  checkSquare("linalg.eigh", A);
  check(UPLO === "L" || UPLO === "U", () => `Expected UPLO argument to be 'L' or 'U', but got ${UPLO}`);
  const n = A.shape[A.ndim - 1];
  const [L, V] = eachMatrix(A, [[n], [n, n]], (a) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        if (UPLO === "L") a[j * n + i] = a[i * n + j];
        else a[i * n + j] = a[j * n + i];
      }
    }
    const { values, vectors } = symmetricEigen(a, n);
    return [values, vectors];
  });
  return { eigenvalues: eigenvaluesOf(A, L, V), eigenvectors: eigenvectorsOf(A, L, V) };
}

/** The eigenvalues alone. Mirrors `torch.linalg.eigvalsh`. @example linalg.eigvalsh(tensor([[2, 1], [1, 2]])) */
export const eigvalsh = (A: Tensor, UPLO: Triangle = "L"): Tensor => eigh(A, UPLO).eigenvalues;

/** y = S, dA = U dS Vᵀ */
const singularValuesOf = defineOp("svdvals", (A: Tensor, S: Tensor, U: Tensor, Vh: Tensor): Applied => {
  return { y: S, saves: [U, Vh], grads: [[A, (dS) => matmul(mul(U, unsqueeze(dS, -2)), Vh)]] };
});

/** y = U. With E the differences of S², dA = (U (skew(Uᵀ dU) / E) S + (I - U Uᵀ) dU S⁻¹) Vᵀ, skew(x) = x - xᵀ */
const leftVectorsOf = defineOp("svdU", (A: Tensor, U: Tensor, S: Tensor, Vh: Tensor): Applied => {
  return { y: U, saves: [U, S, Vh], grads: [[A, (dU) => matmul(fromVectors(dU, U, S), Vh)]] };
});

/** y = Vᵀ: the same of Aᵀ */
const rightVectorsOf = defineOp("svdVh", (A: Tensor, U: Tensor, S: Tensor, Vh: Tensor): Applied => {
  return { y: Vh, saves: [U, S, Vh], grads: [[A, (dVh) => matmul(U, mT(fromVectors(mT(dVh), mT(Vh), S)))]] };
});

function fromVectors(dU: Tensor, U: Tensor, S: Tensor): Tensor {
  const product = matmul(mT(U), dU);
  const squares = mul(S, S);
  const inner = besideDiagonal(div(sub(product, mT(product)), differences(squares)));
  const within = mul(matmul(U, inner), unsqueeze(S, -2));
  const [m, k] = sizesOf(U);
  return m === k ? within : add(within, div(sub(dU, matmul(U, product)), unsqueeze(S, -2)));
}

/** U, S and Vᵀ. */
export interface SVD {
  /** The left singular vectors, in columns. */
  U: Tensor;
  /** The singular values, descending, (…, min(M, N)). */
  S: Tensor;
  /** The right singular vectors, in rows. */
  Vh: Tensor;
}

/** Which vectors. */
export interface SVDOptions {
  /** All: U (…, M, M) and Vh (…, N, N), not (…, M, K) and (…, K, N) with K = min(M, N). What is added has no gradient. Default: true. */
  fullMatrices?: boolean;
}

/**
 * U · S · Vh = A for each matrix (…, M, N). A pair of vectors may as well have the opposite sign: only what does not depend on that has a
 * meaning, and a gradient that can be used; and that needs singular values that differ. Mirrors `torch.linalg.svd`.
 * @throws for numbers that are not finite
 * @example linalg.svd(tensor([[3, 0], [0, 4]])).S
 */
export function svd(A: Tensor, options?: SVDOptions): SVD {
  const { fullMatrices } = readOptions(options, { fullMatrices: true });
  checkMatrices("linalg.svd", A);
  const [m, n] = sizesOf(A);
  const k = Math.min(m, n);
  const shapes = [[m, m], [k], [n, n]]; // biome-ignore format: three shapes
  const [left, S, right] = eachMatrix(A, shapes, (a, i) => {
    const notFinite = () =>
      `linalg.svd: ${inBatch(A, i)}The algorithm failed to converge because the input matrix contained non-finite values.`;
    check(a.every(Number.isFinite), notFinite);
    const { u, s, v } = singularValues(a, m, n);
    return [u, s, v];
  });
  const thin = (x: Tensor) => narrow(x, -1, 0, k);
  const [U, Vh] = [clone(thin(left)), clone(mT(thin(right)))];
  const found = {
    U: leftVectorsOf(A, U, S, Vh),
    S: singularValuesOf(A, S, U, Vh),
    Vh: rightVectorsOf(A, U, S, Vh),
  };
  if (!fullMatrices) return found;
  const others = (x: Tensor) => narrow(x, -1, k, x.shape[x.ndim - 1] - k);
  return {
    U: m > k ? cat([found.U, others(left)], -1) : found.U,
    S: found.S,
    Vh: n > k ? cat([found.Vh, mT(others(right))], -2) : found.Vh,
  };
}

/** The singular values alone, descending. Mirrors `torch.linalg.svdvals`. @example linalg.svdvals(tensor([[3, 0], [0, 4]])) */
export const svdvals = (A: Tensor): Tensor => svd(A, { fullMatrices: false }).S;
