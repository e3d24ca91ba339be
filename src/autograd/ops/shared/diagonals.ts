/** Diagonals: as views that step along two dimensions at once, and with zeros around them. */
import type { Shape } from "../../../tensor/shape.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { defineView } from "./views.ts";

/** y[…, k] = x[…, k, k + offset, …] in the matrices whose rows are dim1, their columns dim2 */
function diagonalView(x: Tensor, offset: number, dim1: number, dim2: number): Tensor {
  const [right, down] = [Math.max(0, offset), Math.max(0, -offset)];
  const length = Math.max(0, Math.min(x.shape[dim1] - down, x.shape[dim2] - right));
  const start = length === 0 ? x.offset : x.offset + down * x.strides[dim1] + right * x.strides[dim2];
  const others = (values: Shape) => values.filter((_, d) => d !== dim1 && d !== dim2);
  const strides = [...others(x.strides), x.strides[dim1] + x.strides[dim2]];
  return new Tensor(x.storage, x.dtype, [...others(x.shape), length], strides, start);
}

/** That view; and zeros of a shape, with x on such a diagonal. */
export const { take: takeDiagonal, embed: embedDiagonal } = defineView("diagonal", diagonalView);
