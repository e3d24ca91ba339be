/**
 * Airy's function Ai, the solution of y″ = x y that falls, and its derivative, to the last digits of float64: near 0 by power series,
 * to the right by K, far to the left as a wave; between, Taylor's series leads from one place to the next.
 */
import { scaledBesselK } from "./bessel-functions.ts";

/** Ai and Ai′ at a place. */
type Values = readonly [value: number, slope: number];

/** Ai(0) = 3^(-2/3) / Γ(2/3) and Ai′(0) = -3^(-1/3) / Γ(1/3) */
const AT_0: Values = [0.3550280538878172, -0.2588194037928068];

/** Up to here a power series at 0 loses no digits. */
const NEAR = 2;
/** From here on the terms of a wave's series are less than rounding before they rise. */
const FAR = 9;

/** From x on by `step`, which is at most 2: y = Σ cₖ stepᵏ with (k + 1)(k + 2) cₖ₊₂ = x cₖ + cₖ₋₁. */
function led([value, slope]: Values, x: number, step: number): Values {
  let [before, c, next] = [0, value, slope];
  let [sum, sumOfSlopes, power] = [value, 0, 1];
  for (let k = 0; k < 60; k++) {
    const after = (x * c + before) / ((k + 1) * (k + 2));
    sumOfSlopes += (k + 1) * next * power;
    power *= step;
    sum += next * power;
    [before, c, next] = [c, next, after];
  }
  return [sum, sumOfSlopes];
}

/** e^(-ζ) K of order 1/3 and 2/3, ζ = ⅔ x^(3/2) */
function right(x: number): Values {
  const zeta = (2 / 3) * x ** 1.5;
  const small = Math.exp(-zeta) / Math.PI;
  const slope = -small * (x / Math.sqrt(3)) * scaledBesselK(2 / 3, zeta);
  return [small * Math.sqrt(x / 3) * scaledBesselK(1 / 3, zeta), slope];
}

/** A wave of the phase ζ + π/4, ζ = ⅔ |x|^(3/2), with series in 1/ζ (Abramowitz & Stegun 10.4.60). */
function left(x: number): Values {
  const z = -x;
  const zeta = (2 / 3) * z ** 1.5;
  const [cos, sin] = [Math.cos(zeta) - Math.sin(zeta), Math.cos(zeta) + Math.sin(zeta)]; // √2 times those of the phase
  let term = 1;
  const sums = [1, 0, 1, 0];
  for (let k = 1; k < 40 && Math.abs(term) > Number.EPSILON * 0.01; k++) {
    term *= ((6 * k - 5) * (6 * k - 3) * (6 * k - 1)) / (216 * k * (2 * k - 1) * zeta);
    const sign = (k >> 1) % 2 === 0 ? 1 : -1;
    sums[k % 2] += sign * term;
    sums[2 + (k % 2)] += (sign * term * (6 * k + 1)) / (1 - 6 * k);
  }
  const quarter = z ** 0.25;
  const scale = 1 / Math.sqrt(2 * Math.PI);
  return [(scale * (sin * sums[0] - cos * sums[1])) / quarter, -scale * quarter * (cos * sums[2] + sin * sums[3])];
}

function airy(x: number): Values {
  if (!Number.isFinite(x)) return [Number.NaN, Number.NaN];
  if (x > NEAR) return right(x);
  if (x <= -FAR) return left(x);
  let [at, values] = [0, AT_0];
  while (at !== x) {
    const next = Math.max(x, at - NEAR / 2);
    const step = (x > 0 ? x : next) - at;
    values = led(values, at, step);
    at = x > 0 ? x : next;
  }
  return values;
}

/** Ai(x) */
export const airyAi = (x: number): number => airy(x)[0];

/** Ai′(x) */
export const airyAiSlope = (x: number): number => airy(x)[1];
