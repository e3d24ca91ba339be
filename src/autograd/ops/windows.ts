/** Views along more than one stride: a diagonal, which steps along two dimensions at once, and windows that overlap. */
import { addScaledInto } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { formatShape, type Int, normalizeDim } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { slice } from "./parts.ts";
import { sum } from "./reduction.ts";
import { clone, unsqueeze } from "./shape.ts";
import { embedDiagonal, takeDiagonal } from "./shared/diagonals.ts";
import { defineView } from "./shared/views.ts";

/**
 * A view of the elements k, k + offset of dimensions dim1 and dim2, as the last dimension. Mirrors `torch.diagonal`.
 * @throws if both dimensions are the same
 * @example arange(9).view(3, 3).diagonal(1)
 */
export function diagonal(x: Tensor, offset: Int = 0, dim1: Int = 0, dim2: Int = 1): Tensor {
  const [first, second] = [normalizeDim(dim1, x.ndim), normalizeDim(dim2, x.ndim)];
  check(first !== second, () => `diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  return takeDiagonal(x, offset, first, second);
}

/**
 * The matrix with a vector on its diagonal, else zeros; of a matrix, a copy of its diagonal. Mirrors `torch.diag`.
 * @example tensor([1, 2]).diag()
 */
export function diag(x: Tensor, offset: Int = 0): Tensor {
  if (x.ndim === 2) return clone(diagonal(x, offset));
  check(x.ndim === 1, () => `matrix or a vector expected, but diag got the shape ${formatShape(x.shape)}`);
  const size = x.numel + Math.abs(offset);
  return embedDiagonal(x, [size, size], offset, 0, 1);
}

/** The sum of a matrix's diagonal. Mirrors `torch.trace`. @example arange(9).view(3, 3).trace() */
export function trace(x: Tensor): Tensor {
  check(x.ndim === 2, () => `trace: expected a matrix, but got tensor with dim ${x.ndim}`);
  return sum(diagonal(x));
}

/** y[…, w, …, k] = x[…, w · step + k, …] */
function windowsView(x: Tensor, dim: number, size: number, step: number): Tensor {
  const shape = [...x.shape.with(dim, Math.floor((x.shape[dim] - size) / step) + 1), size];
  const strides = [...x.strides.with(dim, x.strides[dim] * step), x.strides[dim]];
  return new Tensor(x.storage, x.dtype, shape, strides, x.offset);
}

/** Windows may overlap, so their gradients add up. */
const { take: takeWindows } = defineView("unfold", windowsView, (part, x) => addScaledInto(part, x, 1));

/**
 * A view of all windows of `size` neighbours along dim, each `step` after the one before, in a new last dimension.
 * Windows that overlap share elements, and so cannot be changed in place.
 * Mirrors `torch.Tensor.unfold`.
 * @example arange(5).unfold(0, 3, 1)
 */
export function unfold(x: Tensor, dim: Int, size: Int, step: Int): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const length = x.shape[d] ?? 1;
  check(size >= 0, () => `size is ${size} but must be >= 0`);
  check(size <= length, () => `maximum size for tensor at dimension ${d} is ${length} but size is ${size}`);
  check(step > 0, () => `step is ${step} but must be > 0`);
  return x.ndim === 0 ? slice(unsqueeze(x, 0), 0, 0, size) : takeWindows(x, d, size, step);
}
