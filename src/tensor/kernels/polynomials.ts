/**
 * Orthogonal polynomials, all of which have a recurrence of three terms: p₀ = 1, p₁ = a t + b and pₖ₊₁ = (aₖ t + bₖ) pₖ - cₖ pₖ₋₁. The
 * derivatives of the recurrence are those of the polynomials.
 */

/** a, b and c of pₖ₊₁ */
type Step = readonly [a: number, b: number, c: number];

/** A family of polynomials in t = x, or in t = 2x - 1. */
export interface Family {
  readonly first: readonly [a: number, b: number];
  readonly step: (k: number) => Step;
  readonly isShifted?: boolean;
}

const ofChebyshev = (): Step => [2, 0, 1];
const chebyshevT: Family = { first: [1, 0], step: ofChebyshev };
const chebyshevU: Family = { first: [2, 0], step: ofChebyshev };
const chebyshevV: Family = { first: [2, -1], step: ofChebyshev };
const chebyshevW: Family = { first: [2, 1], step: ofChebyshev };
const shifted = (family: Family): Family => ({ ...family, isShifted: true });

export const families = {
  chebyshevPolynomialT: chebyshevT,
  chebyshevPolynomialU: chebyshevU,
  chebyshevPolynomialV: chebyshevV,
  chebyshevPolynomialW: chebyshevW,
  shiftedChebyshevPolynomialT: shifted(chebyshevT),
  shiftedChebyshevPolynomialU: shifted(chebyshevU),
  shiftedChebyshevPolynomialV: shifted(chebyshevV),
  shiftedChebyshevPolynomialW: shifted(chebyshevW),
  hermitePolynomialH: { first: [2, 0], step: (k) => [2, 0, 2 * k] },
  hermitePolynomialHe: { first: [1, 0], step: (k) => [1, 0, k] },
  laguerrePolynomialL: { first: [-1, 1], step: (k) => [-1 / (k + 1), (2 * k + 1) / (k + 1), k / (k + 1)] },
  legendrePolynomialP: { first: [1, 0], step: (k) => [(2 * k + 1) / (k + 1), 0, k / (k + 1)] },
} as const satisfies Record<string, Family>;

/** The derivative of that order of polynomial n at x; 0 for n < 0. */
export function polynomial(
  { first: [a, b], step, isShifted = false }: Family,
  order: number,
  n: number,
  x: number,
): number {
  const degree = Math.trunc(n);
  if (!(degree >= 0)) return 0;
  const t = isShifted ? 2 * x - 1 : x;
  const zeros = () => Array<number>(order + 1).fill(0);
  /** Derivatives of the polynomial before, and of this one, from order 0 on. */
  let before = zeros();
  let p = zeros();
  p[0] = 1;
  for (let k = 0; k < degree; k++) {
    const [ak, bk, ck] = k === 0 ? [a, b, 0] : step(k);
    const next = p.map(
      (value, j) => (ak * t + bk) * value + (j > 0 ? j * ak * p[j - 1] : 0) - (ck === 0 ? 0 : ck * before[j]),
    );
    [before, p] = [p, next];
  }
  return isShifted ? p[order] * 2 ** order : p[order];
}
