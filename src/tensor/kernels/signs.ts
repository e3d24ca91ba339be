/** Kernels for the sign of a number by itself. */
import { mapped, paired } from "./rows.ts";

/** Whether the sign is -, which that of -0 is */
export const signbit = mapped((x) => (x < 0 || Object.is(x, -0) ? 1 : 0));

/** |a| with the sign of b */
export const copysign = paired((a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)));

/** 0 left of 0, 1 right of it, b at 0 */
export const heaviside = paired((a, b) => (a === 0 ? b : a > 0 ? 1 : 0));
