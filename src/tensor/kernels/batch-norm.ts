/**
 * Batch normalization of x (N, C, L): each of the C channels over its N·L values. L is 1 after a fully connected layer.
 * The sums are float64, as PyTorch's are on the CPU.
 */
import type { TypedArray } from "../dtype.ts";

/** The sizes N, C and L of the input. */
export type ChannelShape = readonly [n: number, c: number, l: number];

/** mean[c] = Σ x / (N·L) and squares[c] = Σ (x - mean)² */
export function batchStatistics(mean: TypedArray, squares: Float64Array, x: TypedArray, [n, c, l]: ChannelShape): void {
  const sums = new Float64Array(c);
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) sums[ch] += x[i];
    }
  }
  for (let ch = 0; ch < c; ch++) mean[ch] = sums[ch] / (n * l);
  squares.fill(0);
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) squares[ch] += (x[i] - mean[ch]) ** 2;
    }
  }
}

/** out = x · scale[c] + shift[c] */
export function scaleAndShift(
  out: TypedArray,
  x: TypedArray,
  scale: TypedArray,
  shift: TypedArray,
  [n, c, l]: ChannelShape,
): void {
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) out[i] = x[i] * scale[ch] + shift[ch];
    }
  }
}

/** sumDy[c] = Σ dy and sumDyXhat[c] = Σ dy · x̂, where x̂ = (x - mean) · invstd: the gradients of bias and weight. */
export function batchNormSums(
  sumDy: TypedArray,
  sumDyXhat: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  mean: TypedArray,
  invstd: TypedArray,
  [n, c, l]: ChannelShape,
): void {
  const sums = new Float64Array(c);
  const dots = new Float64Array(c);
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) {
        sums[ch] += dy[i];
        dots[ch] += dy[i] * (x[i] - mean[ch]);
      }
    }
  }
  for (let ch = 0; ch < c; ch++) {
    sumDy[ch] = sums[ch];
    sumDyXhat[ch] = dots[ch] * invstd[ch];
  }
}

/** dx = scale[c] · (dy - sumDy[c] / (N·L) - x̂ · sumDyXhat[c] / (N·L)), where scale = weight · invstd */
export function batchNormInputGradient(
  dx: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  mean: TypedArray,
  invstd: TypedArray,
  scale: TypedArray,
  sumDy: TypedArray,
  sumDyXhat: TypedArray,
  [n, c, l]: ChannelShape,
): void {
  const count = n * l;
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      const meanDy = sumDy[ch] / count;
      const slope = (invstd[ch] * sumDyXhat[ch]) / count;
      for (let k = 0; k < l; k++, i++) dx[i] = scale[ch] * (dy[i] - meanDy - (x[i] - mean[ch]) * slope);
    }
  }
}
