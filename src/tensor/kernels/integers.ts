/** Kernels for whole numbers: what they have in common, and their bits. Truths are whole numbers of one bit. */
import { mapped, paired } from "./rows.ts";

/** The greatest whole number that divides both, by Euclid's algorithm; of 0 and 0 it is 0 */
export const gcd = paired(commonDivisor);

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return Math.abs(a);
}

/** The least whole number that both divide; 0 where one is 0 */
export const lcm = paired((a, b) => (a === 0 || b === 0 ? 0 : Math.abs(Math.imul(a / commonDivisor(a, b), b))));

export const bitwiseAnd = paired((a, b) => a & b);
export const bitwiseOr = paired((a, b) => a | b);
export const bitwiseXor = paired((a, b) => a ^ b);
export const bitwiseNot = mapped((x) => ~x);

/** JavaScript shifts by the last five bits of b, as the machine does and so PyTorch. */
export const bitwiseLeftShift = paired((a, b) => a << b);
export const bitwiseRightShift = paired((a, b) => a >> b);
