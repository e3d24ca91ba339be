/** expandTo and sumTo are each other's gradient: what broadcasting repeats forward is summed backward. */
import { applyReduction } from "../../../tensor/apply.ts";
import { check } from "../../../tensor/check.ts";
import { scalarName } from "../../../tensor/dtype.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { broadcastStrides, checkSizes, formatShape, type Shape, sameShape } from "../../../tensor/shape.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";

/** A view of x that repeats its dimensions of size 1 until it has `shape`; -1 keeps a size. */
export const expandTo = defineOp("expand", (x: Tensor, shape: Shape): Applied => {
  checkExpand(x, shape);
  const from = x.shape;
  const sizes = shape.map((size, d) => (size === -1 ? from[d - shape.length + from.length] : size));
  checkSizes(sizes);
  return {
    y: new Tensor(x.storage, x.dtype, sizes, broadcastStrides(from, x.strides, sizes), x.offset),
    grads: [[x, (dy) => sumTo(dy, from)]],
  };
});

function checkExpand(x: Tensor, shape: Shape): void {
  const missing = shape.length - x.ndim;
  const tooFew = () =>
    `expand(torch.${scalarName[x.dtype]}Tensor{${formatShape(x.shape)}}, size=${formatShape(shape)}): the number of sizes ` +
    `provided (${shape.length}) must be greater or equal to the number of dimensions in the tensor (${x.ndim})`;
  check(missing >= 0, tooFew);
  const leading = shape.indexOf(-1);
  const newDimension = () =>
    `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${leading}`;
  check(leading < 0 || leading >= missing, newDimension);
  const differs = shape.findIndex((size, d) => d >= missing && !becomes(x.shape[d - missing], size));
  const otherSize = () =>
    `The expanded size of the tensor (${shape[differs]}) must match the existing size (${x.shape[differs - missing]}) at ` +
    `non-singleton dimension ${differs}.  Target sizes: ${formatShape(shape)}.  Tensor sizes: ${formatShape(x.shape)}`;
  check(differs < 0, otherSize);
}

const becomes = (existing: number, size: number): boolean => existing === 1 || size === -1 || size === existing;

const sumRepeated = defineOp("sumTo", (x: Tensor, shape: Shape): Applied => {
  const from = x.shape;
  const missing = from.length - shape.length;
  const dims = from.map((_, d) => d).filter((d) => d < missing || (shape[d - missing] === 1 && from[d] !== 1));
  const sums = applyReduction(kernels.sum, x, dims);
  return { y: new Tensor(sums.storage, sums.dtype, shape), grads: [[x, (dy) => expandTo(dy, from)]] };
});

/** Sums over the dimensions in which a tensor of `shape` was repeated to become x's shape. */
export const sumTo = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : sumRepeated(x, shape));
