/** Windows of an image as columns of a matrix, and the sum of what such columns have for each element: each other's gradient. */
import type { WindowsShape } from "../../../tensor/kernels/convolution.ts";
import { convolutions } from "../../../tensor/kernels/index.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";

export type { WindowsShape } from "../../../tensor/kernels/convolution.ts";

/** columns[i, k, p] = x[i, p · stride + k · dilation - padding], or 0 outside, for x (…, H, W), k of a window and p of all places */
export const im2col = defineOp("im2col", (x: Tensor, shape: WindowsShape, columnsShape: Shape): Applied => {
  const columns = Tensor.empty(columnsShape, x.dtype);
  convolutions.im2col(columns.storage.operand, operandOf(x), shape);
  const imageShape = x.shape;
  return { y: columns, grads: [[x, (dy) => col2im(dy, shape, imageShape)]] };
});

/** x[i, p · stride + k · dilation - padding] += columns[i, k, p], from zeros */
export const col2im = defineOp("col2im", (columns: Tensor, shape: WindowsShape, imageShape: Shape): Applied => {
  const x = Tensor.empty(imageShape, columns.dtype);
  convolutions.col2im(x.storage.operand, operandOf(columns), shape);
  const columnsShape = columns.shape;
  return { y: x, grads: [[columns, (dx) => im2col(dx, shape, columnsShape)]] };
});
