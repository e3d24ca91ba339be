/** Kernels for how floating point numbers are made of a fraction and a power of two. */
import type { TypedArray } from "../dtype.ts";
import { binary, unary } from "./rows.ts";

/** The exponent e of x = m · 2ᵉ with ½ ≤ |m| < 1; 0 of 0, ∞ and NaN */
function exponentOf(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return 0;
  if (Math.abs(x) < 2 ** -1000) return exponentOf(x * 2 ** 100) - 100; // so that log2 is right for the smallest, too
  const e = Math.floor(Math.log2(Math.abs(x))) + 1; // which may be one too much or too little
  const m = Math.abs(x) / 2 ** (e - 1) / 2;
  return m >= 1 ? e + 1 : m < 0.5 ? e - 1 : e;
}

export const exponent = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) out[o + k] = exponentOf(x[i]);
});

/** m of x = m · 2ᵉ: x itself, if it is 0, ∞ or NaN. The power is divided by in halves, since 2¹⁰²⁴ is no number. */
export const mantissa = unary((n, out, o, x, i, di) => {
  for (let k = 0; k < n; k++, i += di) {
    const e = exponentOf(x[i]);
    const half = Math.trunc(e / 2);
    out[o + k] = x[i] / 2 ** half / 2 ** (e - half);
  }
});

/** The next number of that dtype after a towards b: of positive numbers, that of the next larger or smaller bits */
export const nextafter = binary((n, out, o, a, i, di, b, j, dj) => {
  const next =
    out instanceof Float32Array ? after(new Float32Array(1), Int32Array) : after(new Float64Array(1), BigInt64Array);
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = next(a[i], b[j]);
});

function after(number: TypedArray, Bits: typeof Int32Array | typeof BigInt64Array): (a: number, b: number) => number {
  const bits = new Bits(number.buffer as ArrayBuffer);
  return (a, b) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
    if (a === b) return b;
    number[0] = Math.abs(a);
    if (a === 0) bits[0]++;
    else if (a < b === a > 0) bits[0]++;
    else bits[0]--;
    return a < 0 || (a === 0 && b < 0) ? -number[0] : number[0];
  };
}
