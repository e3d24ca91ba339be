/** Powers of each element. */
import { ones } from "../../../tensor/create.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { cumprod } from "../cumulative.ts";
import { cat } from "../parts.ts";
import { clone, expand, to, unsqueeze } from "../shape.ts";

/** y[…, k] = xᵏ for n powers. */
export function powersOf(x: Tensor, n: number): Tensor {
  const dtype = x.dtype === "bool" ? "int32" : x.dtype;
  const first = ones([...x.shape, Math.min(1, n)], { dtype });
  if (n < 2) return first;
  const repeated = expand(unsqueeze(to(x, dtype), -1), [...x.shape, n - 1]);
  return cat([first, cumprod(clone(repeated), -1)], -1);
}
