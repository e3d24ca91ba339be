/**
 * How a random number of the gamma or of the beta distribution moves with its parameter α. A sample x = F⁻¹(u; α) keeps its u, its
 * share of smaller values, so that 0 = du/dα = ∂F/∂α + p · dx/dα: dx/dα = -(∂F/∂α) / p (Figurnov, Mohamed & Mnih 2018,
 * "Implicit reparameterization gradients", https://arxiv.org/abs/1805.08498).
 *
 * Below the middle, F = p · S with a series S of positive terms; above it, the rest 1 - F is computed. With q = ∂ log p / ∂α then
 * dx/dα = -(q S + ∂S/∂α), or with the rest q S + ∂S/∂α, in neither of which digits cancel.
 */
import { digamma } from "../tensor/kernels/gamma.ts";

/** Terms that are this small beside their sum no longer count. */
const NEGLIGIBLE = 1e-17;

/** dx/dα of a gamma number x, with p(x) = x^(α-1) e⁻ˣ / Γ(α) */
export function gammaSlope(alpha: number, x: number): number {
  if (!(x > 0)) return x === 0 ? 0 : Number.NaN;
  const q = Math.log(x) - digamma(alpha);
  return x < alpha + 1 ? lowerGammaSlope(alpha, x, q) : upperGammaSlope(alpha, x, q);
}

/** S = Σ xⁿ⁺¹ / (α (α + 1) … (α + n)); the logarithm of a term has the derivative -Σ 1 / (α + k) */
function lowerGammaSlope(alpha: number, x: number, q: number): number {
  let term = x / alpha;
  let slope = -1 / alpha;
  let [sum, derivative] = [term, term * slope];
  for (let n = 1; term > NEGLIGIBLE * sum; n++) {
    term *= x / (alpha + n);
    slope -= 1 / (alpha + n);
    sum += term;
    derivative += term * slope;
  }
  return -(q * sum + derivative);
}

/**
 * S = x / (b₀ - a₁ / (b₁ - a₂ / (b₂ - …))), Legendre's continued fraction, with bₙ = x + 2n + 1 - α and aₙ = n (n - α). From its end
 * f = bₙ - aₙ₊₁ / f, with f' = -1 + (n + 1) / f + aₙ₊₁ f' / f², since aₙ' = -n. It begins far enough out that twice as far gives the same.
 */
function upperGammaSlope(alpha: number, x: number, q: number): number {
  const from = (end: number): number => {
    let [f, df] = [x + 2 * end + 1 - alpha, -1];
    for (let n = end - 1; n >= 0; n--) {
      const a = (n + 1) * (n + 1 - alpha);
      df = -1 + (n + 1) / f + (a * df) / (f * f);
      f = x + 2 * n + 1 - alpha - a / f;
    }
    return (x / f) * (q - df / f);
  };
  let [slope, finer] = [from(16), from(32)];
  for (let end = 64; Math.abs(slope - finer) > 1e-15 * Math.abs(finer) && end <= 2 ** 20; end *= 2) {
    [slope, finer] = [finer, from(end)];
  }
  return finer;
}

/** dx/dα of a beta number x, with p(x) = x^(α-1) (1 - x)^(β-1) Γ(α + β) / (Γ(α) Γ(β)) */
export function betaSlope(alpha: number, beta: number, x: number): number {
  if (!(x > 0 && x < 1)) return x === 0 || x === 1 ? 0 : Number.NaN;
  const q = Math.log(x) - digamma(alpha) + digamma(alpha + beta);
  return x < (alpha + 1) / (alpha + beta + 2) ? lowerBetaSlope(alpha, beta, x, q) : upperBetaSlope(alpha, beta, x, q);
}

/** S = x (1 - x) / α · Σ xⁿ (α + β) … (α + β + n - 1) / ((α + 1) … (α + n)) */
function lowerBetaSlope(alpha: number, beta: number, x: number, q: number): number {
  let term = (x * (1 - x)) / alpha;
  let slope = -1 / alpha;
  let [sum, derivative] = [term, term * slope];
  for (let n = 1; term > NEGLIGIBLE * sum; n++) {
    term *= (x * (alpha + beta + n - 1)) / (alpha + n);
    slope += 1 / (alpha + beta + n - 1) - 1 / (alpha + n);
    sum += term;
    derivative += term * slope;
  }
  return -(q * sum + derivative);
}

/** The same for 1 - x, with α and β exchanged: only α + β has the derivative then. */
function upperBetaSlope(alpha: number, beta: number, x: number, q: number): number {
  const y = 1 - x;
  let term = (x * y) / beta;
  let slope = 0;
  let [sum, derivative] = [term, 0];
  for (let n = 1; term > NEGLIGIBLE * sum; n++) {
    term *= (y * (alpha + beta + n - 1)) / (beta + n);
    slope += 1 / (alpha + beta + n - 1);
    sum += term;
    derivative += term * slope;
  }
  return q * sum + derivative;
}
