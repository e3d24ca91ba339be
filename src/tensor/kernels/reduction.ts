/**
 * Reductions over the middle axis of x (outer, n, inner), which is how every reduction over neighbouring dimensions of a
 * contiguous array looks. out is (outer, inner), or x's own shape for the two softmaxes.
 * Sums are float64 and are rounded once, when stored.
 */
import type { TypedArray } from "../dtype.ts";

export type ReductionKernel = (out: TypedArray, x: TypedArray, outer: number, n: number, inner: number) => void;

/** out = Σ x. Rows are added to `inner` running sums, in the order in which they lie in memory. */
export const sum: ReductionKernel = (out, x, outer, n, inner) => {
  if (inner === 1) {
    for (let a = 0, i = 0; a < outer; a++) {
      let total = 0;
      for (const end = i + n; i < end; i++) total += x[i];
      out[a] = total;
    }
    return;
  }
  const totals = new Float64Array(inner);
  for (let a = 0, i = 0; a < outer; a++) {
    totals.fill(0);
    for (let k = 0; k < n; k++) {
      for (let b = 0; b < inner; b++, i++) totals[b] += x[i];
    }
    out.set(totals, a * inner);
  }
};

/** out = Σ (x - mean(x))² / divisor, in two passes: one pass over x and x² would cancel. */
export const variance = (divisor: number): ReductionKernel => ofDeviations((squares) => squares / divisor);

/** The root of that, also where the square of such a deviation would be too large to store. */
export const standardDeviation = (divisor: number): ReductionKernel =>
  ofDeviations((squares) => Math.sqrt(squares / divisor));

const ofDeviations =
  (finish: (squares: number) => number): ReductionKernel =>
  (out, x, outer, n, inner) => {
    for (let a = 0; a < outer; a++) {
      for (let b = 0; b < inner; b++) {
        const start = a * n * inner + b;
        const end = start + n * inner;
        let shift = 0;
        for (let i = start; i < end; i += inner) shift += x[i] - x[start];
        const mean = x[start] + shift / n; // exact where all x are equal
        let squares = 0;
        for (let i = start; i < end; i += inner) squares += (x[i] - mean) ** 2;
        out[a * inner + b] = finish(squares);
      }
    }
  };

/** out = the index k of the first largest element; a NaN is larger than all, as in PyTorch. */
export const argmax: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let best = start;
      for (let i = start; i < start + n * inner && !Number.isNaN(x[best]); i += inner) {
        if (!(x[i] <= x[best])) best = i;
      }
      out[a * inner + b] = (best - start) / inner;
    }
  }
};

/** out = the index k of the first smallest element; a NaN is smaller than all. */
export const argmin: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let best = start;
      for (let i = start; i < start + n * inner && !Number.isNaN(x[best]); i += inner) {
        if (!(x[i] >= x[best])) best = i;
      }
      out[a * inner + b] = (best - start) / inner;
    }
  }
};

function maxOfColumn(x: TypedArray, start: number, n: number, inner: number): number {
  let m = -Infinity;
  for (let k = 0, i = start; k < n; k++, i += inner) m = Math.max(m, x[i]);
  return m;
}

/** Σ exp(x - m); with m = max x no term overflows, and the largest is 1. */
function sumOfExp(x: TypedArray, start: number, n: number, inner: number, m: number): number {
  let total = 0;
  for (let k = 0, i = start; k < n; k++, i += inner) total += Math.exp(x[i] - m);
  return total;
}

/** out = log Σ exp(x) = m + log Σ exp(x - m) for any m: the largest x, or 0 if that is infinite, as ∞ - ∞ is NaN */
export const logsumexp: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      const largest = maxOfColumn(x, start, n, inner);
      const m = Number.isFinite(largest) ? largest : 0;
      out[a * inner + b] = m + Math.log(sumOfExp(x, start, n, inner, m));
    }
  }
};

