/** LU factorization with partial pivoting: rows of A, in another order, are L · U, from which det A and A⁻¹ B follow. */

/** L below the diagonal, where its ones are not written, and U from the diagonal on; and which rows were exchanged. */
export interface Factors {
  readonly lu: Float64Array;
  /** Row k was exchanged with row pivots[k] ≥ k. */
  readonly pivots: Int32Array;
  /** Which diagonal element of U is 0, counted from 1; 0 if none is. */
  readonly singular: number;
}

/** Of a matrix (m, n), where m is n if it is not said. Column by column: the largest element below becomes the pivot, and what is below it is eliminated. */
export function luFactors(a: Float64Array, n: number, m = n): Factors {
  const lu = a.slice();
  const pivots = new Int32Array(Math.min(m, n));
  let singular = 0;
  for (let k = 0; k < pivots.length; k++) {
    let p = k;
    for (let i = k + 1; i < m; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[p * n + k])) p = i;
    pivots[k] = p;
    if (p !== k) for (let j = 0; j < n; j++) [lu[k * n + j], lu[p * n + j]] = [lu[p * n + j], lu[k * n + j]];
    const pivot = lu[k * n + k];
    if (pivot === 0) {
      if (singular === 0) singular = k + 1;
      continue;
    }
    for (let i = k + 1; i < m; i++) {
      const factor = lu[i * n + k] / pivot;
      lu[i * n + k] = factor;
      for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
    }
  }
  return { lu, pivots, singular };
}

/** Whether the smallest element of U's diagonal may be what rounding has left of a 0. */
export function isNearlySingular({ lu, pivots }: Factors): boolean {
  const n = pivots.length;
  const diagonal = Array.from(pivots, (_, k) => Math.abs(lu[k * n + k]));
  return n > 0 && !(Math.min(...diagonal) > n * Number.EPSILON * Math.max(...diagonal));
}

/** The sign of det A and the logarithm of its size: of the product of U's diagonal, with a sign for each exchange. */
export function logDeterminant({ lu, pivots }: Factors): { sign: number; log: number } {
  const n = pivots.length;
  let [sign, log] = [1, 0];
  for (let k = 0; k < n; k++) {
    const u = lu[k * n + k];
    sign *= Math.sign(u) * (pivots[k] === k ? 1 : -1);
    log += Math.log(Math.abs(u));
  }
  return { sign, log };
}

/** det A, which may be 0. */
export function determinant({ lu, pivots }: Factors): number {
  const n = pivots.length;
  let product = 1;
  for (let k = 0; k < n; k++) product *= pivots[k] === k ? lu[k * n + k] : -lu[k * n + k];
  return product;
}

/** x = A⁻¹ b in place, for the columns of b (n, m): the exchanges, then L y = b downwards, then U x = y upwards. */
export function solveFactored({ lu, pivots }: Factors, b: Float64Array, m: number): void {
  const n = pivots.length;
  for (let k = 0; k < n; k++) {
    const p = pivots[k];
    if (p !== k) for (let j = 0; j < m; j++) [b[k * m + j], b[p * m + j]] = [b[p * m + j], b[k * m + j]];
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) for (let j = 0; j < m; j++) b[i * m + j] -= lu[i * n + k] * b[k * m + j];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) for (let j = 0; j < m; j++) b[i * m + j] -= lu[i * n + k] * b[k * m + j];
    for (let j = 0; j < m; j++) b[i * m + j] /= lu[i * n + i];
  }
}
