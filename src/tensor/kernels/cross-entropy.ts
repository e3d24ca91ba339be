/**
 * Cross entropy of x (outer, n, inner), scores for n classes, which is what -log softmax(x)[target] is computed from, and its
 * gradient. Whatever there is one of for n classes is (outer, inner).
 */
import type { TypedArray } from "../dtype.ts";

/** What the log softmax subtracts from x: m = max x and logTotal = log Σ exp(x - m), in turn. */
export interface Subtracted {
  readonly m: TypedArray;
  readonly logTotal: TypedArray;
}

export function logTotals({ m, logTotal }: Subtracted, x: TypedArray, outer: number, n: number, inner: number): void {
  for (let a = 0, o = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++, o++) {
      const start = a * n * inner + b;
      const end = start + n * inner;
      let largest = -Infinity;
      for (let i = start; i < end; i += inner) largest = Math.max(largest, x[i]);
      let total = 0;
      for (let i = start; i < end; i += inner) total += Math.exp(x[i] - largest);
      m[o] = largest;
      logTotal[o] = Math.log(total);
    }
  }
}

/** dx = (exp(x - m - logTotal) - onehot(target)) · factor; a target that is no class is nowhere 1. */
export function crossEntropyBackward(
  dx: TypedArray,
  x: TypedArray,
  { m, logTotal }: Subtracted,
  target: TypedArray,
  factor: TypedArray,
  outer: number,
  n: number,
  inner: number,
): void {
  for (let a = 0, o = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++, o++) {
      const start = a * n * inner + b;
      for (let k = 0, i = start; k < n; k++, i += inner) {
        dx[i] = (Math.exp(x[i] - m[o] - logTotal[o]) - Number(k === target[o])) * factor[o];
      }
    }
  }
}
