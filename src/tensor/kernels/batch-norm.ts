/**
 * Batch normalization of x (N, C, L): each of the C channels over its N·L values. L is 1 after a fully connected layer.
 * The sums are float64.
 */
import type { TypedArray } from "../dtype.ts";

/** The sizes N, C and L of the input. */
export type ChannelShape = readonly [n: number, c: number, l: number];

/** mean[c] = Σ x / (N·L) and squares[c] = Σ (x - mean)² */
export function batchStatistics(mean: TypedArray, squares: TypedArray, x: TypedArray, [n, c, l]: ChannelShape): void {
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

/** running[c] = (1 - momentum) · running[c] + momentum · sums / divisor: the mean of that, if samples have sums of their own */
export function moveTowards(running: TypedArray, sums: TypedArray, divisor: number, momentum: number): void {
  const [channels, samples] = [running.length, sums.length / running.length];
  for (let c = 0; c < channels; c++) {
    let total = 0;
    for (let k = c; k < sums.length; k += channels) total += sums[k] / divisor;
    running[c] = (1 - momentum) * running[c] + (momentum * total) / samples;
  }
}

/** 1 / √(squares / count + eps); 0 where both are 0: what does not vary is not scaled */
const inverseStd = (squares: number, count: number, eps: number): number =>
  squares === 0 && eps === 0 ? 0 : 1 / Math.sqrt(squares / count + eps);

/** invstd[c] of squares[c], scale = weight · invstd and shift = bias - mean · scale */
export function batchNormFactors(
  { mean, invstd, scale, shift }: ChannelFactors,
  squares: TypedArray,
  count: number,
  weight: TypedArray | null,
  bias: TypedArray | null,
  eps: number,
): void {
  for (let c = 0; c < mean.length; c++) {
    invstd[c] = inverseStd(squares[c], count, eps);
    scale[c] = invstd[c] * (weight ? weight[c] : 1);
    shift[c] = (bias ? bias[c] : 0) - mean[c] * scale[c];
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

/** out = (x - mean[c]) · scale[c] + bias[c]: the same, exact where all x are equal */
export function centerAndScale(
  out: TypedArray,
  x: TypedArray,
  mean: TypedArray,
  scale: TypedArray,
  bias: TypedArray,
  [n, c, l]: ChannelShape,
): void {
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) out[i] = (x[i] - mean[ch]) * scale[ch] + bias[ch];
    }
  }
}

/** One value a channel of each, as the forward pass found them. */
export interface ChannelValues {
  readonly mean: TypedArray;
  /** 1 / √(var + eps) */
  readonly invstd: TypedArray;
  /** weight · invstd */
  readonly scale: TypedArray;
}

/** The same, with what makes the values of them. */
export interface ChannelFactors extends ChannelValues {
  /** bias - mean · scale */
  readonly shift: TypedArray;
}

/** dbias[c] = Σ dy and dweight[c] = Σ dy · x̂, where x̂ = (x - mean) · invstd */
export function batchNormParameterGradients(
  dbias: TypedArray,
  dweight: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  { mean, invstd }: ChannelValues,
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
    dbias[ch] = sums[ch];
    dweight[ch] = dots[ch] * invstd[ch];
  }
}

/** dx = scale[c] · (dy - dbias[c] / (N·L) - x̂ · dweight[c] / (N·L)) */
export function batchNormInputGradient(
  dx: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  dbias: TypedArray,
  dweight: TypedArray,
  { mean, invstd, scale }: ChannelValues,
  [n, c, l]: ChannelShape,
): void {
  const count = n * l;
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      const meanDy = dbias[ch] / count;
      const slope = (invstd[ch] * dweight[ch]) / count;
      for (let k = 0; k < l; k++, i++) dx[i] = scale[ch] * (dy[i] - meanDy - (x[i] - mean[ch]) * slope);
    }
  }
}

/** One value a channel of each, of which dx is made. */
export interface InputGradientValues {
  readonly scale: TypedArray;
  readonly offset: TypedArray;
  readonly mean: TypedArray;
  readonly slope: TypedArray;
}

/** dx = dy · scale[c] - offset[c] - (x - mean[c]) · slope[c]: what batch norm's is when multiplied out, and group norm's */
export function channelInputGradient(
  dx: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  { scale, offset, mean, slope }: InputGradientValues,
  [n, c, l]: ChannelShape,
): void {
  for (let b = 0, i = 0; b < n; b++) {
    for (let ch = 0; ch < c; ch++) {
      for (let k = 0; k < l; k++, i++) dx[i] = dy[i] * scale[ch] - offset[ch] - (x[i] - mean[ch]) * slope[ch];
    }
  }
}
