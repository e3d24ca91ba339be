/**
 * Elementwise kernels: one plain loop each, over one row of elements, made into a kernel for a plane of rows (see strided.ts).
 *
 * `out` is written from index o on, one after another; an input is read from index i (or j) in steps of di (or dj), where
 * a step of 0 repeats one element; from row to row it is ri (or rj) further. The loops are written out, not made from a
 * function per element: a call per element is five times slower.
 */
import type { TypedArray } from "../dtype.ts";
import { type BinaryKernel, binary, type TernaryKernel, type UnaryKernel, unary } from "./rows.ts";

export type { BinaryKernel, TernaryKernel, UnaryKernel };

/** out = x, converted; out need not be in one piece: it has steps of its own. */
export function copy(
  rows: number,
  n: number,
  out: TypedArray,
  o: number,
  ro: number,
  step: number,
  x: TypedArray,
  i: number,
  ri: number,
  di: number,
): void {
  const isPiece = step === 1 && di === 1 && out.constructor === x.constructor;
  for (let r = 0; r < rows; r++, o += ro, i += ri) {
    if (isPiece)
      out.set(x.subarray(i, i + n), o); // as fast as memory is
    else for (let k = 0; k < n; k++) out[o + k * step] = x[i + k * di];
  }
}

/** out += alpha · x: the update of gradient descent, and of a gradient that arrives a second time. */
export function addScaled(
  rows: number,
  n: number,
  out: TypedArray,
  o: number,
  ro: number,
  step: number,
  x: TypedArray,
  i: number,
  ri: number,
  di: number,
  alpha: number,
): void {
  for (let r = 0; r < rows; r++, o += ro, i += ri) {
    for (let k = 0; k < n; k++) out[o + k * step] += alpha * x[i + k * di];
  }
}

export const neg = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = -x[i];
});

export const abs = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.abs(x[i]);
});

export const sign = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.sign(x[i]) || 0; // also of NaN
});

export const exp = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.exp(x[i]);
});

export const log = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.log(x[i]);
});

export const sqrt = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.sqrt(x[i]);
});

export const tanh = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.tanh(x[i]);
});

export const sigmoid = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = 1 / (1 + Math.exp(-x[i]));
});

export const relu = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = x[i] < 0 ? 0 : x[i];
});

/** out = a where b > 0 or is NaN, else 0: the gradient of relu, given its gradient a and its output b */
export const reluBackward = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = b[j] <= 0 ? 0 : a[i];
});

/** out = a · b · (1 - b): the gradient of sigmoid, given its gradient a and its output b */
export const sigmoidBackward = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] * (b[j] * (1 - b[j]));
});

/** out = a · (1 - b²): the gradient of tanh, likewise */
export const tanhBackward = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] * (1 - b[j] * b[j]);
});

/** out = x / divisor, of bytes: pixels from [0, 255] to [0, 1] */
export function divideBytes(out: TypedArray, x: Uint8Array, divisor: number): void {
  for (let k = 0; k < x.length; k++) out[k] = x[k] / divisor;
}

/** 1 and an infinite power of -1 are 1 in C and PyTorch, NaN in JavaScript. */
function power(base: number, exponent: number): number {
  const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity);
  return isOne ? 1 : base ** exponent;
}

/** The same of whole numbers: by squaring, since only int32's own product wraps as its sum does. */
function wholePower(base: number, exponent: number): number {
  if (exponent < 0) return base ** exponent;
  let [y, square] = [1, base];
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if (rest & 1) y = Math.imul(y, square);
    square = Math.imul(square, square);
  }
  return y;
}

export const add = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + b[j];
});

/** out = a + alpha · b */
export const addMultiple = (alpha: number): BinaryKernel =>
  binary((n, out, o, a, i, di, b, j, dj) => {
    if (out instanceof Int32Array)
      for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + Math.imul(alpha, b[j]);
    else for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + alpha * b[j];
  });

export const sub = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] - b[j];
});

/** out = a · b; of int32, whose product can be too long for a number of JavaScript, its last 32 bits, as of a sum */
export const mul = binary((n, out, o, a, i, di, b, j, dj) => {
  if (out instanceof Int32Array) for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.imul(a[i], b[j]);
  else for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] * b[j];
});

export const div = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] / b[j];
});

export const pow = binary((n, out, o, a, i, di, b, j, dj) => {
  const raised = out instanceof Int32Array ? wholePower : power;
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = raised(a[i], b[j]);
});

/** out = the larger one, NaN if there is one; of equal ones, as 0 and -0 are, the first */
export const maximum = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] < b[j] || Number.isNaN(b[j]) ? b[j] : a[i];
});

/** out = the smaller one, NaN if there is one; of equal ones the first */
export const minimum = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] > b[j] || Number.isNaN(b[j]) ? b[j] : a[i];
});

export const eq = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] === b[j] ? 1 : 0;
});

export const ne = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] !== b[j] ? 1 : 0;
});

export const lt = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] < b[j] ? 1 : 0;
});

export const le = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] <= b[j] ? 1 : 0;
});

export const gt = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] > b[j] ? 1 : 0;
});

export const ge = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] >= b[j] ? 1 : 0;
});

export const where: TernaryKernel = (rows, n, out, o, c, h, rh, dh, a, i, ri, di, b, j, rj, dj) => {
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < n; k++, o++) {
      out[o] = c[h + r * rh + k * dh] ? a[i + r * ri + k * di] : b[j + r * rj + k * dj];
    }
  }
};

/** out = a + c · (b - a), from whichever end is nearer: so it arrives at both ends exactly */
export const lerp: TernaryKernel = (rows, n, out, o, c, h, rh, dh, a, i, ri, di, b, j, rj, dj) => {
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < n; k++, o++) {
      const [weight, start, end] = [c[h + r * rh + k * dh], a[i + r * ri + k * di], b[j + r * rj + k * dj]];
      const way = end - start;
      out[o] = weight < 0.5 ? start + weight * way : end - way * (1 - weight);
    }
  }
};
