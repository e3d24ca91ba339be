/**
 * The incomplete gamma functions: the share of the gamma distribution of parameter a below x, and above it. The smaller of the two is
 * computed, as the density at x times a series of positive terms, or a continued fraction.
 */
import { lgamma } from "./gamma.ts";
import { erfc } from "./special.ts";

/** P(a, x) = 1/Γ(a) ∫ t^(a-1) e⁻ᵗ dt from 0 to x */
export function igamma(a: number, x: number): number {
  const edge = atEdges(a, x);
  if (edge !== null) return edge;
  if (a > LARGE) return 1 - ofLarge(a, x);
  return x < a + 1 ? lower(a, x) : 1 - upper(a, x);
}

/** Q(a, x) = 1 - P(a, x) */
export function igammac(a: number, x: number): number {
  const edge = atEdges(a, x);
  if (edge !== null) return 1 - edge;
  if (a > LARGE) return ofLarge(a, x);
  return x < a + 1 ? 1 - lower(a, x) : upper(a, x);
}

/** P where one of them is 0 or ∞, or no number; else null. */
function atEdges(a: number, x: number): number | null {
  if (a < 0 || x < 0) return Number.NaN;
  if (a === 0) return x > 0 ? 1 : Number.NaN;
  if (x === 0) return 0;
  if (a === Infinity) return x === Infinity ? Number.NaN : 0;
  if (x === Infinity) return 1;
  return Number.isNaN(a + x) ? Number.NaN : null;
}

/** Beyond it series need too many terms near a, and the distribution is nearly normal. */
const LARGE = 1e8;

/** Q by Temme's expansion: erfc (η √(a/2)) / 2 + e^(-aη²/2) / √2πa · (1/d - 1/η + …), with x = a (1 + d) and η²/2 = d - log (1 + d) */
function ofLarge(a: number, x: number): number {
  const d = (x - a) / a;
  const half = beyondLogarithm(d);
  const eta = Math.sign(d) * Math.sqrt(2 * half);
  const correction = Math.abs(eta) < 1e-4 ? -1 / 3 + eta / 12 : 1 / d - 1 / eta;
  return erfc(eta * Math.sqrt(a / 2)) / 2 + (Math.exp(-a * half) / Math.sqrt(2 * Math.PI * a)) * correction;
}

/**
 * xᵃ e⁻ˣ / Γ(a). Where a is large, the logarithms of xᵃ and of Γ(a) are so, too, and cancel: with x = a (1 + d) and Stirling's formula
 * it is √(a / 2π) e^(-a (d - log (1 + d))) over e to what that formula leaves, about 1/12a.
 */
function density(a: number, x: number): number {
  if (a < 20) return Math.exp(a * Math.log(x) - x - lgamma(a));
  const d = (x - a) / a;
  const s = 1 / (a * a);
  const rest = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / a;
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-a * beyondLogarithm(d) - rest);
}

/** d - log (1 + d), by its series where they are nearly equal */
function beyondLogarithm(d: number): number {
  if (Math.abs(d) > 0.1) return d - Math.log1p(d);
  let [power, sum] = [d * d, 0];
  for (let n = 2; n < 20; n++, power *= -d) sum += power / n;
  return sum;
}

/** xᵃ e⁻ˣ / Γ(a) · Σ xⁿ / (a (a + 1) … (a + n)) */
function lower(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > Number.EPSILON * 0.1 * sum; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return density(a, x) * sum;
}

/** xᵃ e⁻ˣ / Γ(a) / (b₀ - a₁ / (b₁ - a₂ / (b₂ - …))) with bₙ = x + 2n + 1 - a and aₙ = n (n - a), from its beginning by Lentz's method */
function upper(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1e6; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return density(a, x) * fraction;
}
