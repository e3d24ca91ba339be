/**
 * Cross entropy of x (outer, n, inner), scores for n classes, and its gradient. The target, a class or a number that is none,
 * and the loss are (outer, inner).
 */
import type { TypedArray } from "../dtype.ts";

/** p = softmax x and loss = -log p[target] = log Σ exp(x - m) - (x[target] - m) with m = max x; 0 where the target is no class */
export function crossEntropy(
  loss: TypedArray,
  p: TypedArray,
  x: TypedArray,
  target: TypedArray,
  outer: number,
  n: number,
  inner: number,
): void {
  for (let a = 0, o = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++, o++) {
      const start = a * n * inner + b;
      const end = start + n * inner;
      let m = -Infinity;
      for (let i = start; i < end; i += inner) m = Math.max(m, x[i]);
      let total = 0;
      for (let i = start; i < end; i += inner) total += Math.exp(x[i] - m);
      for (let i = start; i < end; i += inner) p[i] = Math.exp(x[i] - m) / total;
      const isClass = target[o] >= 0 && target[o] < n;
      loss[o] = isClass ? Math.log(total) - (x[start + target[o] * inner] - m) : 0;
    }
  }
}

/** dx = dy · (p - onehot(target)), 0 where the target is no class */
export function crossEntropyBackward(
  dx: TypedArray,
  dy: TypedArray,
  p: TypedArray,
  target: TypedArray,
  outer: number,
  n: number,
  inner: number,
): void {
  for (let a = 0, o = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++, o++) {
      const start = a * n * inner + b;
      const factor = target[o] >= 0 && target[o] < n ? dy[o] : 0;
      for (let k = 0, i = start; k < n; k++, i += inner) dx[i] = factor * (p[i] - Number(k === target[o]));
    }
  }
}
