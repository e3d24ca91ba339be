/** Orthogonal polynomials, each of a degree of its own: those of Chebyshev, Hermite, Laguerre and Legendre. */
import { applyBinary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { families, polynomial } from "../../tensor/kernels/polynomials.ts";
import { paired } from "../../tensor/kernels/rows.ts";
import { elementsOf, type Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { mul } from "./elementwise.ts";
import { sumTo } from "./shared/broadcast.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";

/** Each degree costs a step for every element. */
const HIGHEST = 1e6;

/** y = the derivative of an order of polynomial n at x; dx = dy · that of the next order. By n there is no derivative, of which backward tells. */
const derivative = defineOp(
  "polynomialDerivative",
  (name: keyof typeof families, order: number, input: Operand, n: Operand): Applied => {
    const [x, degree] = promoted(input, n).map(floating);
    for (const k of elementsOf(degree)) {
      check(!(k > HIGHEST), () => `${name}: a degree of ${k} would take too long: the highest is ${HIGHEST}`);
    }
    const refuse = (): never => {
      throw new Error(`the derivative for '${name}' is not implemented by its degree: detach() its second argument`);
    };
    const pullBack = (dy: Tensor) => sumTo(mul(dy, derivative(name, order + 1, x, degree)), x.shape);
    return {
      y: applyBinary(
        paired((at, k) => polynomial(families[name], order, k, at)),
        x,
        degree,
        name,
      ),
      saves: [x, degree],
      grads: [
        [x, pullBack],
        [degree, refuse],
      ],
    };
  },
);

const family =
  (name: keyof typeof families) =>
  (input: Operand, n: Operand): Tensor =>
    derivative(name, 0, input, n);

/**
 * Chebyshev's polynomial Tₙ of the first kind: cos nθ at x = cos θ; 1, x, 2x² - 1, … Mirrors `torch.special.chebyshev_polynomial_t`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example chebyshevPolynomialT(tensor([0.5, 2]), tensor([2, 3]))
 */
export const chebyshevPolynomialT = family("chebyshevPolynomialT");

/**
 * Chebyshev's polynomial Uₙ of the second kind: sin (n + 1)θ / sin θ at x = cos θ; 1, 2x, 4x² - 1, … Mirrors `torch.special.chebyshev_polynomial_u`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example chebyshevPolynomialU(tensor([0.5, 2]), tensor([2, 3]))
 */
export const chebyshevPolynomialU = family("chebyshevPolynomialU");

/**
 * Chebyshev's polynomial Vₙ of the third kind: 1, 2x - 1, 4x² - 2x - 1, … Mirrors `torch.special.chebyshev_polynomial_v`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example chebyshevPolynomialV(tensor([0.5, 2]), tensor([2, 3]))
 */
export const chebyshevPolynomialV = family("chebyshevPolynomialV");

/**
 * Chebyshev's polynomial Wₙ of the fourth kind: 1, 2x + 1, 4x² + 2x - 1, … Mirrors `torch.special.chebyshev_polynomial_w`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example chebyshevPolynomialW(tensor([0.5, 2]), tensor([2, 3]))
 */
export const chebyshevPolynomialW = family("chebyshevPolynomialW");

/**
 * Tₙ at 2x - 1: from 0 to 1 what Tₙ is from -1 to 1. Mirrors `torch.special.shifted_chebyshev_polynomial_t`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example shiftedChebyshevPolynomialT(tensor([0.5, 2]), tensor([2, 3]))
 */
export const shiftedChebyshevPolynomialT = family("shiftedChebyshevPolynomialT");

/**
 * Uₙ at 2x - 1. Mirrors `torch.special.shifted_chebyshev_polynomial_u`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example shiftedChebyshevPolynomialU(tensor([0.5, 2]), tensor([2, 3]))
 */
export const shiftedChebyshevPolynomialU = family("shiftedChebyshevPolynomialU");

/**
 * Vₙ at 2x - 1. Mirrors `torch.special.shifted_chebyshev_polynomial_v`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example shiftedChebyshevPolynomialV(tensor([0.5, 2]), tensor([2, 3]))
 */
export const shiftedChebyshevPolynomialV = family("shiftedChebyshevPolynomialV");

/**
 * Wₙ at 2x - 1. Mirrors `torch.special.shifted_chebyshev_polynomial_w`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example shiftedChebyshevPolynomialW(tensor([0.5, 2]), tensor([2, 3]))
 */
export const shiftedChebyshevPolynomialW = family("shiftedChebyshevPolynomialW");

/**
 * Hermite's polynomial Hₙ, of physics: 1, 2x, 4x² - 2, … Mirrors `torch.special.hermite_polynomial_h`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example hermitePolynomialH(tensor([0.5, 2]), tensor([2, 3]))
 */
export const hermitePolynomialH = family("hermitePolynomialH");

/**
 * Hermite's polynomial Heₙ, of probability: 1, x, x² - 1, … Mirrors `torch.special.hermite_polynomial_he`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example hermitePolynomialHe(tensor([0.5, 2]), tensor([2, 3]))
 */
export const hermitePolynomialHe = family("hermitePolynomialHe");

/**
 * Laguerre's polynomial Lₙ: 1, 1 - x, (x² - 4x + 2) / 2, … Mirrors `torch.special.laguerre_polynomial_l`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example laguerrePolynomialL(tensor([0.5, 2]), tensor([2, 3]))
 */
export const laguerrePolynomialL = family("laguerrePolynomialL");

/**
 * Legendre's polynomial Pₙ: 1, x, (3x² - 1) / 2, … Mirrors `torch.special.legendre_polynomial_p`.
 * @param n the degree, of which the whole part counts, at most 1,000,000: 0 below 0
 * @example legendrePolynomialP(tensor([0.5, 2]), tensor([2, 3]))
 */
export const legendrePolynomialP = family("legendrePolynomialP");
