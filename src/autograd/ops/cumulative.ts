/** Running sums and products, and the product of all. */
import { applyAlong } from "../../tensor/apply.ts";
import { type DType, isFloatingPoint } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, mul } from "./elementwise.ts";
import { cat, narrow } from "./parts.ts";
import { flip } from "./rearrange.ts";
import { sum } from "./reduction.ts";
import { clone, flatten, squeeze, to } from "./shape.ts";
import type { ReductionOptions } from "./shared/reducing.ts";

/** Whole numbers and bools are counted in int32. */
const counting = ({ dtype }: Tensor): DType => (isFloatingPoint(dtype) ? dtype : "int32");

/** y[k] = Σ x[0…k] along dim, dx[k] = Σ dy[k…]. Mirrors `torch.cumsum`. @example tensor([1, 2, 3]).cumsum(0) */
export const cumsum = defineOp("cumsum", (x: Tensor, dim: Int): Applied => {
  const y = applyAlong(kernels.cumsum, x, dim, counting(x));
  return { y, grads: [[x, (dy) => flip(cumsum(flip(dy, dim), dim), dim)]] };
});

/**
 * y[k] = x[0] · … · x[k] along dim. Mirrors `torch.cumprod`.
 *
 * Each round multiplies every product by the one that ends where it begins, so that all are twice as long. Made of mul
 * alone, it has the right gradient also where some x are 0, which dividing y by x would not give.
 * @example tensor([1, 2, 3]).cumprod(0)
 */
export function cumprod(x: Tensor, dim: Int): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const n = x.shape[d] ?? 1;
  let y = clone(to(x, counting(x)));
  for (let length = 1; length < n; length *= 2) {
    const longer = mul(narrow(y, d, length, n - length), narrow(y, d, 0, n - length));
    y = cat([narrow(y, d, 0, length), longer], d);
  }
  return y;
}

/**
 * The product of all elements, or of those along dim. Mirrors `torch.prod`.
 *
 * Each round multiplies the two halves of what is left, so the gradient is right also where some x are 0.
 * @example tensor([2, 3, 4]).prod()
 */
export function prod(x: Tensor, dim?: Int, options?: ReductionOptions): Tensor {
  const { keepdim } = readOptions(options, { keepdim: false });
  if (dim === undefined) return prod(flatten(x), 0);
  const d = normalizeDim(dim, x.ndim);
  let y = to(x, counting(x));
  if (x.ndim === 0) return clone(y);
  if (x.shape[d] === 0) y = add(sum(y, d, { keepdim: true }), 1);
  while (y.shape[d] > 1) {
    const half = Math.floor(y.shape[d] / 2);
    const products = mul(narrow(y, d, 0, half), narrow(y, d, half, half));
    const rest = narrow(y, d, 2 * half, y.shape[d] - 2 * half);
    y = cat([products, rest], d);
  }
  return keepdim ? clone(y) : clone(squeeze(y, d));
}
