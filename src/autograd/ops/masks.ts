/** Keeping part of a tensor: where a mask is true, or on one side of a diagonal. */
import { check } from "../../tensor/check.ts";
import { full, zeros } from "../../tensor/create.ts";
import { cName, type DType } from "../../tensor/dtype.ts";
import { broadcastShapes, type Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { where } from "./elementwise.ts";
import { index } from "./indexing.ts";
import { expand, flatten, to } from "./shape.ts";

/**
 * y = mask ? value : x, element by element, in x's dtype. Mirrors `torch.masked_fill`.
 *
 * @param mask bool, broadcast with x @param value a number or a 0-dimensional tensor
 * @example tensor([[1, 2], [3, 4]]).maskedFill(tensor([true, false]), 0)
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | number): Tensor {
  return seen("maskedFill", [x, mask, value], () => {
    const notBool = () => `masked_fill_ only supports boolean masks, but got mask with dtype ${cName[mask.dtype]}`;
    check(mask.dtype === "bool", notBool);
    return where(mask, scalarOf(value, x.dtype), x);
  });
}

function scalarOf(value: Tensor | number, dtype: DType): Tensor {
  if (typeof value === "number") return full([], value, { dtype });
  const notScalar = () =>
    `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`;
  check(value.ndim === 0, notScalar);
  return to(value, dtype);
}

/**
 * The elements of x where mask, which is broadcast with x, is true: a vector. Mirrors `torch.masked_select`.
 * @example tensor([[1, 2], [3, 4]]).maskedSelect(tensor([true, false]))
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  const notBool = () =>
    `masked_select: expected BoolTensor or ByteTensor for mask, but it is ${mask.dtype}: convert it, with mask.to("bool")`;
  check(mask.dtype === "bool", notBool);
  const shape = broadcastShapes(mask.shape, x.shape, "masked_select");
  return index(flatten(expand(x, shape)), flatten(expand(mask, shape)));
}

/** y[…, i, j] = x[…, i, j] where keep(j - i), else 0 */
function triangle(x: Tensor, name: string, keep: (offset: number) => boolean): Tensor {
  check(x.ndim >= 2, () => `${name}: input tensor must have at least 2 dimensions, but has ${x.ndim}`);
  const [rows, columns] = x.shape.slice(-2);
  const mask = zeros([rows, columns], { dtype: "bool" });
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) mask.storage.data[i * columns + j] = Number(keep(j - i));
  }
  return where(mask, x, zeros([], { dtype: x.dtype }));
}

/**
 * The lower triangle of the matrices in the last two dimensions: what is above the diagonal becomes 0.
 * Diagonal 1 lies one to the right of the main one, -1 one below. Mirrors `torch.tril`.
 * @example ones([3, 3]).tril()
 */
export const tril = (x: Tensor, diagonal: Int = 0): Tensor =>
  seen("tril", [x, diagonal], () => triangle(x, "tril", (offset) => offset <= diagonal));

/** The upper triangle: what is below the diagonal becomes 0. Mirrors `torch.triu`. @example ones([3, 3]).triu(1) */
export const triu = (x: Tensor, diagonal: Int = 0): Tensor =>
  seen("triu", [x, diagonal], () => triangle(x, "triu", (offset) => offset >= diagonal));
