/**
 * The Bessel functions J and Y of orders 0 and 1, and the modified K of any order, to the last digits of float64. Near 0, J comes of its
 * recurrence, begun far above where it is nearly 0 (Miller), and Y of J by Neumann's series; far from it both come of waves,
 * √(2/πx) (P cos χ - Q sin χ), with series in 1/x. Read next: airy.ts.
 */

/** From here on the terms of the series in 1/x are less than rounding before they rise. */
const FAR = 25;

const EULER = 0.5772156649015329;

/** J₀(x), J₁(x), … for 0 ≤ x < FAR: J(k - 1) = 2k/x · J(k) - J(k + 1), downwards, then scaled so that J₀ + 2 J₂ + 2 J₄ + … = 1. */
function nearJ(x: number): number[] {
  if (x < 1e-20) return [1, x / 2, 0, 0];
  const top = x < 1e-3 ? 8 : 2 * Math.ceil((x + 40) / 2);
  const values = Array<number>(top + 2).fill(0);
  values[top] = 1e-280;
  for (let k = top; k > 0; k--) values[k - 1] = ((2 * k) / x) * values[k] - values[k + 1];
  let sum = values[0];
  for (let k = 2; k <= top; k += 2) sum += 2 * values[k];
  return values.map((value) => value / sum);
}

/** Yₙ(x) of all J, n being 0 or 1 (Abramowitz & Stegun 9.1.88). */
function nearY(n: 0 | 1, x: number): number {
  const js = nearJ(x);
  let sum = 0;
  for (let k = 1; n + 2 * k < js.length; k++)
    sum += ((k % 2 === 0 ? 1 : -1) * (n + 2 * k) * js[n + 2 * k]) / (k * (n + k));
  const own = (Math.log(x / 2) + EULER - n) * js[n];
  return (2 / Math.PI) * (own - sum - (n === 1 ? js[0] / x : 0));
}

/** The parts P and Q of a wave of order n: Σ ± Π (4n² - (2j - 1)²) / (k! (8x)ᵏ), of even and of odd k. */
function wave(n: 0 | 1, x: number): { p: number; q: number } {
  let [p, q, term] = [1, 0, 1];
  for (let k = 1; k < 2 * FAR && Math.abs(term) > Number.EPSILON * 0.01; k++) {
    term *= (4 * n * n - (2 * k - 1) ** 2) / (8 * k * x);
    const sign = (k >> 1) % 2 === 0 ? 1 : -1;
    if (k % 2 === 0) p += sign * term;
    else q += sign * term;
  }
  return { p, q };
}

/** √2 times cos χ and sin χ, χ = x - (2n + 1) π / 4. */
const turned = (n: 0 | 1, x: number): [cos: number, sin: number] => {
  const [cos, sin] = [Math.cos(x), Math.sin(x)];
  return n === 0 ? [cos + sin, sin - cos] : [sin - cos, -sin - cos];
};

function besselJ(n: 0 | 1, x: number): number {
  if (x < FAR) return nearJ(x)[n];
  const { p, q } = wave(n, x);
  const [cos, sin] = turned(n, x);
  return (p * cos - q * sin) / Math.sqrt(Math.PI * x);
}

function besselY(n: 0 | 1, x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x < FAR) return nearY(n, x);
  const { p, q } = wave(n, x);
  const [cos, sin] = turned(n, x);
  return (p * sin + q * cos) / Math.sqrt(Math.PI * x);
}

/** J₀(x) */
export const besselJ0 = (x: number): number => besselJ(0, Math.abs(x));

/** J₁(x), which is odd */
export const besselJ1 = (x: number): number => (x < 0 ? -besselJ(1, -x) : besselJ(1, x));

/** Y₀(x), -∞ at 0 and NaN below */
export const besselY0 = (x: number): number => besselY(0, x);

/** Y₁(x), likewise */
export const besselY1 = (x: number): number => besselY(1, x);

/**
 * eˣ K(x) of order n, the integral of e^(-x (cosh t - 1)) cosh nt over t > 0: the terms fall so fast that the rule of trapezoids has all
 * digits, if its steps are less than the width of the integrand.
 */
export function scaledBesselK(n: number, x: number): number {
  if (x === 0) return Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x === Infinity) return 0;
  const step = Math.min(0.25, 0.7 / Math.sqrt(x));
  let sum = 0.5;
  for (let k = 1, term = 1; term > Number.EPSILON * 0.01 * sum; k++) {
    term = Math.exp(-2 * x * Math.sinh((k * step) / 2) ** 2) * Math.cosh(n * k * step);
    sum += term;
  }
  return step * sum;
}

/** sin x / x */
export const sphericalBesselJ0 = (x: number): number => {
  if (x === 0) return 1;
  return Math.abs(x) === Infinity ? 0 : Math.sin(x) / x;
};
