/** The exponential function of four float32 at once. */
import { after, type Code, f32x4, i32, i32x4, type Locals } from "./assembler.ts";
import type { MultiplyAdd } from "./micro-kernel.ts";

/** ln 2 in two parts, of which the first has so few digits that a whole number times it is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.LN2 - LN2_HIGH;

/**
 * eˣ = 2ᵏ · eʳ with the whole number k nearest to x / ln 2, so that r = x - k · ln 2 is within ±0.35. There eight terms of
 * the series Σ rⁿ / n! are as good as float32 is. 2ᵏ is made by putting k where a float has its exponent; in two halves,
 * since k goes one further than exponents do.
 */
export function exp(x: Code<"v128">, multiplyAdd: MultiplyAdd, locals: Locals): Code<"v128"> {
  const [r, k, sum] = locals.addMany("v128", 3);
  const terms = [7, 6, 5, 4, 3, 2, 1, 0].map((n) => f32x4.const(1 / factorial(n)));
  const half = i32x4.shr_s(k.get, i32.const(1));
  const powerOfTwo = (exponent: Code<"v128">) => i32x4.shl(i32x4.add(exponent, i32x4.const(127)), i32.const(23));
  const steps = [
    r.set(f32x4.min(f32x4.max(x, f32x4.const(-104)), f32x4.const(89))), // beyond, eˣ is 0 and ∞ in float32
    k.set(f32x4.nearest(f32x4.mul(r.get, f32x4.const(Math.LOG2E)))),
    r.set(multiplyAdd(k.get, f32x4.const(-LN2_HIGH), r.get)),
    r.set(multiplyAdd(k.get, f32x4.const(-LN2_LOW), r.get)),
    sum.set(terms[0]),
    terms.slice(1).map((term) => sum.set(multiplyAdd(sum.get, r.get, term))),
    k.set(i32x4.trunc_f32x4(k.get)),
  ];
  return after(steps, f32x4.mul(f32x4.mul(sum.get, powerOfTwo(half)), powerOfTwo(i32x4.sub(k.get, half))));
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
