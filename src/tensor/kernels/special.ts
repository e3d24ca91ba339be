/**
 * The error function and its complement, to the last digit or two of float64. Each range of x has a quotient of two
 * polynomials, from W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of Computation 23
 * (1969), with the coefficients of his program CALERF, rounded to float64.
 */

/** Coefficients, those of the highest powers first. */
interface Quotient {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

/** erf x / x for |x| ≤ 0.46875, of x² */
const small: Quotient = {
  numerator: [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694],
  denominator: [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};

/** e^(x²) erfc x for 0.46875 < x ≤ 4, of x */
const middle: Quotient = {
  numerator: [
    2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
    881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
  ],
  denominator: [
    1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
    4362.619090143247, 3439.3676741437216, 1230.3393548037495,
  ],
};

/** (1/√π - x e^(x²) erfc x) x² for x > 4, of 1/x² */
const large: Quotient = {
  numerator: [
    0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
    0.0006587491615298378,
  ],
  denominator: [
    1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
  ],
};

function quotient({ numerator, denominator }: Quotient, t: number): number {
  let [p, q] = [0, 0];
  for (let k = 0; k < numerator.length; k++) {
    p = p * t + numerator[k];
    q = q * t + denominator[k];
  }
  return p / q;
}

/** e^(-x²). The rounding error of x² would be a relative one of the result, so x² is split where its first part is exact. */
function gaussian(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}

/** erfc x for x > 0.46875 */
function tail(x: number): number {
  if (x > 27) return 0; // less than the smallest float64
  if (x <= 4) return gaussian(x) * quotient(middle, x);
  const t = 1 / (x * x);
  return (gaussian(x) / x) * (1 / Math.sqrt(Math.PI) - t * quotient(large, t));
}

/** 2/√π ∫ e^(-t²) dt from 0 to x */
export function erf(x: number): number {
  if (x > 0.46875) return 1 - tail(x);
  if (x < -0.46875) return tail(-x) - 1;
  return x * quotient(small, x * x);
}

/** 1 - erf x, to full relative precision also where that is tiny */
export function erfc(x: number): number {
  if (x > 0.46875) return tail(x);
  if (x < -0.46875) return 2 - tail(-x);
  return 1 - x * quotient(small, x * x);
}

/** e^(x²) erfc x: what erfc still has where it is too small to be a number */
export function erfcx(x: number): number {
  if (x > 4) return (1 / Math.sqrt(Math.PI) - quotient(large, 1 / (x * x)) / (x * x)) / x;
  if (x > 0.46875) return quotient(middle, x);
  if (x < -27) return Infinity;
  const head = Math.trunc(x * 16) / 16;
  const power = Math.exp(head * head) * Math.exp((x - head) * (x + head)); // e^(x²), as in gaussian
  return x < -0.46875 ? 2 * power - erfcx(-x) : power * erfc(x);
}

/** The logarithm of the share of the normal distribution below x, also where that is too small to be a number */
export const logNdtr = (x: number): number =>
  x < -1 ? Math.log(erfcx(-x / Math.SQRT2) / 2) - (x * x) / 2 : Math.log1p(-erfc(x / Math.SQRT2) / 2);

/** x of which the share p of the normal distribution is below */
export function ndtri(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN;
  return p < 0.25 ? -Math.SQRT2 * beyond(2 * p) : Math.SQRT2 * erfinv(2 * p - 1);
}

/** x > 0 of which erfc is a small number q, by Newton's steps on its logarithm, of which the slope is -2/√π / erfcx x */
function beyond(q: number): number {
  const logarithm = Math.log(q);
  let x = Math.sqrt(-logarithm); // the first is too far out, and so are all others
  for (let step = 0; step < 40; step++) {
    const scaled = erfcx(x);
    const change = ((logarithm - Math.log(scaled) + x * x) * scaled * Math.sqrt(Math.PI)) / 2;
    x -= change;
    if (Math.abs(change) < 1e-15 * x) break;
  }
  return x;
}

/** -x log x, 0 at 0 and -∞ below it */
export const entr = (x: number): number => (x > 0 ? -x * Math.log(x) : x === 0 ? 0 : x < 0 ? -Infinity : x);

/**
 * x of which erf is y: Winitzki's formula is right to three digits, and each of Halley's steps triples them. Near ±1 the
 * distance to 1 is exact, and erfc keeps its digits, so that is what the steps compare.
 */
export function erfinv(y: number): number {
  const rest = 1 - Math.abs(y);
  if (!(rest > 0)) return rest === 0 ? y * Infinity : Number.NaN;
  if (y === 0) return y;
  const a = 0.147;
  const logarithm = Math.log(rest * (1 + Math.abs(y)));
  const half = 2 / (Math.PI * a) + logarithm / 2;
  let x = Math.sqrt(Math.sqrt(half * half - logarithm / a) - half);
  for (let step = 0; step < 3; step++) {
    const error = rest < 0.5 ? rest - erfc(x) : erf(x) - Math.abs(y);
    const newton = (error * Math.sqrt(Math.PI)) / 2 / gaussian(x);
    x -= newton / (1 + x * newton);
  }
  return y < 0 ? -x : x;
}

/** sin πx / πx */
export const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** a log b, 0 where a is 0 */
export const xlogy = (a: number, b: number): number => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b));

/** a log (1 + b), 0 where a is 0 */
export const xlog1py = (a: number, b: number): number => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log1p(b));

/** log (eᵃ + eᵇ) */
export function logaddexp(a: number, b: number): number {
  const larger = Math.max(a, b);
  return a === b && Math.abs(a) === Infinity ? a : larger + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** log₂ (2ᵃ + 2ᵇ) */
export function logaddexp2(a: number, b: number): number {
  const larger = Math.max(a, b);
  return a === b && Math.abs(a) === Infinity ? a : larger + Math.log1p(2 ** -Math.abs(a - b)) / Math.LN2;
}
