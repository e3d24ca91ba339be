/**
 * Operations that move values and compute none. Views share memory with their input.
 * expand and sumTo are each other's gradient: what broadcasting repeats forward is summed backward.
 */
import { applyReduction, copyInto, copyOf, permuted } from "../../tensor/apply.ts";
import { type DType, promoteTypes, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { broadcastStrides, formatShape, inferShape, normalizeDim, type Shape, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { viewStrides } from "../../tensor/view-strides.ts";
import { type Applied, defineOp } from "../op.ts";

/** y = x in new, contiguous memory. */
export const clone = defineOp("clone", (x: Tensor): Applied => ({ y: copyOf(x), grads: [[x, (dy) => dy]] }));

/** x itself if its elements lie in row-major order without gaps, else a copy that does. */
export const contiguous = (x: Tensor): Tensor => (x.isContiguous ? x : clone(x));

const cast = defineOp("to", (x: Tensor, dtype: DType): Applied => {
  const from = x.dtype;
  return { y: copyOf(x, dtype), grads: [[x, (dy) => to(dy, from)]] };
});

/** y = x converted to dtype; x itself if it has that dtype. */
export const to = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : cast(x, dtype));

/**
 * The same memory under another shape, one size of which may be -1.
 * @throws if the number of elements differs, or the strides of x do not allow it without copying
 */
export const view = defineOp("view", (x: Tensor, shape: Shape): Applied => {
  const sizes = inferShape(shape, x.numel);
  const strides = viewStrides(x.shape, x.strides, sizes);
  if (!strides) {
    throw new Error(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two " +
        "contiguous subspaces). Use .reshape(...) instead." +
        ` (view of shape ${formatShape(x.shape)} as ${formatShape(sizes)})`,
    );
  }
  const from = x.shape;
  return { y: new Tensor(x.storage, x.dtype, sizes, strides, x.offset), grads: [[x, (dy) => reshape(dy, from)]] };
});

/** As view, but copies where a view is not possible. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const sizes = inferShape(shape, x.numel);
  return viewStrides(x.shape, x.strides, sizes) ? view(x, sizes) : owned(view(clone(x), sizes));
}

/** y, a view of a tensor that nobody else will see: in-place changes need not tell that one. PyTorch's `_unsafe_view`. */
export function owned(y: Tensor): Tensor {
  y.viewOf = null;
  return y;
}

/** Merges the dimensions startDim … endDim into one. */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  const first = normalizeDim(startDim, x.ndim);
  const last = normalizeDim(endDim, x.ndim);
  if (first === last && x.ndim > 0) return x;
  if (first > last) throw new Error("flatten() has invalid args: start_dim cannot come after end_dim");
  return reshape(x, [
    ...x.shape.slice(0, first),
    x.shape.slice(first, last + 1).reduce((product, size) => product * size, 1),
    ...x.shape.slice(last + 1),
  ]);
}

/** Drops dimension dim if its size is 1; without dim, all such. */
export function squeeze(x: Tensor, dim?: number): Tensor {
  const only = dim === undefined ? undefined : normalizeDim(dim, x.ndim);
  return view(
    x,
    x.shape.filter((size, d) => size !== 1 || (only !== undefined && d !== only)),
  );
}

/** A new dimension of size 1 before dimension dim, which counts up to ndim. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const sizes = [...x.shape];
  sizes.splice(normalizeDim(dim, x.ndim + 1), 0, 1);
  return view(x, sizes);
}

/** y[i₀, i₁, …] with dimension d of y being dimension dims[d] of x. */
export const permute = defineOp("permute", (x: Tensor, dims: readonly number[]): Applied => {
  const order = dims.map((dim) => normalizeDim(dim, x.ndim));
  if (order.length !== x.ndim) {
    throw new Error(
      "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of " +
        `dimensions i.e. input.dim() = ${x.ndim} is not equal to len(dims) = ${order.length}`,
    );
  }
  if (new Set(order).size !== order.length) throw new Error("permute(): duplicate dims are not allowed.");
  const inverse = order.map((_, d) => order.indexOf(d));
  return { y: permuted(x, order), grads: [[x, (dy) => permute(dy, inverse)]] };
});

