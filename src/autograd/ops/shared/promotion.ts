/** Operands of one dtype: what arithmetic and comparisons begin with. */
import { type DType, isFloatingPoint, reaches, resultType, rounded, scalarType } from "../../../tensor/dtype.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { to } from "../shape.ts";

/** What arithmetic takes: a number stands for a scalar of the other operand's dtype, beside a number of float32. */
export type Operand = Tensor | number;

/** Both operands as tensors of the dtype that the result will have. */
export function promoted(input: Operand, other: Operand): [a: Tensor, b: Tensor] {
  const a = typeof input === "number" ? scalar(input, typeof other === "number" ? "float32" : other.dtype) : input;
  const b = typeof other === "number" ? scalar(other, a.dtype) : other;
  const dtype = resultType(a, b);
  return [to(a, dtype), to(b, dtype)];
}

/** The same for a comparison: a number that int32 does not hold is not the one that it would be there. */
export function compared(input: Tensor, other: Operand): [a: Tensor, b: Tensor] {
  const isBeyond = typeof other === "number" && !reaches(input.dtype, other);
  return promoted(isBeyond ? to(input, "float64") : input, other);
}

function scalar(value: number, beside: DType): Tensor {
  const dtype = scalarType(value, beside);
  const x = Tensor.empty([], dtype);
  x.storage.data[0] = rounded(value, dtype);
  return x;
}

/** Whole numbers become float32 where a result has fractions. */
export const floating = (x: Tensor): Tensor => (isFloatingPoint(x.dtype) ? x : to(x, "float32"));
