/** Kernels for what a division leaves over, and for quotients without it. Read next: integers.ts. */
import { binary, paired } from "./rows.ts";

/** What is left of a, with the sign of a */
export const fmod = paired((a, b) => a % b);

/** Whether what is left of a has another sign than b: then the quotient was not rounded down */
const isAbove = (rest: number, b: number): boolean => rest !== 0 && rest < 0 !== b < 0;

/** What is left of a, with the sign of b: as Python's % */
export const remainder = paired((a, b) => {
  const rest = a % b;
  return isAbove(rest, b) ? rest + b : rest;
});

/** a / b, rounded towards 0: of float32, what a / b is in float32 */
export const divTrunc = binary((n, out, o, a, i, di, b, j, dj) => {
  const round = out instanceof Float32Array ? Math.fround : Number;
  for (let k = 0; k < n; k++, i += di, j += dj) out[o + k] = Math.trunc(round(a[i] / b[j]));
});

/** a / b, rounded down: as Python's //, without what is left, since a / b itself may be rounded up to a whole number */
export const divFloor = paired((a, b) => {
  if (b === 0) return a / b;
  const rest = a % b;
  const whole = Math.round((a - rest) / b) - (isAbove(rest, b) ? 1 : 0);
  return whole === 0 ? 0 * (a / b) : whole;
});
