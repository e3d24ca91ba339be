/** Running sums. */
import { applyAlong } from "../../tensor/apply.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { flip } from "./rearrange.ts";

/** y[k] = x[0] + … + x[k] along dim, dx[k] = dy[k] + dy[k + 1] + …; whole numbers and bools give int32 */
export const cumsum = defineOp("cumsum", (x: Tensor, dim: number): Applied => {
  const y = applyAlong(kernels.cumsum, x, dim, isFloatingPoint(x.dtype) ? x.dtype : "int32");
  return { y, grads: [[x, (dy) => flip(cumsum(flip(dy, [dim]), dim), [dim])]] };
});
