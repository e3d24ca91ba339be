/** Writing and adding at positions in the flattened tensor: what scattering and putting come down to. */
import { copyOf } from "../../../tensor/apply.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { add } from "../elementwise.ts";
import { to } from "../shape.ts";
import { putAdd, take } from "./positions.ts";

/** y = x but y[positions[k]] = values[k]: dx is dy with 0 there, dvalues[k] = dy[positions[k]] */
export const put = defineOp("put", (x: Tensor, positions: Tensor, values: Tensor): Applied => {
  const y = copyOf(x);
  kernels.put(y.storage.operand, operandOf(values), operandOf(positions));
  const { shape } = values;
  return {
    y,
    saves: [positions],
    grads: [
      [x, (dy) => put(dy, positions, Tensor.zeros(shape, dy.dtype))],
      [values, (dy) => take(dy, positions)],
    ],
  };
});

/** y = x + values at positions; bools are counted, and what is not 0 is true */
export function addAt(x: Tensor, positions: Tensor, values: Tensor): Tensor {
  if (x.dtype === "bool") return to(addAt(to(x, "int32"), positions, to(values, "int32")), "bool");
  return add(x, putAdd(values, positions, x.shape));
}
