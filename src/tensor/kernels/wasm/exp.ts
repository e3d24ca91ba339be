/** The exponential function of four float32 at once. */
import { after, f32x4, i32x4, type Locals, type Vector } from "./assembler.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";

/** ln 2 in two parts, of which the first has so few digits that a whole number times it is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.LN2 - LN2_HIGH;

/**
 * eˣ = 2ᵏ · eʳ with the whole number k nearest to x / ln 2, so that r = x - k · ln 2 is within ±0.35. There eight terms of
 * the series Σ rⁿ / n! are as good as float32 is. 2ᵏ is made by putting k where a float has its exponent; in two halves,
 * since k goes one further than exponents do.
 */
export function exp(x: Vector, multiplyAdd: MultiplyAdd, locals: Locals): Vector {
  const [r, k, sum] = locals("v128", 3);
  const [first, ...others] = [7, 6, 5, 4, 3, 2, 1, 0].map((n) => 1 / factorial(n));
  const half = i32x4.shr_s(k, 1);
  const powerOfTwo = (exponent: Vector) => i32x4.shl(i32x4.add(exponent, 127), 23);
  const steps = [
    r.set(f32x4.min(f32x4.max(x, -104), 89)), // beyond, eˣ is 0 and ∞ in float32
    k.set(f32x4.nearest(f32x4.mul(r, Math.LOG2E))),
    r.set(multiplyAdd(k, -LN2_HIGH, r)),
    r.set(multiplyAdd(k, -LN2_LOW, r)),
    sum.set(f32x4.const(first)),
    others.map((term) => sum.set(multiplyAdd(sum, r, term))),
    k.set(i32x4.trunc_f32x4(k)),
  ];
  return after(steps, f32x4.mul(f32x4.mul(sum, powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half))));
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
