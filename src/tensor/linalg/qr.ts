/** QR factorization by Householder's reflections, with LAPACK's signs. */

/**
 * Q (m, m) orthogonal and R (m, n) upper triangular with Q · R = A (m, n).
 *
 * Reflection k, I - tau · v vᵀ, takes column k of what is left to a multiple of its first unit vector, of the sign opposite to its first
 * element, so that nothing cancels. Column k of `vectors` is v below element k, which is 1; zeros, and tau 0, if there was nothing to reflect.
 */
export function householder(
  a: Float64Array,
  m: number,
  n: number,
): Record<"q" | "r" | "vectors" | "taus", Float64Array> {
  const r = a.slice();
  const vectors = new Float64Array(m * n);
  const q = new Float64Array(m * m);
  for (let i = 0; i < m; i++) q[i * m + i] = 1;
  const taus = new Float64Array(Math.min(m, n));
  const v = new Float64Array(m);
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    let below = 0;
    for (let i = k + 1; i < m; i++) below += r[i * n + k] ** 2;
    if (below === 0) continue; // it is a multiple already, and keeps its sign
    const first = r[k * n + k];
    const length = Math.sqrt(first * first + below);
    const beta = first > 0 ? -length : length;
    const tau = (beta - first) / beta;
    taus[k] = tau;
    v[k] = 1;
    for (let i = k + 1; i < m; i++) v[i] = vectors[i * n + k] = r[i * n + k] / (first - beta);
    for (let j = k; j < n; j++) {
      let along = 0;
      for (let i = k; i < m; i++) along += v[i] * r[i * n + j];
      for (let i = k; i < m; i++) r[i * n + j] -= tau * along * v[i];
    }
    for (let i = k + 1; i < m; i++) r[i * n + k] = 0;
    for (let j = 0; j < m; j++) {
      let along = 0;
      for (let i = k; i < m; i++) along += q[j * m + i] * v[i];
      for (let i = k; i < m; i++) q[j * m + i] -= tau * along * v[i];
    }
  }
  return { q, r, vectors, taus };
}
