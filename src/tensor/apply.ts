/**
 * Kernels applied to tensors: strides become planes, dtypes are made equal, the result is a new contiguous tensor.
 * Nothing here is differentiable; src/autograd/ops builds on it.
 */
import { type DType, rounded, type TypedArray } from "./dtype.ts";
import type { BinaryKernel, TernaryKernel, UnaryKernel } from "./kernels/elementwise.ts";
import { kernels } from "./kernels/index.ts";
import type { ReductionKernel } from "./kernels/reduction.ts";
import { broadcastShapes, broadcastStrides, normalizeDim, numelOf, type Shape, sameShape, sizeOf } from "./shape.ts";
import { forEachPlane } from "./strided.ts";
import { operandOf, Tensor } from "./tensor.ts";

/** y = kernel(x), of x's shape. */
export function applyUnary(kernel: UnaryKernel, x: Tensor, dtype: DType = x.dtype): Tensor {
  const y = Tensor.empty(x.shape, dtype);
  if (x.isContiguous) {
    kernel(1, y.numel, y.storage.operand, 0, x.storage.operand, x.offset, 0, 1);
    return y;
  }
  let o = 0;
  forEachPlane(x.shape, [x], (rows, n, [i], [ri], [di]) => {
    kernel(rows, n, y.storage.operand, o, x.storage.operand, i, ri, di);
    o += rows * n;
  });
  return y;
}

/** y = kernel(a, b), of the shape that a and b broadcast to; `name` is for the error when they do not. */
export function applyBinary(kernel: BinaryKernel, a: Tensor, b: Tensor, name: string, dtype: DType = a.dtype): Tensor {
  const shape = broadcastShapes(a.shape, b.shape, name);
  const y = Tensor.empty(shape, dtype);
  if (sameShape(a.shape, b.shape) && a.isContiguous && b.isContiguous) {
    kernel(1, y.numel, y.storage.operand, 0, a.storage.operand, a.offset, 0, 1, b.storage.operand, b.offset, 0, 1);
    return y;
  }
  let o = 0;
  const layouts = [broadcastLayout(a, shape), broadcastLayout(b, shape)];
  forEachPlane(shape, layouts, (rows, n, [i, j], [ri, rj], [di, dj]) => {
    kernel(rows, n, y.storage.operand, o, a.storage.operand, i, ri, di, b.storage.operand, j, rj, dj);
    o += rows * n;
  });
  return y;
}

/** y = kernel(c, a, b), of the shape that all three broadcast to and the dtype of a and b. */
export function applyTernary(kernel: TernaryKernel, c: Tensor, a: Tensor, b: Tensor, name: string): Tensor {
  const shape = broadcastShapes(broadcastShapes(c.shape, a.shape, name), b.shape, name);
  const y = Tensor.empty(shape, a.dtype);
  let o = 0;
  const layouts = [c, a, b].map((x) => broadcastLayout(x, shape));
  const [ofC, ofA, ofB] = [c, a, b].map((x) => x.storage.operand);
  forEachPlane(shape, layouts, (rows, n, [h, i, j], [rh, ri, rj], [dh, di, dj]) => {
    kernel(rows, n, y.storage.operand, o, ofC, h, rh, dh, ofA, i, ri, di, ofB, j, rj, dj);
    o += rows * n;
  });
  return y;
}

/**
 * y = kernel over `dims` of x, which are counted from the front; with them kept as size 1.
 * Where they are not neighbours, x is laid out anew with them last.
 */
export function applyReduction(kernel: ReductionKernel, x: Tensor, dims: readonly number[], dtype = x.dtype): Tensor {
  const shape = x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
  const y = Tensor.empty(shape, dtype);
  const sorted = [...dims].sort((a, b) => a - b);
  const adjacent = sorted.every((d, i) => d === sorted[0] + i);
  if (adjacent) {
    kernel(y.storage.operand, operandOf(x), ...splitAt(x.shape, sorted[0] ?? 0, dims.length));
  } else {
    const kept = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
    kernel(y.storage.operand, operandOf(permuted(x, [...kept, ...sorted])), y.numel, sizeOf(x.shape, sorted), 1);
  }
  return y;
}

/** y = kernel along one dimension of x, of x's shape: a softmax, a running sum. */
export function applyAlong(kernel: ReductionKernel, x: Tensor, dim: number, dtype = x.dtype): Tensor {
  const y = Tensor.empty(x.shape, dtype);
  kernel(y.storage.operand, operandOf(x), ...splitAt(x.shape, normalizeDim(dim, x.ndim)));
  return y;
}

/** A view with its dimensions in another order. */
export function permuted(x: Tensor, order: readonly number[]): Tensor {
  const pick = (values: Shape) => order.map((d) => values[d]);
  return new Tensor(x.storage, x.dtype, pick(x.shape), pick(x.strides), x.offset);
}

/** How many elements are before, in and after the dimensions dim … dim + count - 1. */
export function splitAt(shape: Shape, dim: number, count = 1): [outer: number, n: number, inner: number] {
  const end = dim + count;
  return [numelOf(shape.slice(0, dim)), numelOf(shape.slice(dim, end)), numelOf(shape.slice(end))];
}

/** y[…] = x[…] with x broadcast to y's shape and converted to y's dtype; y may be a view. Counts as an in-place change. */
export const copyInto = (y: Tensor, x: Tensor): void => changeBy(kernels.copy, y, x);

/** y += alpha · x, x broadcast to y's shape, without a new array. Counts as an in-place change. */
export function addScaledInto(y: Tensor, x: Tensor, alpha: number): void {
  const factor = rounded(alpha, y.dtype);
  const kernel: typeof kernels.copy = (...operands) => kernels.addScaled(...operands, factor);
  changeBy(kernel, y, x);
}

function changeBy(kernel: typeof kernels.copy, y: Tensor, x: Tensor): void {
  const source = x.storage === y.storage ? copyOf(x) : x;
  forEachPlane(y.shape, [y, broadcastLayout(source, y.shape)], (rows, n, [o, i], [ro, ri], [step, di]) => {
    kernel(rows, n, y.storage.operand, o, ro, step, source.storage.operand, i, ri, di);
  });
  y.storage.version++;
}

/** Lets `change` change the elements of y, which may be a view, where they are. Counts as an in-place change. */
export function changeElements(y: Tensor, change: (elements: TypedArray) => void): void {
  const isWhole = y.isContiguous && y.numel === y.storage.operand.length;
  const whole = isWhole ? y : copyOf(y);
  change(whole.storage.operand);
  if (isWhole) y.storage.version++;
  else copyInto(y, whole);
}

/** A contiguous copy without history, in `dtype`. */
export function copyOf(x: Tensor, dtype: DType = x.dtype): Tensor {
  if (dtype === "bool" && x.dtype !== "bool")
    return applyBinary(kernels.ne, x, Tensor.zeros([], x.dtype), "to", "bool");
  return applyUnary(
    (rows, n, out, o, data, i, ri, di) => kernels.copy(rows, n, out, o, n, 1, data, i, ri, di),
    x,
    dtype,
  );
}

function broadcastLayout(x: Tensor, shape: Shape) {
  return { strides: broadcastStrides(x.shape, x.strides, shape), offset: x.offset };
}