/** Swaps two dimensions. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [normalizeDim(dim0, x.ndim), normalizeDim(dim1, x.ndim)];
  return permute(
    x,
    x.shape.map((_, d) => (d === a ? b : d === b ? a : d)),
  );
}

/** A matrix transposed; a vector or scalar as it is. */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) throw new Error(`t() expects a tensor with <= 2 dimensions, but self is ${x.ndim}D`);
  return x.ndim === 2 ? transpose(x, 0, 1) : x;
}

/** Repeats dimensions of size 1, without copying, until x has `shape`; -1 keeps a size. */
export const expand = defineOp("expand", (x: Tensor, shape: Shape): Applied => {
  checkExpand(x, shape);
  const from = x.shape;
  const sizes = shape.map((size, d) => (size === -1 ? from[d - shape.length + from.length] : size));
  return {
    y: new Tensor(x.storage, x.dtype, sizes, broadcastStrides(from, x.strides, sizes), x.offset),
    grads: [[x, (dy) => sumTo(dy, from)]],
  };
});

function checkExpand(x: Tensor, shape: Shape): void {
  const missing = shape.length - x.ndim;
  if (missing < 0) {
    throw new Error(
      `expand(torch.${scalarName[x.dtype]}Tensor{${formatShape(x.shape)}}, size=${formatShape(shape)}): the number of sizes ` +
        `provided (${shape.length}) must be greater or equal to the number of dimensions in the tensor (${x.ndim})`,
    );
  }
  shape.forEach((size, d) => {
    const existing = d < missing ? 1 : x.shape[d - missing];
    if (size === -1 && d < missing) {
      throw new Error(`The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${d}`);
    }
    if (existing === 1 || size === -1 || size === existing) return;
    throw new Error(
      `The expanded size of the tensor (${size}) must match the existing size (${existing}) at non-singleton dimension ` +
        `${d}.  Target sizes: ${formatShape(shape)}.  Tensor sizes: ${formatShape(x.shape)}`,
    );
  });
}

const sumRepeated = defineOp("sumTo", (x: Tensor, shape: Shape): Applied => {
  const from = x.shape;
  const missing = from.length - shape.length;
  const dims = from.map((_, d) => d).filter((d) => d < missing || (shape[d - missing] === 1 && from[d] !== 1));
  const sums = applyReduction(kernels.sum, x, dims);
  return { y: new Tensor(sums.storage, sums.dtype, shape), grads: [[x, (dy) => expand(dy, from)]] };
});

/** Sums over the dimensions in which a tensor of `shape` was repeated to become x's shape. */
export const sumTo = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : sumRepeated(x, shape));

const takeSlice = defineOp("slice", (x: Tensor, dim: number, start: number, length: number, step: number): Applied => {
  const from = x.shape;
  return {
    y: sliceView(x, dim, start, length, step),
    grads: [[x, (dy) => embedSlice(dy, from, dim, start, step)]],
  };
});

/** The gradient of slice: zeros of `shape` that hold x where the slice was. */
const embedSlice = defineOp(
  "sliceBackward",
  (x: Tensor, shape: Shape, dim: number, start: number, step: number): Applied => {
    const y = Tensor.empty(shape, x.dtype);
    const length = x.shape[dim];
    copyInto(sliceView(y, dim, start, length, step), x);
    return { y, grads: [[x, (dy) => takeSlice(dy, dim, start, length, step)]] };
  },
);

function sliceView(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  const shape = x.shape.with(dim, length);
  const strides = x.strides.with(dim, x.strides[dim] * step);
  return new Tensor(x.storage, x.dtype, shape, strides, x.offset + start * x.strides[dim]);
}

