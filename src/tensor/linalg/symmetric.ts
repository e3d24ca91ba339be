/** Eigenvalues and eigenvectors of symmetric matrices, by Jacobi's rotations. */

const SWEEPS = 60;

/**
 * Λ ascending and V with A · V = V · Λ, for a symmetric A (n, n). Each rotation of two coordinates makes one element beside the
 * diagonal 0; after a few sweeps over all of them, what is left is below rounding.
 */
export function symmetricEigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0, isDone = false; sweep < SWEEPS && !isDone; sweep++) {
    isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const beside = a[p * n + q];
        const size = Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q]));
        if (!(Math.abs(beside) > Number.EPSILON * 1e-3 * size) || Math.abs(beside) < 1e-300) continue;
        isDone = false;
        rotate(a, v, n, p, q);
      }
    }
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((j, k) => a[j * n + j] - a[k * n + k]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[i * n + to] = v[i * n + from];
  });
  return { values: Float64Array.from(order, (k) => a[k * n + k]), vectors };
}

/** A = Jᵀ A J and V = V J, where J turns coordinates p and q so that A[p, q] becomes 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const { c, s } = rotationFor(a[p * n + p], a[p * n + q], a[q * n + q]);
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p], a[k * n + q]];
    [a[k * n + p], a[k * n + q]] = [c * x - s * y, s * x + c * y];
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k], a[q * n + k]];
    [a[p * n + k], a[q * n + k]] = [c * x - s * y, s * x + c * y];
    const [left, right] = [v[k * n + p], v[k * n + q]];
    [v[k * n + p], v[k * n + q]] = [c * left - s * right, s * left + c * right];
  }
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

/** The smaller of the two angles that make [[α, γ], [γ, β]] diagonal, as cosine and sine. */
export function rotationFor(alpha: number, gamma: number, beta: number): { c: number; s: number } {
  const theta = (beta - alpha) / (2 * gamma);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  return { c, s: t * c };
}
