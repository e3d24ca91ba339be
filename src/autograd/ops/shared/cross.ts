/** The cross product, for both of PyTorch's names of it. */
import { check } from "../../../tensor/check.ts";
import { broadcastShapes, normalizeDim } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { mul, sub } from "../elementwise.ts";
import { roll } from "../rearrange.ts";
import { expand } from "../shape.ts";
import { checkSameType } from "./same-type.ts";

/** yₖ = aₖ₊₁ bₖ₊₂ - aₖ₊₂ bₖ₊₁, counted round */
export function crossAlong(a: Tensor, b: Tensor, dim: number): Tensor {
  check(a.ndim === b.ndim, "linalg.cross: inputs must have the same number of dimensions.");
  const d = normalizeDim(dim, a.ndim);
  const [sizeA, sizeB] = [a.shape[d], b.shape[d]];
  const otherLength = () => `linalg.cross: inputs dimension ${dim} must have length 3. Got ${sizeA} and ${sizeB}`;
  check(sizeA === 3 && sizeB === 3, otherLength);
  checkSameType(a, b);
  check(a.dtype !== "bool", '"cross" not implemented for \'Bool\': convert first, with x.to("int32")');
  const shape = broadcastShapes(a.shape, b.shape, "cross");
  const [x, y] = [expand(a, shape), expand(b, shape)];
  return sub(mul(roll(x, -1, d), roll(y, -2, d)), mul(roll(x, -2, d), roll(y, -1, d)));
}