/** out = (x - m) - log Σ exp(x - m) with m = max x */
export const logSoftmax: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      const m = maxOfColumn(x, start, n, inner);
      const logTotal = Math.log(sumOfExp(x, start, n, inner, m));
      for (let k = 0, i = start; k < n; k++, i += inner) out[i] = x[i] - m - logTotal;
    }
  }
};

/** out = exp(x - m) / Σ exp(x - m) with m = max x */
export const softmax: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      const m = maxOfColumn(x, start, n, inner);
      const total = sumOfExp(x, start, n, inner, m);
      for (let k = 0, i = start; k < n; k++, i += inner) out[i] = Math.exp(x[i] - m) / total;
    }
  }
};

/** What becomes of the gradient of y (outer, n, inner), of which every element depends on all x along n. */
export type PullBackKernel = (
  dx: TypedArray,
  dy: TypedArray,
  y: TypedArray,
  outer: number,
  n: number,
  inner: number,
) => void;

/** dx = y · (dy - Σ dy · y), for y = softmax x */
export const softmaxBackward: PullBackKernel = (dx, dy, y, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      const end = start + n * inner;
      let total = 0;
      for (let i = start; i < end; i += inner) total += dy[i] * y[i];
      for (let i = start; i < end; i += inner) dx[i] = y[i] * (dy[i] - total);
    }
  }
};

/** dx = dy - eʸ · Σ dy, for y = log softmax x. Where eʸ is 0 in the elements' precision, 0 · ∞ is NaN. */
export const logSoftmaxBackward: PullBackKernel = (dx, dy, y, outer, n, inner) => {
  const round = y instanceof Float32Array ? Math.fround : (value: number) => value;
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      const end = start + n * inner;
      let total = 0;
      for (let i = start; i < end; i += inner) total += dy[i];
      for (let i = start; i < end; i += inner) dx[i] = dy[i] - round(Math.exp(y[i])) * total;
    }
  }
};

/** out = (Σ |x|ᵖ)^(1/p); for p = ∞ or -∞ the largest or smallest |x|, for p = 0 how many x ≠ 0 */
export const norm =
  (p: number): ReductionKernel =>
  (out, x, outer, n, inner) => {
    const { ofNone, include, root } = stepsOfNorm(p);
    for (let a = 0; a < outer; a++) {
      for (let b = 0; b < inner; b++) {
        let total = ofNone;
        for (let k = 0, i = a * n * inner + b; k < n; k++, i += inner) total = include(total, Math.abs(x[i]));
        out[a * inner + b] = root(total);
      }
    }
  };

interface StepsOfNorm {
  readonly ofNone: number;
  readonly include: (total: number, size: number) => number;
  readonly root: (total: number) => number;
}

function stepsOfNorm(p: number): StepsOfNorm {
  const root = (total: number) => total;
  if (p === Infinity) return { ofNone: 0, include: Math.max, root };
  if (p === -Infinity) return { ofNone: Infinity, include: Math.min, root };
  if (p === 0) return { ofNone: 0, include: (total, size) => total + Number(size !== 0), root };
  if (p === 1) return { ofNone: 0, include: (total, size) => total + size, root };
  if (p === 2) return { ofNone: 0, include: (total, size) => total + size * size, root: Math.sqrt };
  return { ofNone: 0, include: (total, size) => total + size ** p, root: (total) => total ** (1 / p) };
}

/** out = the largest x, NaN if one is; of 0 and -0 the first */
export const amax: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let largest = x[start];
      for (let i = start + inner; i < start + n * inner; i += inner) {
        if (largest < x[i] || Number.isNaN(x[i])) largest = x[i];
      }
      out[a * inner + b] = largest;
    }
  }
};

/** out = the smallest x, likewise */
export const amin: ReductionKernel = (out, x, outer, n, inner) => {
  for (let a = 0; a < outer; a++) {
    for (let b = 0; b < inner; b++) {
      const start = a * n * inner + b;
      let smallest = x[start];
      for (let i = start + inner; i < start + n * inner; i += inner) {
        if (smallest > x[i] || Number.isNaN(x[i])) smallest = x[i];
      }
      out[a * inner + b] = smallest;
    }
  }
};
