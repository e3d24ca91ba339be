/**
 * Views along more than one stride: a diagonal, which steps along two dimensions at once, and windows that overlap.
 * The gradient of each puts what arrives back where the view looked.
 */
import { addScaledInto, copyInto } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { normalizeDim, type Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { slice } from "./parts.ts";
import { sum } from "./reduction.ts";
import { clone, unsqueeze } from "./shape.ts";

/** Where a diagonal lies: `offset` right of the main one in the matrices whose rows are dim1, their columns dim2. */
interface Diagonal {
  readonly offset: number;
  readonly dim1: number;
  readonly dim2: number;
}

function diagonalView(x: Tensor, { offset, dim1, dim2 }: Diagonal): Tensor {
  const [right, down] = [Math.max(0, offset), Math.max(0, -offset)];
  const length = Math.max(0, Math.min(x.shape[dim1] - down, x.shape[dim2] - right));
  const start = length === 0 ? x.offset : x.offset + down * x.strides[dim1] + right * x.strides[dim2];
  const others = (values: Shape) => values.filter((_, d) => d !== dim1 && d !== dim2);
  const strides = [...others(x.strides), x.strides[dim1] + x.strides[dim2]];
  return new Tensor(x.storage, x.dtype, [...others(x.shape), length], strides, start);
}

/** y[…, k] = x[…, k, k + offset, …] */
const takeDiagonal = defineOp("diagonal", (x: Tensor, where: Diagonal): Applied => {
  const from = x.shape;
  return { y: diagonalView(x, where), grads: [[x, (dy) => embedDiagonal(dy, from, where)]] };
});

/** The gradient of diagonal: zeros of `shape` that hold x on that diagonal. */
const embedDiagonal = defineOp("diagonalBackward", (x: Tensor, shape: Shape, where: Diagonal): Applied => {
  const y = Tensor.empty(shape, x.dtype);
  copyInto(diagonalView(y, where), x);
  return { y, grads: [[x, (dy) => takeDiagonal(dy, where)]] };
});

/**
 * A view of the elements k, k + offset of dimensions dim1 and dim2, as the last dimension. Mirrors `torch.diagonal`.
 * @throws if both dimensions are the same
 * @example arange(9).view(3, 3).diagonal(1)
 */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const [first, second] = [normalizeDim(dim1, x.ndim), normalizeDim(dim2, x.ndim)];
  check(first !== second, () => `diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  return takeDiagonal(x, { offset, dim1: first, dim2: second });
}

/**
 * The matrix with a vector on its diagonal, else zeros; of a matrix, a copy of its diagonal. Mirrors `torch.diag`.
 * @example tensor([1, 2]).diag()
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.ndim === 2) return clone(diagonal(x, offset));
  check(x.ndim === 1, "matrix or a vector expected");
  const size = x.numel + Math.abs(offset);
  return embedDiagonal(x, [size, size], { offset, dim1: 0, dim2: 1 });
}

/** The sum of a matrix's diagonal. Mirrors `torch.trace`. @example arange(9).view(3, 3).trace() */
export function trace(x: Tensor): Tensor {
  check(x.ndim === 2, () => `trace: expected a matrix, but got tensor with dim ${x.ndim}`);
  return sum(diagonal(x));
}

/** Windows of `size` neighbours along dim, each `step` after the one before. */
interface Windows {
  readonly dim: number;
  readonly size: number;
  readonly step: number;
}

/** y[…, w, …, k] = x[…, w · step + k, …]: windows along dim, the elements of each in a new last dimension */
const takeWindows = defineOp("unfold", (x: Tensor, windows: Windows): Applied => {
  const { dim, size, step } = windows;
  const from = x.shape;
  const shape = [...from.with(dim, Math.floor((from[dim] - size) / step) + 1), size];
  const strides = [...x.strides.with(dim, x.strides[dim] * step), x.strides[dim]];
  return {
    y: new Tensor(x.storage, x.dtype, shape, strides, x.offset),
    grads: [[x, (dy) => addWindows(dy, from, windows)]],
  };
});

/** The gradient of unfold: y[…, w · step + k, …] += x[…, w, …, k], from zeros of `shape` */
const addWindows = defineOp("unfoldBackward", (x: Tensor, shape: Shape, windows: Windows): Applied => {
  const { dim, size, step } = windows;
  const y = Tensor.empty(shape, x.dtype);
  const ofWindows = x.shape.slice(0, -1);
  const strides = y.strides.with(dim, y.strides[dim] * step);
  // Windows overlap, but their k-th elements do not.
  for (let k = 0; k < size; k++) {
    const from = x.offset + k * x.strides[x.ndim - 1];
    const elements = new Tensor(x.storage, x.dtype, ofWindows, x.strides.slice(0, -1), from);
    addScaledInto(new Tensor(y.storage, y.dtype, ofWindows, strides, k * y.strides[dim]), elements, 1);
  }
  return { y, grads: [[x, (dy) => takeWindows(dy, windows)]] };
});

/**
 * A view of all windows of `size` neighbours along dim, each `step` after the one before, in a new last dimension.
 * Windows that overlap share elements: what changing them in place gives is not defined.
 * Mirrors `torch.Tensor.unfold`.
 * @example arange(5).unfold(0, 3, 1)
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const length = x.shape[d] ?? 1;
  check(size >= 0, () => `size is ${size} but must be >= 0`);
  check(size <= length, () => `maximum size for tensor at dimension ${d} is ${length} but size is ${size}`);
  check(step > 0, () => `step is ${step} but must be > 0`);
  return x.ndim === 0 ? slice(unsqueeze(x, 0), 0, 0, size) : takeWindows(x, { dim: d, size, step });
}
