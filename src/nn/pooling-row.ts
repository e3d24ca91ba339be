/** A sequence as an image of one row. */
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** @throws unless x is a sequence, (N, C, L) or (C, L) */
export function checkRow(x: Tensor, name: string): void {
  const otherRank = () =>
    name === "max_pool1d"
      ? `max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:${formatShape(x.shape)}`
      : `Expected 2 to 3 dimensions, but got ${x.ndim}-dimensional tensor for argument #1 'self' (while checking arguments for ${name})`;
  check(x.ndim === 2 || x.ndim === 3, otherRank);
}

/** What `run` makes of x as an image of one row. */
export function asRow(x: Tensor, name: string, run: (image: Tensor) => Tensor): Tensor {
  checkRow(x, name);
  return squeeze(run(unsqueeze(x, -2)), -2);
}