/** x[start:end:step] along dim, with Python's rules: negative bounds count from the end, bounds past it are clipped. */
export function slice(x: Tensor, dim: number, start = 0, end = Infinity, step = 1): Tensor {
  const d = normalizeDim(dim, x.ndim);
  if (x.ndim === 0) throw new Error("slice() cannot be applied to a 0-dim tensor.");
  if (step === 0) throw new Error("slice step cannot be zero");
  if (!(step > 0)) throw new Error("step must be greater than zero");
  const size = x.shape[d];
  const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  const from = clip(start);
  return takeSlice(x, d, from, Math.max(0, Math.ceil((clip(end) - from) / step)), step);
}

/** `length` neighbours from start along dim. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  if (x.ndim === 0) throw new Error("narrow() cannot be applied to a 0-dim tensor.");
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d];
  const from = start < 0 ? start + size : start;
  if (from < 0 || length < 0 || from + length > size) {
    throw new Error(`start (${start}) + length (${length}) exceeds dimension size (${size}).`);
  }
  return takeSlice(x, d, from, length, 1);
}

/** Element `index` along dim, which goes away. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  if (x.ndim === 0) throw new RangeError("select() cannot be applied to a 0-dim tensor.");
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d];
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new RangeError(
      `select(): index ${index} out of range for tensor of size ${formatShape(x.shape)} at dimension ${d}`,
    );
  }
  return squeeze(takeSlice(x, d, index < 0 ? index + size : index, 1, 1), d);
}

const catSameType = defineOp("cat", (tensors: readonly Tensor[], dim: number): Applied => {
  const [first] = tensors;
  const d = normalizeDim(dim, first.ndim);
  const starts: number[] = [];
  let size = 0;
  tensors.forEach((x, i) => {
    checkCat(first, x, d, i);
    starts.push(size);
    size += x.shape[d];
  });
  const y = Tensor.empty(first.shape.with(d, size), first.dtype);
  tensors.forEach((x, i) => {
    copyInto(sliceView(y, d, starts[i], x.shape[d], 1), x);
  });
  const sizes = tensors.map((x) => x.shape[d]);
  return { y, grads: tensors.map((x, i) => [x, (dy) => takeSlice(dy, d, starts[i], sizes[i], 1)]) };
});

/** Joins tensors along an existing dimension, in the dtype that they all convert to. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw new Error("torch.cat(): expected a non-empty list of Tensors");
  const dtype = tensors.map((x) => x.dtype).reduce(promoteTypes);
  return catSameType(
    tensors.map((x) => to(x, dtype)),
    dim,
  );
}

function checkCat(first: Tensor, x: Tensor, dim: number, i: number): void {
  if (x.ndim === 0) throw new Error(`zero-dimensional tensor (at position ${i}) cannot be concatenated`);
  if (x.ndim !== first.ndim) {
    throw new Error(`Tensors must have same number of dimensions: got ${first.ndim} and ${x.ndim}`);
  }
  const expected = first.shape.find((size, k) => k !== dim && size !== x.shape[k]);
  if (expected !== undefined) {
    const got = x.shape.find((size, k) => k !== dim && size !== first.shape[k]);
    throw new Error(
      `Sizes of tensors must match except in dimension ${dim}. ` +
        `Expected size ${expected} but got size ${got} for tensor number ${i} in the list.`,
    );
  }
}

/** Joins tensors of one shape along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw new Error("stack expects a non-empty TensorList");
  tensors.forEach((x, i) => {
    if (sameShape(x.shape, tensors[0].shape)) return;
    throw new Error(
      `stack expects each tensor to be equal size, but got ${formatShape(tensors[0].shape)} at entry 0 ` +
        `and ${formatShape(x.shape)} at entry ${i}`,
    );
  });
  return cat(
    tensors.map((x) => unsqueeze(x, dim)),
    normalizeDim(dim, tensors[0].ndim + 1),
  );
}
