/** How gamma and beta numbers move with their parameters: as numerical derivatives of their distribution functions say. */
import { describe, expect, it } from "vitest";
import { betaSlope, gammaSlope } from "../../src/distributions/implicit.ts";
import { lgamma } from "../../src/tensor/kernels/gamma.ts";

/** ∫ f from a to b, by Gauss and Legendre on many small pieces. */
function integral(f: (t: number) => number, a: number, b: number, pieces = 2000): number {
  const nodes = [-0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664];
  const weights = [
    0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908,
  ];
  const width = (b - a) / pieces;
  let sum = 0;
  for (let k = 0; k < pieces; k++)
    for (let i = 0; i < 5; i++) sum += weights[i] * f(a + width * (k + (nodes[i] + 1) / 2));
  return (sum * width) / 2;
}

/** -∂F/∂α / p, the derivative by a central difference, the distribution function by integrating log t, which has no pole at 0. */
const slopeOf = (density: (alpha: number, t: number) => number, alpha: number, x: number): number => {
  const share = (a: number) =>
    integral((s) => density(a, Math.exp(s)) * Math.exp(s), Math.log(x) - 60 / alpha - 5, Math.log(x));
  const h = 1e-4 * alpha;
  const difference =
    (share(alpha - 2 * h) - 8 * share(alpha - h) + 8 * share(alpha + h) - share(alpha + 2 * h)) / (12 * h);
  return -difference / density(alpha, x);
};

const gammaDensity = (alpha: number, t: number) => Math.exp((alpha - 1) * Math.log(t) - t - lgamma(alpha));
const betaDensity = (beta: number) => (alpha: number, t: number) =>
  Math.exp(
    (alpha - 1) * Math.log(t) + (beta - 1) * Math.log1p(-t) + lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta),
  );

describe("dx/dα of a gamma number", () => {
  for (const alpha of [0.1, 0.7, 1, 2.5, 9, 40])
    for (const share of [0.2, 0.9, 1, 1.1, 1.6])
      it(`α = ${alpha}, x = ${share} α`, () => {
        const expected = slopeOf(gammaDensity, alpha, share * alpha);
        expect(Math.abs(gammaSlope(alpha, share * alpha) / expected - 1)).toBeLessThan(1e-7);
      });

  it("is 0 at 0, and about 1 for large α", () => {
    expect(gammaSlope(0.5, 0)).toBe(0);
    expect(gammaSlope(1e6, 1e6)).toBeCloseTo(1, 5);
    expect(gammaSlope(1e6, 1e6 + 2000)).toBeCloseTo(1.001, 5);
  });
});

describe("dx/dα of a beta number", () => {
  for (const alpha of [0.2, 1, 3, 20])
    for (const beta of [0.3, 1, 4, 30])
      for (const x of [0.1, 0.5, 0.9])
        it(`α = ${alpha}, β = ${beta}, x = ${x}`, () => {
          const slope = betaSlope(alpha, beta, x);
          const expected = slopeOf(betaDensity(beta), alpha, x);
          // Where nearly all of the distribution is below x, its share there is near 1, of which differences keep few digits.
          if (Math.abs(expected) * betaDensity(beta)(alpha, x) < 1e-4) return;
          expect(Math.abs(slope / expected - 1)).toBeLessThan(1e-6);
        });

  it("is that of the rest, mirrored", () => {
    // With β = 1, x = u^(1/α): dx/dα = -x log x / α.
    for (const x of [0.01, 0.3, 0.7, 0.99]) expect(betaSlope(2.5, 1, x)).toBeCloseTo((-x * Math.log(x)) / 2.5, 12);
  });
});
