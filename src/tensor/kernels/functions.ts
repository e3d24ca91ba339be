/** Mathematical functions, as kernels. Those that few programs need are functions of numbers, in special.ts, gamma.ts and bessel.ts. */
import { binary, mapped, paired } from "./rows.ts";
import { erf as errorFunction } from "./special.ts";

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

export const erf = mapped(errorFunction);

/** √(a² + b²), without squares that are too large */
export const hypot = paired(Math.hypot);

/** The larger, where one is NaN the other */
export const fmax = paired((a, b) => (a >= b || Number.isNaN(b) ? a : b));

/** The smaller, likewise */
export const fmin = paired((a, b) => (a <= b || Number.isNaN(b) ? a : b));
