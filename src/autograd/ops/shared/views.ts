/** Views that look at a part of a tensor, whose gradient is the part among zeros. */
import { copyInto } from "../../../tensor/apply.ts";
import type { Shape } from "../../../tensor/shape.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";

/** y = look(x), a view; and zeros of a shape, with x written where it looks. Each is the other's gradient. */
export function defineView<Args extends unknown[]>(
  name: string,
  look: (x: Tensor, ...args: Args) => Tensor,
  write: (part: Tensor, x: Tensor) => void = copyInto,
) {
  const take = defineOp(name, (x: Tensor, ...args: Args): Applied => {
    const { shape } = x;
    return { y: look(x, ...args), grads: [[x, (dy) => embed(dy, shape, ...args)]] };
  });
  const embed = defineOp(`${name}Backward`, (x: Tensor, shape: Shape, ...args: Args): Applied => {
    const y = Tensor.zeros(shape, x.dtype);
    write(look(y, ...args), x);
    return { y, grads: [[x, (dy) => take(dy, ...args)]] };
  });
  return { take, embed };
}
