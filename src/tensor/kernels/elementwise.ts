/**
 * Elementwise kernels: one plain loop each, over one run of elements (see strided.ts).
 *
 * `out` is written from index o on, one after another; an input is read from index i (or j) in steps of di (or dj), where
 * a step of 0 repeats one element. The loops are written out, not made from a function per element: a call per element
 * is five times slower.
 */
import type { TypedArray } from "../dtype.ts";

/** What a kernel reads: from index i on, in steps of di. */
type Input = [x: TypedArray, i: number, di: number];

export type UnaryKernel = (n: number, out: TypedArray, o: number, ...x: Input) => void;
export type BinaryKernel = (n: number, out: TypedArray, o: number, ...ab: [...Input, ...Input]) => void;
export type TernaryKernel = (n: number, out: TypedArray, o: number, ...cab: [...Input, ...Input, ...Input]) => void;

/** out[o + k·step] = x[i + k·di] */
export function copy(n: number, out: TypedArray, o: number, step: number, x: TypedArray, i: number, di: number): void {
  if (step === 1 && di === 1 && out.constructor === x.constructor) {
    out.set(x.subarray(i, i + n), o); // as fast as memory is
    return;
  }
  for (let k = 0; k < n; k++, o += step, i += di) out[o] = x[i];
}

/** out += alpha · x: the update of gradient descent, and of a gradient that arrives a second time. */
export function addScaled(
  n: number,
  out: TypedArray,
  o: number,
  step: number,
  x: TypedArray,
  i: number,
  di: number,
  alpha: number,
): void {
  for (let k = 0; k < n; k++, o += step, i += di) out[o] += alpha * x[i];
}

export const neg: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = -x[i];
};

export const abs: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.abs(x[i]);
};

export const sign: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.sign(x[i]) || 0; // also of NaN
};

export const exp: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.exp(x[i]);
};

export const log: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.log(x[i]);
};

export const sqrt: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.sqrt(x[i]);
};

export const tanh: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.tanh(x[i]);
};

export const sigmoid: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = 1 / (1 + Math.exp(-x[i]));
};

export const relu: UnaryKernel = (n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = Math.max(x[i], 0);
};

/** out = a where b > 0 or is NaN, else 0: the gradient of relu, given its gradient a and its output b */
export const reluBackward: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = b[j] <= 0 ? 0 : a[i];
};

/** out = x / divisor, of bytes: pixels from [0, 255] to [0, 1] */
export function divideBytes(out: TypedArray, x: Uint8Array, divisor: number): void {
  for (let k = 0; k < x.length; k++) out[k] = x[k] / divisor;
}

/** 1 and an infinite power of -1 are 1 in C and PyTorch, NaN in JavaScript. */
function power(base: number, exponent: number): number {
  const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity);
  return isOne ? 1 : base ** exponent;
}

export const add: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + b[j];
};

/** out = a + alpha · b */
export const addMultiple =
  (alpha: number): BinaryKernel =>
  (n, out, o, a, i, di, b, j, dj) => {
    for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] + alpha * b[j];
  };

export const sub: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] - b[j];
};

export const mul: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] * b[j];
};

export const div: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] / b[j];
};

export const pow: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = power(a[i], b[j]);
};

export const maximum: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.max(a[i], b[j]);
};

export const minimum: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.min(a[i], b[j]);
};

export const eq: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] === b[j] ? 1 : 0;
};

export const ne: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] !== b[j] ? 1 : 0;
};

export const lt: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] < b[j] ? 1 : 0;
};

export const le: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] <= b[j] ? 1 : 0;
};

export const gt: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] > b[j] ? 1 : 0;
};

export const ge: BinaryKernel = (n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = a[i] >= b[j] ? 1 : 0;
};

export const where: TernaryKernel = (n, out, o, c, h, dh, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, h += dh, i += di, j += dj) out[o + k] = c[h] ? a[i] : b[j];
};
