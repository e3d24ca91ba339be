/** Parts of pictures that are painted over. */
import { copyInPlace } from "../../autograd/inplace.ts";
import { slice } from "../../autograd/ops/parts.ts";
import { clone } from "../../autograd/ops/shape.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPicture } from "./picture.ts";

/** What erasing may be told. */
export interface EraseOptions {
  /** Whether the picture itself is changed. Default: false. */
  inplace?: boolean;
}

/**
 * A picture (…, H, W) with the values v, which broadcast, in the part that begins at row i and column j.
 * Mirrors `torchvision.transforms.functional.erase`.
 * @example transforms.functional.erase(zeros([1, 3, 4]), 1, 1, 2, 2, tensor(7))
 */
export function erase(x: Tensor, i: Int, j: Int, h: Int, w: Int, v: Tensor, options?: EraseOptions): Tensor {
  checkPicture(x);
  const { inplace } = readOptions(options, { inplace: false });
  const y = inplace ? x : clone(x);
  copyInPlace(slice(slice(y, -2, i, i + h), -1, j, j + w), v);
  return y;
}
