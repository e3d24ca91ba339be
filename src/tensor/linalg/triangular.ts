/** Triangular matrices: solving with one, and Cholesky's factor of a symmetric matrix. */

/** x = A⁻¹ b in place, for the columns of b (n, m); of A only one triangle is read, and with `isUnit` not its diagonal, which is 1. */
export function solveTriangle(a: Float64Array, b: Float64Array, m: number, isUpper: boolean, isUnit: boolean): void {
  const n = b.length / Math.max(1, m);
  for (let step = 0; step < n; step++) {
    const i = isUpper ? n - 1 - step : step;
    const [from, to] = isUpper ? [i + 1, n] : [0, i];
    for (let k = from; k < to; k++) for (let j = 0; j < m; j++) b[i * m + j] -= a[i * n + k] * b[k * m + j];
    if (!isUnit) for (let j = 0; j < m; j++) b[i * m + j] /= a[i * n + i];
  }
}

/**
 * The lower triangular L with L · Lᵀ = A (n, n), of which the lower triangle is read. Row by row: Lᵢⱼ is what is left of Aᵢⱼ after
 * the columns before j, over Lⱼⱼ.
 * @returns the factor, and the order of the first leading minor that is not positive, 0 if all are
 */
export function choleskyFactor(a: Float64Array, n: number): { factor: Float64Array; failed: number } {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j];
      for (let k = 0; k < j; k++) rest -= factor[i * n + k] * factor[j * n + k];
      if (i === j && !(rest > 0)) return { factor, failed: i + 1 };
      factor[i * n + j] = i === j ? Math.sqrt(rest) : rest / factor[j * n + j];
    }
  }
  return { factor, failed: 0 };
}
