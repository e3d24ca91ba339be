/** Mathematical functions, as kernels. */
import * as bessel from "./bessel.ts";
import * as gamma from "./gamma.ts";
import { igamma as lowerGamma, igammac as upperGamma } from "./incomplete-gamma.ts";
import { binary, mapped, paired, type UnaryKernel } from "./rows.ts";
import * as special from "./special.ts";

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
export const exp2 = mapped((x) => 2 ** x);
export const rsqrt = mapped((x) => 1 / Math.sqrt(x));
export const reciprocal = mapped((x) => 1 / x);
export const floor = mapped(Math.floor);
export const ceil = mapped(Math.ceil);
export const trunc = mapped(Math.trunc);

/** To the nearest whole number, halves to the even one; 0 keeps the sign of x. */
export const round = mapped((x) => {
  const below = Math.floor(x);
  const rest = x - below;
  const nearest = rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
  return nearest || 0 * x;
});

/** The angle of the point (b, a), between -π and π */
export const atan2 = binary((n, out, o, a, i, di, b, j, dj) => {
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.atan2(a[i], b[j]);
});

export const erf = mapped(special.erf);
export const erfc = mapped(special.erfc);
export const erfinv = mapped(special.erfinv);
export const erfcx = mapped(special.erfcx);
export const logNdtr = mapped(special.logNdtr);
export const ndtri = mapped(special.ndtri);
export const entr = mapped(special.entr);
export const i0 = mapped(bessel.i0);
export const i0e = mapped(bessel.i0e);
export const i1 = mapped(bessel.i1);
export const i1e = mapped(bessel.i1e);
export const lgamma = mapped(gamma.lgamma);
export const digamma = mapped(gamma.digamma);

/** The n-th derivative of digamma */
export const polygamma = (n: number): UnaryKernel => mapped(gamma.polygamma(n));

/** log (x / (1 - x)) of x limited to [low, high] */
export const logit = (low: number, high: number): UnaryKernel =>
  mapped((x) => {
    const limited = x < low ? low : x > high ? high : x;
    return Math.log(limited / (1 - limited));
  });

/** sin πx / πx */
export const sinc = mapped((x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)));

/** Whether the sign is -, which that of -0 is */
export const signbit = mapped((x) => (x < 0 || Object.is(x, -0) ? 1 : 0));

/** |a| with the sign of b */
export const copysign = paired((a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)));

/** √(a² + b²), without squares that are too large */
export const hypot = paired(Math.hypot);

/** 0 left of 0, 1 right of it, b at 0 */
export const heaviside = paired((a, b) => (a === 0 ? b : a > 0 ? 1 : 0));

/** a log b, 0 where a is 0 */
export const xlogy = paired((a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b)));

/** a log (1 + b), 0 where a is 0 */
export const xlog1py = paired((a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log1p(b)));

/** Hurwitz's zeta function */
export const zeta = paired(gamma.zeta);

/** The share of the gamma distribution of parameter a below b, and above it */
export const igamma = paired(lowerGamma);
export const igammac = paired(upperGamma);

/** log (eᵃ + eᵇ) */
export const logaddexp = paired((a, b) => {
  const larger = Math.max(a, b);
  return a === b && Math.abs(a) === Infinity ? a : larger + Math.log1p(Math.exp(-Math.abs(a - b)));
});

/** log₂ (2ᵃ + 2ᵇ) */
export const logaddexp2 = paired((a, b) => {
  const larger = Math.max(a, b);
  return a === b && Math.abs(a) === Infinity ? a : larger + Math.log1p(2 ** -Math.abs(a - b)) / Math.LN2;
});

/** The larger, where one is NaN the other */
export const fmax = paired((a, b) => (a >= b || Number.isNaN(b) ? a : b));

/** The smaller, likewise */
export const fmin = paired((a, b) => (a <= b || Number.isNaN(b) ? a : b));
