/**
 * Symmetric and lower triangular matrices, in the last two dimensions: what a multivariate normal distribution computes with.
 * All is made of operations, a row or column at a time, so that it has derivatives of every order.
 */
import { sub } from "../autograd/ops/elementwise.ts";
import { cat, stack } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import { tensor, zeros } from "../tensor/create.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";

/**
 * L with A = L Lᵀ, for symmetric A, column by column: c = A[j:, j] - L[j:, :j] L[j, :j]ᵀ, then L[j:, j] = c / √c₀. A and its
 * transpose share the gradient.
 */
export function cholesky(matrix: Tensor): Tensor {
  check(isPositiveDefinite(matrix).all().item() === 1, notPositiveDefinite);
  const n = matrix.shape[matrix.ndim - 1];
  const a = matrix.add(matrix.transpose(-2, -1)).div(2);
  const columns: Tensor[] = [];
  for (let j = 0; j < n; j++) {
    let c = a.select(-1, j).narrow(-1, j, n - j);
    if (j > 0) {
      const left = stack(columns, -1).narrow(-2, j, n - j); // (…, n - j, j)
      c = sub(c, left.mul(left.narrow(-2, 0, 1)).sum(-1));
    }
    const below = c.div(c.narrow(-1, 0, 1).sqrt());
    const above = zeros([...below.shape.slice(0, -1), j], { dtype: below.dtype });
    columns.push(cat([above, below], -1));
  }
  return stack(columns, -1);
}

const notPositiveDefinite = () =>
  "linalg.cholesky: The factorization could not be completed because the input is not positive-definite.";

/** X with L X = B, row by row: xᵢ = (bᵢ - L[i, :i] X[:i]) / Lᵢᵢ. Batches broadcast. */
export function solveLower(lower: Tensor, b: Tensor): Tensor {
  const n = b.shape[b.ndim - 2];
  const rows: Tensor[] = [];
  for (let i = 0; i < n; i++) {
    const row = lower.narrow(-2, i, 1); // (…, 1, n)
    let rest = b.narrow(-2, i, 1);
    if (i > 0) rest = sub(rest, row.narrow(-1, 0, i).matmul(cat(rows, -2)));
    rows.push(rest.div(row.narrow(-1, i, 1)));
  }
  return cat(rows, -2);
}

/** Where the elements of a vector are in a matrix of n rows, row by row: those up to diagonal k. */
const placesIn = (n: number, k: number): number[] =>
  Array.from({ length: n * n }, (_, at) => at).filter((at) => (at % n) - Math.floor(at / n) <= k);

/**
 * Lower triangular matrices of vectors, in the order of rows, up to diagonal k ≤ 0, with zeros above it.
 * @throws for a vector that is of another length
 */
export function lowerOf(vectors: Tensor, k: number): Tensor {
  const length = vectors.shape[vectors.ndim - 1];
  const n = Math.round((Math.sqrt((1 + 2 * k) ** 2 + 8 * length + 4 * -k * (k + 1)) - (1 + 2 * k)) / 2);
  const places = placesIn(n, k);
  const otherLength = () =>
    `The size of last dimension is ${length} which cannot be expressed as the lower triangular part of a square D x D matrix.`;
  check(places.length === length, otherLength);
  const at = Array<number>(n * n).fill(length); // where there is a zero
  for (const [i, place] of places.entries()) at[place] = i;
  const zero = zeros([...vectors.shape.slice(0, -1), 1], { dtype: vectors.dtype });
  return cat([vectors, zero], -1)
    .indexSelect(-1, tensor(at, { dtype: "int32" }))
    .unflatten(-1, [n, n]);
}

/** The reverse: the elements up to diagonal k, in the order of rows. */
export function vectorOf(matrices: Tensor, k: number): Tensor {
  const places = placesIn(matrices.shape[matrices.ndim - 1], k);
  return matrices.flatten(-2).indexSelect(-1, tensor(places, { dtype: "int32" }));
}

/** Whether each symmetric matrix has a Cholesky factor, for which only its lower triangle is read. */
export function isPositiveDefinite(matrix: Tensor): Tensor {
  const n = matrix.shape[matrix.ndim - 1];
  const elements = Float64Array.from(elementsOf(matrix));
  const verdict = zeros(matrix.shape.slice(0, -2), { dtype: "bool" });
  const { data } = verdict.storage;
  for (let k = 0; k < data.length; k++) data[k] = Number(factorizes(elements.subarray(k * n * n, (k + 1) * n * n), n));
  return verdict;
}

/** Cholesky's factorization of one matrix, in place, up to a diagonal that is not positive. */
function factorizes(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= a[i * n + k] * a[j * n + k];
      if (i === j && !(rest > 0)) return false;
      a[i * n + j] = i === j ? Math.sqrt(rest) : rest / a[j * n + j];
    }
  }
  return true;
}
