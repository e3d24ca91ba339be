/** The sign of a number by itself, and numbers that get one. (sign and abs are in elementwise.ts.) */
import { applyBinary, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { zerosLike } from "../../tensor/create.ts";
import * as kernels from "../../tensor/kernels/signs.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq } from "./compare.ts";
import { div, mul, where } from "./elementwise.ts";
import { sumTo } from "./shared/broadcast.ts";
import { withoutDerivative } from "./shared/implemented.ts";
import { floating, type Operand, promoted } from "./shared/promotion.ts";

/** y = whether x has the sign -, which -0 has, bool. Mirrors `torch.signbit`. @example tensor([-1, -0, 0, 2]).signbit() */
export const signbit = (x: Tensor): Tensor => applyUnary(kernels.signbit, x, "bool");

const withSign = defineOp("copysign", (input: Tensor, other: Operand): Applied => {
  // A number counts beside what x becomes: as a whole number, -0 would have no sign.
  const [a, b] = typeof other === "number" ? promoted(floating(input), other) : promoted(input, other).map(floating);
  const y = applyBinary(kernels.copysign, a, b, "copysign");
  const shape = b.shape;
  return {
    y,
    grads: [
      [a, (dy) => sumTo(mul(dy, where(eq(a, 0), 0, div(y, a))), a.shape), [a, y]],
      [b, (dy) => sumTo(zerosLike(dy), shape)],
    ],
  };
});

/**
 * y = |a| with the sign of b, da = dy · y / a, 0 where a = 0; b has the gradient 0. Mirrors `torch.copysign`.
 * @example tensor([1, -2, 3]).copysign(tensor([-1, 1, -0]))
 */
export const copysign = (x: Tensor, other: Operand): Tensor => withSign(x, other);

/**
 * y = 0 where x < 0, 1 where x > 0, else values; it has no gradient. Mirrors `torch.heaviside`.
 * @param values of x's dtype, broadcast with it
 * @example tensor([-1, 0, 2]).heaviside(tensor(0.5))
 */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  check(x.dtype === values.dtype, "heaviside is not yet implemented for tensors with different dtypes.");
  return withoutDerivative("heaviside", applyBinary(kernels.heaviside, x, values, "heaviside"), x, values);
}
