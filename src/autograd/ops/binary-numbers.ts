/** How floating point numbers are made, as a fraction and a power of two; and powers in float64. */
import { applyBinary, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import * as kernels from "../../tensor/kernels/binary-numbers.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { mul, pow } from "./elementwise.ts";
import { exp2 } from "./functions.ts";
import { to } from "./shape.ts";
import { checkTakes, withoutDerivative } from "./shared/implemented.ts";
import { type Operand, promoted } from "./shared/promotion.ts";

/** m = x / 2ᵉ, dx = dm / 2ᵉ */
const mantissaOf = defineOp("frexp", (x: Tensor, exponent: Tensor): Applied => {
  return {
    y: applyUnary(kernels.mantissa, x),
    saves: [exponent],
    grads: [[x, (dy) => mul(dy, exp2(to(mul(exponent, -1), dy.dtype)))]],
  };
});

/** A number taken apart. */
export interface MantissaAndExponent {
  /** Between ½ and 1, with the sign of x; x itself, if it is 0, ∞ or NaN. */
  mantissa: Tensor;
  /** A whole number, int32. */
  exponent: Tensor;
}

/**
 * The mantissa m and the exponent e of x = m · 2ᵉ. Mirrors `torch.frexp`.
 * @throws for whole numbers
 * @example tensor([8, -0.3]).frexp()
 */
export function frexp(x: Tensor): MantissaAndExponent {
  check(isFloatingPoint(x.dtype), "torch.frexp() only supports floating-point dtypes");
  const exponent = applyUnary(kernels.exponent, x, "int32");
  return { mantissa: mantissaOf(x, exponent), exponent };
}

/** y = x · 2ᵇ. Mirrors `torch.ldexp`. @example tensor([0.5, 3]).ldexp(tensor([4, 1], { dtype: "int32" })) */
export const ldexp = (x: Tensor, other: Tensor): Tensor =>
  mul(x, pow(2, isFloatingPoint(other.dtype) ? other : to(other, "float32")));

/**
 * The next number of that dtype after a towards b. Mirrors `torch.nextafter`.
 * @throws for whole numbers; and from backward
 * @example tensor([1]).nextafter(tensor([2])).sub(1).item()
 */
export function nextafter(input: Tensor, other: Tensor): Tensor {
  const [a, b] = promoted(input, other);
  checkTakes("nextafter_cpu", a, isFloatingPoint);
  return withoutDerivative("nextafter", applyBinary(kernels.nextafter, a, b, "nextafter"), a, b);
}

/** y = aᵇ in float64. Mirrors `torch.float_power`. @example tensor([2, 3]).floatPower(2) */
export function floatPower(input: Operand, exponent: Operand): Tensor {
  const [a, b] = [input, exponent].map((x) => (x instanceof Tensor ? to(x, "float64") : x));
  return pow(a, b);
}
