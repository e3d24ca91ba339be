/**
 * Weighted sums of a few elements, at other places for each output but the same in all channels. The number
 * Σ dy[n, c, p] · weights[n, k, p] · x[n, c, places[n, k, p]] is linear in dy, weights and x: each of the three loops is what it is the
 * sum of, without one of them. What places call -1 is outside, where x is 0.
 */
import type { TypedArray } from "../dtype.ts";
import { numelOf, type Shape } from "../shape.ts";

export interface SamplingShape {
  readonly samples: number;
  readonly channels: number;
  /** Of a channel of x, and of y. */
  readonly sizes: Shape;
  readonly outSizes: Shape;
  /** How many elements an output is the sum of. */
  readonly taps: number;
}

/** y[n, c, p] = Σ over k of weights[n, k, p] · x[n, c, places[n, k, p]] */
export function sample(
  y: TypedArray,
  x: TypedArray,
  weights: TypedArray,
  places: TypedArray,
  { samples, channels, sizes, outSizes, taps }: SamplingShape,
): void {
  const [size, outSize] = [numelOf(sizes), numelOf(outSizes)];
  for (let n = 0, o = 0; n < samples; n++) {
    const first = n * taps * outSize;
    for (let c = 0; c < channels; c++) {
      const image = (n * channels + c) * size;
      for (let p = 0; p < outSize; p++, o++) {
        let sum = 0;
        for (let k = 0, i = first + p; k < taps; k++, i += outSize) {
          sum += weights[i] * (places[i] < 0 ? 0 : x[image + places[i]]);
        }
        y[o] = sum;
      }
    }
  }
}

/** dx[n, c, places[n, k, p]] += weights[n, k, p] · dy[n, c, p] */
export function sampleInput(
  dx: TypedArray,
  dy: TypedArray,
  weights: TypedArray,
  places: TypedArray,
  { samples, channels, sizes, outSizes, taps }: SamplingShape,
): void {
  const [size, outSize] = [numelOf(sizes), numelOf(outSizes)];
  dx.fill(0);
  for (let n = 0, o = 0; n < samples; n++) {
    const first = n * taps * outSize;
    for (let c = 0; c < channels; c++) {
      const image = (n * channels + c) * size;
      for (let p = 0; p < outSize; p++, o++) {
        for (let k = 0, i = first + p; k < taps; k++, i += outSize) {
          if (places[i] >= 0) dx[image + places[i]] += weights[i] * dy[o];
        }
      }
    }
  }
}

/** dWeights[n, k, p] = Σ over c of dy[n, c, p] · x[n, c, places[n, k, p]] */
export function sampleWeights(
  dWeights: TypedArray,
  dy: TypedArray,
  x: TypedArray,
  places: TypedArray,
  { samples, channels, sizes, outSizes, taps }: SamplingShape,
): void {
  const [size, outSize] = [numelOf(sizes), numelOf(outSizes)];
  for (let n = 0, i = 0; n < samples; n++) {
    for (let k = 0; k < taps; k++) {
      for (let p = 0; p < outSize; p++, i++) {
        let sum = 0;
        if (places[i] >= 0) {
          for (let c = n * channels; c < (n + 1) * channels; c++) sum += dy[c * outSize + p] * x[c * size + places[i]];
        }
        dWeights[i] = sum;
      }
    }
  }
}
