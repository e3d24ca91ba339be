/** The length of a vector, in any of the norms. (Batch norm is in layers/batch-norm.ts.) */
import { applyReduction } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, isnan, sign } from "./compare.ts";
import { abs, div, maximum, mul, pow, where } from "./elementwise.ts";
import { maskedFill } from "./masks.ts";
import { sum } from "./reduction.ts";
import { expand, reshape } from "./shape.ts";
import { type Dims, plan, type ReductionOptions } from "./shared/reducing.ts";

/**
 * y = (Σ |x|ᵖ)^(1/p), dx = dy · x |x|ᵖ⁻² / yᵖ⁻¹, 0 where y = 0.
 *
 * For p = ∞ or -∞ it is the largest or smallest |x|, and dy is shared evenly among those equal to it. For p = 0 it is the
 * number of x ≠ 0, whose gradient is 0.
 */
const vectorNorm = defineOp("norm", (x: Tensor, p: number, { dims, kept, shape }: ReturnType<typeof plan>): Applied => {
  const norms = applyReduction(kernels.norm(p), x, dims);
  const y = new Tensor(norms.storage, x.dtype, shape);
  return {
    y,
    saves: p === 0 ? [] : [x, y],
    grads: [[x, (dy) => gradient(x, p, dims, reshape(y, kept), reshape(dy, kept))]],
  };
});

function gradient(x: Tensor, p: number, dims: readonly number[], y: Tensor, dy: Tensor): Tensor {
  if (p === 0) return mul(expand(dy, x.shape), 0);
  if (Math.abs(p) === Infinity) {
    const largest = maximum(isnan(x), eq(abs(x), y));
    return mul(sign(x), where(largest, div(dy, sum(largest, dims, { keepdim: true })), 0));
  }
  const scale = p === 1 ? dy : maskedFill(div(dy, pow(y, p - 1)), eq(y, 0), 0);
  return mul(signedPower(x, p - 1), scale);
}

/** |x|ᵖ with the sign of x, 0 at 0 */
function signedPower(x: Tensor, p: number): Tensor {
  if (p === 0) return sign(x);
  if (p === 1) return x;
  if (p > 1) return mul(x, pow(abs(x), p - 1));
  return maskedFill(mul(sign(x), pow(abs(x), p)), eq(x, 0), 0);
}

/**
 * The p-norm over one dimension, several, or all. Mirrors `torch.norm`.
 *
 * @param p any number: 2 for Euclid's length, 1 for the sum of |x|, Infinity for the largest |x|, 0 for how many x ≠ 0
 * @throws for whole numbers and bools, and for a negative or infinite p over no elements
 * @example
 * const x = tensor([[3, 4], [6, 8]]);
 * console.log(x.norm(2, 1), x.norm(1));
 */
export function norm(x: Tensor, p = 2, dim?: Dims, options?: ReductionOptions): Tensor {
  check(
    isFloatingPoint(x.dtype),
    () => `norm(): input dtype should be either floating point or complex. Got ${scalarName[x.dtype]} instead.`,
  );
  const reduction = plan(x, dim, options);
  check(
    reduction.count > 0 || (p >= 0 && p !== Infinity),
    () =>
      `linalg.vector_norm cannot compute the ${p} norm on an empty tensor because the operation does not have an identity`,
  );
  return vectorNorm(x, p, reduction);
}
