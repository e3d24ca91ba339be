/** Singular values and vectors, by Jacobi's rotations of columns. */
import { rotationFor } from "./symmetric.ts";

const SWEEPS = 60;

/** U (m, m), the singular values, descending, and V (n, n) with U · S · Vᵀ = A. */
export interface Singular {
  readonly u: Float64Array;
  readonly s: Float64Array;
  readonly v: Float64Array;
}

/** Of a matrix (m, n); of one with more columns than rows by its transpose. */
export function singularValues(a: Float64Array, m: number, n: number): Singular {
  if (m < n) {
    const { u, s, v } = singularValues(transposed(a, m, n), n, m);
    return { u: v, s, v: u };
  }
  const w = a.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  orthogonalize(w, v, m, n);
  const lengths = Array.from({ length: n }, (_, j) => Math.sqrt(along(w, m, n, j, j)));
  const order = lengths.map((_, j) => j).sort((j, k) => lengths[k] - lengths[j]);
  const s = Float64Array.from(order, (j) => lengths[j]);
  const [columns, right] = [reordered(w, m, n, order), reordered(v, n, n, order)];
  return { u: completed(columns, s, m, n), s, v: right };
}

/** Turns pairs of columns of w, and those of v likewise, until all of w are perpendicular to each other: then w = A · v. */
function orthogonalize(w: Float64Array, v: Float64Array, m: number, n: number): void {
  for (let sweep = 0, isDone = false; sweep < SWEEPS && !isDone; sweep++) {
    isDone = true;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const [alpha, gamma, beta] = [along(w, m, n, p, p), along(w, m, n, p, q), along(w, m, n, q, q)];
        if (!(Math.abs(gamma) > 1e-16 * Math.sqrt(alpha * beta)) || Math.abs(gamma) < 1e-300) continue;
        isDone = false;
        const { c, s } = rotationFor(alpha, gamma, beta);
        turn(w, m, n, p, q, c, s);
        turn(v, n, n, p, q, c, s);
      }
    }
  }
}

function turn(x: Float64Array, rows: number, n: number, p: number, q: number, c: number, s: number): void {
  for (let i = 0; i < rows; i++) {
    const [a, b] = [x[i * n + p], x[i * n + q]];
    [x[i * n + p], x[i * n + q]] = [c * a - s * b, s * a + c * b];
  }
}

/** Column p · column q */
function along(x: Float64Array, rows: number, n: number, p: number, q: number): number {
  let total = 0;
  for (let i = 0; i < rows; i++) total += x[i * n + p] * x[i * n + q];
  return total;
}

/** The columns as unit vectors; and others, perpendicular to them, where one is 0 and up to m of them: Gram and Schmidt, twice. */
function completed(columns: Float64Array, lengths: Float64Array, m: number, n: number): Float64Array {
  const u = new Float64Array(m * m);
  const least = (lengths[0] ?? 0) * Number.EPSILON * m;
  let candidate = 0;
  for (let j = 0; j < m; j++) {
    if (j < n && lengths[j] > least) {
      for (let i = 0; i < m; i++) u[i * m + j] = columns[i * n + j] / lengths[j];
      continue;
    }
    for (let length = 0; !(length > 0.5 / Math.sqrt(m)) && candidate < m; candidate++) {
      for (let i = 0; i < m; i++) u[i * m + j] = Number(i === candidate);
      for (let k = 0; k < 2 * j; k++) {
        const part = along(u, m, m, j, k % j);
        for (let i = 0; i < m; i++) u[i * m + j] -= part * u[i * m + (k % j)];
      }
      length = Math.sqrt(along(u, m, m, j, j));
      for (let i = 0; i < m; i++) u[i * m + j] /= length;
    }
  }
  return u;
}

function reordered(x: Float64Array, rows: number, n: number, order: readonly number[]): Float64Array {
  const y = new Float64Array(rows * n);
  for (let i = 0; i < rows; i++) for (let j = 0; j < n; j++) y[i * n + j] = x[i * n + order[j]];
  return y;
}

function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[j * m + i] = a[i * n + j];
  return y;
}
