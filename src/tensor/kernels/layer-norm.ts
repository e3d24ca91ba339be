/** Layer normalization of x (rows, n): every row over its n values. The sums are float64. */
import type { TypedArray } from "../dtype.ts";

/** How many rows there are, and how long they are. */
export type RowShape = readonly [rows: number, n: number];

/** One value a row of each, as the forward pass found them. */
export interface RowValues {
  readonly mean: TypedArray;
  /** 1 / √(var + eps) */
  readonly invstd: TypedArray;
}

/** y = x̂ · weight + bias with x̂ = (x - mean) · invstd, and these two */
export function layerNorm(
  y: TypedArray,
  { mean, invstd }: RowValues,
  x: TypedArray,
  weight: TypedArray,
  bias: TypedArray,
  eps: number,
  [rows, n]: RowShape,
): void {
  for (let r = 0; r < rows; r++) {
    const start = r * n;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += x[start + k];
    mean[r] = sum / n;
    let squares = 0;
    for (let k = 0; k < n; k++) squares += (x[start + k] - mean[r]) ** 2;
    invstd[r] = 1 / Math.sqrt(squares / n + eps);
    for (let k = 0; k < n; k++) y[start + k] = (x[start + k] - mean[r]) * invstd[r] * weight[k] + bias[k];
  }
}

/** dx = invstd · (dx̂ - mean of dx̂ - x̂ · mean of dx̂ · x̂), where dx̂ = dy · weight and the means are the row's */
export function layerNormInputGradient(
  dx: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  weight: TypedArray,
  { mean, invstd }: RowValues,
  [rows, n]: RowShape,
): void {
  for (let r = 0; r < rows; r++) {
    const start = r * n;
    let sum = 0;
    let dot = 0;
    for (let k = 0; k < n; k++) {
      const dxhat = dy[start + k] * weight[k];
      sum += dxhat;
      dot += dxhat * (x[start + k] - mean[r]) * invstd[r];
    }
    for (let k = 0; k < n; k++) {
      const xhat = (x[start + k] - mean[r]) * invstd[r];
      dx[start + k] = invstd[r] * (dy[start + k] * weight[k] - sum / n - (xhat * dot) / n);
    }
  }
}

/** dbias = Σ dy and dweight = Σ dy · x̂, over the rows */
export function layerNormParameterGradients(
  dbias: TypedArray,
  dweight: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  { mean, invstd }: RowValues,
  [rows, n]: RowShape,
): void {
  const [sums, dots] = [new Float64Array(n), new Float64Array(n)];
  for (let r = 0, i = 0; r < rows; r++) {
    for (let k = 0; k < n; k++, i++) {
      sums[k] += dy[i];
      dots[k] += dy[i] * (x[i] - mean[r]) * invstd[r];
    }
  }
  dbias.set(sums);
  dweight.set(dots);
}
