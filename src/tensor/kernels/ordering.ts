/** Running sums, products and extremes, and sorted orders, over the middle axis of x (outer, n, inner); out has x's own shape. */
import type { TypedArray } from "../dtype.ts";
import type { ReductionKernel } from "./reduction.ts";

/** out[k] = x[0] + … + x[k], added up in float64 */
export const cumsum: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let total = 0;
      for (let k = 0, i = start; k < n; k++, i += inner) {
        total += x[i];
        out[i] = total;
      }
    }
  }
};

/** out[k] = x[0] · … · x[k], multiplied in float64; of int32, modulo 2³² */
export const cumprod: ReductionKernel = (out, x, outer, n, inner) => {
  const times = out instanceof Int32Array ? Math.imul : (a: number, b: number) => a * b;
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let product = 1;
      for (let k = 0, i = start; k < n; k++, i += inner) {
        product = times(product, x[i]);
        out[i] = product;
      }
    }
  }
};

/** out[k] = x[k] + factors[k - 1] · out[k - 1], computed in float64; factors is (outer, n - 1, inner) */
export function carry(
  out: TypedArray,
  x: TypedArray,
  factors: TypedArray,
  outer: number,
  n: number,
  inner: number,
): void {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      let i = a * n * inner + b;
      let j = a * (n - 1) * inner + b;
      let total = x[i];
      out[i] = total;
      for (let k = 1; k < n; k++, j += inner) {
        i += inner;
        total = x[i] + factors[j] * total;
        out[i] = total;
      }
    }
  }
}

/** out[k] = where the last of the largest of x[0 … k] is, for `isBetter` at least as large; the first NaN stays */
const running =
  (isBetter: (value: number, best: number) => boolean): ReductionKernel =>
  (out, x, outer, n, inner) => {
    for (let a = 0; a < outer; a++) {
      for (let b = 0; b < inner; b++) {
        const start = a * n * inner + b;
        let best = 0;
        for (let k = 0; k < n; k++) {
          const [value, old] = [x[start + k * inner], x[start + best * inner]];
          if (!Number.isNaN(old) && (Number.isNaN(value) || isBetter(value, old))) best = k;
          out[start + k * inner] = best;
        }
      }
    }
  };

export const runningArgmax = running((value, best) => value >= best);
export const runningArgmin = running((value, best) => value <= best);

/** out[k] = log(eˣ⁰ + … + eˣᵏ) = m + log1p(e^(s - m)) of the sum so far and x[k], the larger of which is m, the other s */
export const logcumsumexp: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let total = -Infinity;
      for (let k = 0, i = start; k < n; k++, i += inner) {
        const [m, s] = [Math.max(total, x[i]), Math.min(total, x[i])];
        total = m === s && !Number.isFinite(m) ? m : m + Math.log1p(Math.exp(s - m));
        out[i] = total;
      }
    }
  }
};

/**
 * out = the indices k in the order in which x ascends, or descends. Equal elements stay in their order; NaN is larger than
 * all.
 */
export const argsort =
  (descending: boolean): ReductionKernel =>
  (out, x, outer, n, inner) => {
    const order = new Int32Array(n);
    const column = new Float64Array(n);
    const ascend = (j: number, k: number) => compareNumbers(column, j, k);
    const compare = descending ? (j: number, k: number) => ascend(k, j) : ascend;
    for (let a = 0; a < outer; a++) {
      for (let b = 0; b < inner; b++) {
        const start = a * n * inner + b;
        for (let k = 0; k < n; k++) {
          order[k] = k;
          column[k] = x[start + k * inner];
        }
        order.sort(compare); // is stable
        for (let k = 0; k < n; k++) out[start + k * inner] = order[k];
      }
    }
  };

/** Negative if x[j] comes before x[k], 0 if they are equal. */
function compareNumbers(x: TypedArray, j: number, k: number): number {
  if (x[j] < x[k]) return -1;
  if (x[j] > x[k]) return 1;
  return Number(Number.isNaN(x[j])) - Number(Number.isNaN(x[k]));
}
