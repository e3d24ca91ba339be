/** What division to whole numbers begins with. */
import { check } from "../../../tensor/check.ts";
import { isFloatingPoint } from "../../../tensor/dtype.ts";
import { elementsOf, type Tensor } from "../../../tensor/tensor.ts";
import { checkTakes, isNumber } from "./implemented.ts";
import { type Operand, promoted } from "./promotion.ts";

/**
 * Both operands in the dtype of the result.
 * @throws for truths, with the name of PyTorch's kernel; and for whole numbers where one would be divided by 0
 */
export function divisible(input: Operand, other: Operand, kernel: string): [a: Tensor, b: Tensor] {
  const [a, b] = promoted(input, other);
  checkTakes(`${kernel}_cpu`, a, isNumber);
  check(
    isFloatingPoint(b.dtype) || !elementsOf(b).includes(0),
    "ZeroDivisionError: no whole number is divided by 0; floating point numbers are",
  );
  return [a, b];
}
