/** The largest element, and the mean, of each window of an image. */
import { zerosLike } from "../../../tensor/create.ts";
import { poolings } from "../../../tensor/kernels/index.ts";
import type { ChosenWindows } from "../../../tensor/kernels/max-of-windows.ts";
import type { PoolingShape } from "../../../tensor/kernels/pooling.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { ge } from "../compare.ts";
import { clamp, where } from "../elementwise.ts";
import { take } from "../shared/positions.ts";

/** One number for each window: (…, OH, OW) of x (…, H, W). */
const outputShape = (x: Tensor, { outSize }: PoolingShape): Shape => [...x.shape.slice(0, -2), ...outSize];

/** The largest elements, and where in x they are. */
export function maxPool(x: Tensor, windows: PoolingShape): { values: Tensor; positions: Tensor } {
  const shape = outputShape(x, windows);
  const [y, positions] = [Tensor.empty(shape, x.dtype), Tensor.empty(shape, "int32")];
  poolings.maxPool(y.storage.operand, positions.storage.operand, operandOf(x), windows);
  return { values: largest(x, y, positions, windows.images), positions };
}

/** The same of windows that begin and end anywhere, in the last `ndim` dimensions of x. */
export function maxOfWindows(x: Tensor, windows: ChosenWindows, ndim: number): { values: Tensor; positions: Tensor } {
  const shape = [...x.shape.slice(0, -ndim), ...windows.outSize.slice(-ndim)];
  const [y, positions] = [Tensor.empty(shape, x.dtype), Tensor.empty(shape, "int32")];
  poolings.maxOfWindows(y.storage.operand, positions.storage.operand, operandOf(x), windows);
  return { values: largest(x, y, positions, windows.images), positions };
}

/** y[k] = x[positions[k]], which have been found; dx is dy there, else 0 */
const largest = defineOp("maxPool", (x: Tensor, y: Tensor, positions: Tensor, images: number): Applied => {
  const { shape } = x;
  return { y, saves: [positions], grads: [[x, (dy) => maxPoolBackward(dy, x, shape, positions, images)]] };
});

/** dx, of that shape, = dy where x is the largest of a window, else 0: where that is does not change with x, whose gradient is 0 */
const maxPoolBackward = defineOp(
  "maxPoolBackward",
  (dy: Tensor, x: Tensor, shape: Shape, positions: Tensor, images: number): Applied => {
    const dx = Tensor.empty(shape, dy.dtype);
    poolings.maxPoolBackward(dx.storage.operand, operandOf(dy), operandOf(positions), images);
    return {
      y: dx,
      grads: [
        [dy, (ddx) => where(ge(positions, 0), take(ddx, clamp(positions, 0)), 0), [positions]],
        [x, (ddx) => zerosLike(ddx)],
      ],
    };
  },
);

/** y = Σ x / divisor, of each window's elements inside the image; divisors is (OH, OW) */
export const averagePool = defineOp("avgPool", (x: Tensor, divisors: Tensor, windows: PoolingShape): Applied => {
  const y = Tensor.empty(outputShape(x, windows), x.dtype);
  poolings.averagePool(y.storage.operand, operandOf(x), operandOf(divisors), windows);
  const { shape } = x;
  return { y, grads: [[x, (dy) => shareOut(dy, divisors, windows, shape)]] };
});

/** The gradient of averagePool: each element of a window of x, which has `shape`, gets y / divisor */
const shareOut = defineOp("shareOut", (y: Tensor, divisors: Tensor, windows: PoolingShape, shape: Shape): Applied => {
  const x = Tensor.empty(shape, y.dtype);
  poolings.averagePoolBackward(x.storage.operand, operandOf(y), operandOf(divisors), windows);
  return { y: x, grads: [[y, (dx) => averagePool(dx, divisors, windows)]] };
});
