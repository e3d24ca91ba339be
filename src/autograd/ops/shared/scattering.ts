/** Where scattering writes, and what: the checks that all its forms begin with. */
import { check } from "../../../tensor/check.ts";
import { full } from "../../../tensor/create.ts";
import { formatShape, normalizeDim } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { narrow } from "../parts.ts";
import { checkIndex, checkRank, positionsAlong } from "./positions.ts";

/** The positions in x, and the values, of x's dtype, that are written there. */
export function placed(x: Tensor, dim: number, index: Tensor, src: Tensor | number) {
  const d = normalizeDim(dim, x.ndim);
  checkIndex(index, "scatter");
  const source = typeof src === "number" ? full(index.shape, src, { dtype: x.dtype }) : src;
  const otherType = () =>
    `scatter(): Expected self.dtype to be equal to src.dtype, but they are ${x.dtype} and ${source.dtype}`;
  check(source.dtype === x.dtype, otherType);
  if (index.numel > 0) {
    checkRank(index, x, "self");
    checkRank(index, source, "src");
    const fits = index.shape.every((n, k) => (k === d || n <= x.shape[k]) && n <= (source.shape[k] ?? 1));
    const tooLarge = () =>
      `Expected index ${formatShape(index.shape)} to be smaller than self ${formatShape(x.shape)} apart from dimension ${d}` +
      (source === src ? ` and to be smaller size than src ${formatShape(src.shape)}` : "");
    check(fits, tooLarge);
  }
  return { positions: positionsAlong(x.shape, d, index), values: corner(source, index) };
}

/** The first elements of src along each dimension, as many as index has. */
const corner = (src: Tensor, index: Tensor): Tensor =>
  index.shape.reduce((part, size, d) => (src.ndim > 0 && size < src.shape[d] ? narrow(part, d, 0, size) : part), src);
