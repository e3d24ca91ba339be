/** Mathematical functions of one number, as kernels. */
import type { UnaryKernel } from "./elementwise.ts";

const mapped =
  (f: (x: number) => number): UnaryKernel =>
  (n, out, o, x, i, di) => {
    for (let k = 0; k < n; k++, i += di) out[o + k] = f(x[i]);
  };

export const sin = mapped(Math.sin);
export const cos = mapped(Math.cos);
export const tan = mapped(Math.tan);
export const asin = mapped(Math.asin);
export const acos = mapped(Math.acos);
export const atan = mapped(Math.atan);
export const sinh = mapped(Math.sinh);
export const cosh = mapped(Math.cosh);
export const asinh = mapped(Math.asinh);
export const acosh = mapped(Math.acosh);
export const atanh = mapped(Math.atanh);
export const expm1 = mapped(Math.expm1);
export const log1p = mapped(Math.log1p);
export const log2 = mapped(Math.log2);
export const log10 = mapped(Math.log10);
export const rsqrt = mapped((x) => 1 / Math.sqrt(x));
export const reciprocal = mapped((x) => 1 / x);
export const floor = mapped(Math.floor);
export const ceil = mapped(Math.ceil);
export const trunc = mapped(Math.trunc);

/** To the nearest whole number, halves to the even one. */
export const round = mapped((x) => {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
});

/** Below it the series of erf takes few terms, above it the continued fraction of erfc does. */
const MIDDLE = 2;

/** 2/√π e^(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)): all terms have one sign. Abramowitz & Stegun 7.1.6 */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(-x²)/√π · 1 / (x + (1/2) / (x + 1 / (x + (3/2) / (x + 2 / (x + …))))), x > 0. Abramowitz & Stegun 7.1.14 */
function erfcFraction(x: number): number {
  let denominator = x;
  for (let k = 120; k >= 1; k--) denominator = x + k / 2 / denominator;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
}

/** 2/√π ∫ e^(-t²) dt from 0 to x */
export const erf = mapped((x) => {
  if (Math.abs(x) < MIDDLE) return erfSeries(x);
  return x > 0 ? 1 - erfcFraction(x) : x < 0 ? erfcFraction(-x) - 1 : x; // x itself is NaN
});

/** 1 - erf x, exact also where that is tiny */
export const erfc = mapped((x) => {
  if (Math.abs(x) < MIDDLE) return 1 - erfSeries(x);
  return x > 0 ? erfcFraction(x) : x < 0 ? 2 - erfcFraction(-x) : x;
});
