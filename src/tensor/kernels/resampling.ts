/** Resampling along one dimension: as many outputs as one likes, each a weighted sum of a few inputs. */
import type { TypedArray } from "../dtype.ts";

/**
 * A matrix (outSize, size) that is mostly zeros, by its other elements: those of row o are weights[k] in columns places[k],
 * for starts[o] ≤ k < starts[o + 1].
 */
export interface SparseMatrix {
  readonly size: number;
  readonly outSize: number;
  readonly starts: Int32Array;
  readonly places: Int32Array;
  readonly weights: Float64Array;
}

/** out[a, o, b] = Σ over k of weights[k] · x[a, places[k], b], for x (outer, size, inner) */
export function resample(out: TypedArray, x: TypedArray, outer: number, inner: number, matrix: SparseMatrix): void {
  if (inner === 1) resampleRows(out, x, outer, matrix);
  else resampleColumns(out, x, outer, inner, matrix);
}

/** The inputs of an output are neighbours in memory. */
function resampleRows(
  out: TypedArray,
  x: TypedArray,
  rows: number,
  { size, outSize, starts, places, weights }: SparseMatrix,
): void {
  for (let row = 0, at = 0, from = 0; row < rows; row++, from += size) {
    for (let o = 0, k = 0; o < outSize; o++, at++) {
      const end = starts[o + 1];
      let sum = k < end ? weights[k] * x[from + places[k]] : 0; // not 0 + …, which makes -0 a 0
      for (k++; k < end; k++) sum += weights[k] * x[from + places[k]];
      k = end;
      out[at] = sum;
    }
  }
}

/** The inputs are rows, and so is the output: two of them are added at a time. */
function resampleColumns(
  out: TypedArray,
  x: TypedArray,
  outer: number,
  inner: number,
  { size, outSize, starts, places, weights }: SparseMatrix,
): void {
  for (let a = 0, at = 0; a < outer; a++) {
    for (let o = 0; o < outSize; o++, at += inner) {
      const [start, end] = [starts[o], starts[o + 1]];
      const isOdd = (end - start) % 2 === 1;
      if (start === end) out.fill(0, at, at + inner);
      else if (isOdd) scaleRow(out, at, x, (a * size + places[start]) * inner, weights[start], inner);
      for (let k = isOdd ? start + 1 : start; k < end; k += 2) {
        const [i, j] = [(a * size + places[k]) * inner, (a * size + places[k + 1]) * inner];
        if (k === start) addTwo(out, at, x, i, weights[k], j, weights[k + 1], inner);
        else addTwoMore(out, at, x, i, weights[k], j, weights[k + 1], inner);
      }
    }
  }
}

function scaleRow(out: TypedArray, o: number, x: TypedArray, i: number, v: number, n: number): void {
  if (v === 1) for (let k = 0; k < n; k++) out[o + k] = x[i + k];
  else for (let k = 0; k < n; k++) out[o + k] = v * x[i + k];
}

function addTwo(
  out: TypedArray,
  o: number,
  x: TypedArray,
  i: number,
  v: number,
  j: number,
  w: number,
  n: number,
): void {
  for (let k = 0; k < n; k++) out[o + k] = v * x[i + k] + w * x[j + k];
}

function addTwoMore(
  out: TypedArray,
  o: number,
  x: TypedArray,
  i: number,
  v: number,
  j: number,
  w: number,
  n: number,
): void {
  for (let k = 0; k < n; k++) out[o + k] += v * x[i + k] + w * x[j + k];
}
