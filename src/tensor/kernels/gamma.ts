/**
 * The logarithm of the gamma function and its derivatives, to about the last digits of float64.
 *
 * Far from 0 they have short series in 1/x, Stirling's and those that follow from it; near 0 a recurrence leads there:
 * Γ(x + 1) = x · Γ(x). Left of 0 there is a reflection: Γ(x) · Γ(1 - x) = π / sin πx.
 */

/** The Bernoulli numbers B₂, B₄, … B₁₆, which all those series have. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** From here on eight terms of a series are enough. */
const FAR = 10;

/** Σ B₂ₖ · factor(2k) / x²ᵏ */
function series(x: number, factor: (n: number) => number): number {
  let [sum, power] = [0, 1];
  for (const [k, b] of bernoulli.entries()) {
    power /= x * x;
    sum += b * factor(2 * k + 2) * power;
  }
  return sum;
}

/** x without its whole number, which a sine or tangent of πx does not see */
const fraction = (x: number): number => x - Math.floor(x);

/** log |Γ(x)| */
export function lgamma(x: number): number {
  if (x <= 0) {
    if (x === Math.floor(x)) return Infinity; // -∞, too
    return Math.log(Math.PI / Math.sin(Math.PI * fraction(x))) - lgamma(1 - x);
  }
  if (x === Infinity) return x;
  let product = 1;
  for (; x < FAR; x++) product *= x;
  const far = (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + x * series(x, (n) => 1 / (n * (n - 1)));
  return far - Math.log(product);
}

/** ψ(x), the derivative of log Γ(x) */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) {
    if (x === Math.floor(x)) return Number.NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * fraction(x));
  }
  if (x === Infinity) return x;
  let sum = 0;
  for (; x < FAR; x++) sum -= 1 / x;
  return sum + Math.log(x) - 0.5 / x - series(x, (n) => 1 / n);
}

/** Hurwitz's zeta function of s > 1, whole where x < 0: Σ (x + k)⁻ˢ over all k ≥ 0, the far ones by the formula of Euler and Maclaurin */
export function sumOfPowers(s: number, x: number): number {
  if (x <= 0 && x === Math.floor(x)) return x === -Infinity ? Number.NaN : Infinity;
  if (x < 0) {
    // Over all whole k, also those below 0, the sum is that of the fraction: without those below it is that of x.
    const [f, sign] = [fraction(x), (-1) ** s];
    return sumOfPowers(s, f) + sign * sumOfPowers(s, 1 - f) - sign * sumOfPowers(s, 1 - x);
  }
  if (x === Infinity) return 0;
  let sum = 0;
  for (; x < FAR + s; x++) {
    const term = x ** -s;
    sum += term;
    if (term * (1 + x / (s - 1)) <= sum * Number.EPSILON) return sum; // all others are less than that together
  }
  const rising = (n: number) => {
    let factor = 1 / n;
    for (let k = 1; k < n; k++) factor *= (s + k - 1) / k; // s (s + 1) … (s + n - 2) / n!
    return factor;
  };
  return sum + x ** -s * (x / (s - 1) + 0.5 + x * series(x, rising));
}

/** Hurwitz's zeta function: Σ (x + k)⁻ˢ over all k ≥ 0; ∞ at s = 1 and at 0, -1, -2, …, NaN where a power is not a number */
export function zeta(s: number, x: number): number {
  if (s === 1) return Infinity;
  if (s < 1) return Number.NaN;
  if (x <= 0 && x === Math.floor(x)) return Infinity;
  return Number.isNaN(s + x) || (x < 0 && s !== Math.floor(s)) ? Number.NaN : sumOfPowers(s, x);
}

/** The n-th derivative of ψ: (-1)ⁿ⁺¹ n! ζ(n + 1, x) */
export function polygamma(n: number): (x: number) => number {
  if (n === 0) return digamma;
  let factor = n % 2 === 0 ? -1 : 1;
  for (let k = 2; k <= n && Number.isFinite(factor); k++) factor *= k;
  return (x) => factor * sumOfPowers(n + 1, x);
}
