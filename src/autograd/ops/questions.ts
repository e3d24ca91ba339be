/** What is asked of tensors and dtypes, and answered without computing with their numbers. */
import { check } from "../../tensor/check.ts";
import { category, type DType, promoteTypes as promote, resultType as typeOf } from "../../tensor/dtype.ts";
import {
  checkSizes,
  broadcastShapes as commonShape,
  formatShape,
  listed,
  type Shape,
  type Sizes,
  sameShape,
} from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { to } from "./shape.ts";
import { sumTo } from "./shared/broadcast.ts";
import { type Operand, promoted } from "./shared/promotion.ts";

/** Whether the one element of x is not 0. Mirrors `torch.is_nonzero`. @throws for several elements, or none @example tensor([0.5]).isNonzero() */
export function isNonzero(x: Tensor): boolean {
  const ambiguous = () =>
    `Boolean value of Tensor with ${x.numel === 0 ? "no values" : "more than one value"} is ambiguous`;
  check(x.numel === 1, ambiguous);
  return x.item() !== 0;
}

/** Whether both have the same shape. Mirrors `torch.is_same_size`. @example zeros([2, 3]).isSameSize(ones([2, 3])) */
export const isSameSize = (x: Tensor, other: Tensor): boolean => sameShape(x.shape, other.shape);

/** Whether x's dtype has negative numbers: all but bool. Mirrors `torch.Tensor.is_signed`. @example tensor([true]).isSigned() */
export const isSigned = (x: Tensor): boolean => x.dtype !== "bool";

/** x itself. Mirrors `torch.positive`. @throws for truths @example tensor([-1, 2]).positive() */
export function positive(x: Tensor): Tensor {
  check(x.dtype !== "bool", "The `+` operator, on a bool tensor is not supported.");
  return x;
}

/**
 * Sums over the dimensions in which a tensor of `size` would be repeated to have x's shape; x itself where there are none. Mirrors
 * `torch.Tensor.sum_to_size`.
 * @throws unless it can be repeated so
 * @example ones([2, 3]).sumToSize(1, 3)
 */
export function sumToSize(x: Tensor, ...size: Sizes): Tensor {
  const shape = listed(size);
  const missing = x.ndim - shape.length;
  const fits = missing >= 0 && shape.every((n, d) => n === 1 || n === x.shape[d + missing]);
  check(fits, () => `size {${formatShape(shape)}} is not expandable to size {${formatShape(x.shape)}}.`);
  if (sameShape(shape, x.shape) && x.ndim > 0) return x;
  return sumTo(x.dtype === "bool" ? to(x, "int32") : x, shape);
}

/**
 * The shape that tensors of these shapes have together. Mirrors `torch.broadcast_shapes`.
 * @throws if they do not fit
 * @example broadcastShapes([2, 1], [3])
 */
export function broadcastShapes(...shapes: (Shape | number)[]): Shape {
  const all = shapes.map((shape) => (typeof shape === "number" ? [shape] : shape));
  for (const shape of all) checkSizes(shape);
  try {
    return all.reduce((a, b) => commonShape(a, b, "broadcastShapes"), []);
  } catch {
    const given = all.map(formatShape).join(", ");
    throw new Error(`Shape mismatch: objects cannot be broadcast to a single shape: they are ${given}`);
  }
}

/** The smallest dtype to which both can be converted. Mirrors `torch.promote_types`. @example promoteTypes("int32", "float32") */
export const promoteTypes = (a: DType, b: DType): DType => promote(a, b);

/** Whether numbers of one dtype may be converted to another by a change in place. Mirrors `torch.can_cast`. @example canCast("float32", "int32") */
export const canCast = (from: DType, to: DType): boolean => category(from) <= category(to);

/** The dtype of what is computed of both. Mirrors `torch.result_type`. @example resultType(tensor([1, 2], { dtype: "int32" }), 0.5) */
export function resultType(a: Operand, b: Operand): DType {
  if (typeof a !== "number" && typeof b !== "number") return typeOf(a, b);
  if (Number.isInteger(a) && Number.isInteger(b)) return "int32";
  return promoted(a, b)[0].dtype;
}
