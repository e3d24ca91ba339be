/** Parts of a tensor, which are views, and tensors joined to a larger one. */
import { copyInto } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { promoteTypes } from "../../tensor/dtype.ts";
import { formatShape, fromFront, type Int, normalizeDim, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { squeeze, to, unsqueeze } from "./shape.ts";
import { defineView } from "./shared/views.ts";

function sliceView(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  const shape = x.shape.with(dim, length);
  const strides = x.strides.with(dim, x.strides[dim] * step);
  return new Tensor(x.storage, x.dtype, shape, strides, x.offset + start * x.strides[dim]);
}

const { take: takeSlice } = defineView("slice", sliceView);

/**
 * x[start:end:step] along dim, with Python's rules: negative bounds count from the end, bounds past it are clipped.
 * Mirrors Python's `x[start:end:step]`.
 * @example arange(10).slice(0, -4, Infinity, 2)
 */
export function slice(x: Tensor, dim: Int, start: Int = 0, end = Infinity, step: Int = 1): Tensor {
  const d = normalizeDim(dim, x.ndim);
  check(x.ndim > 0, "slice() cannot be applied to a 0-dim tensor.");
  check(step !== 0, "slice step cannot be zero");
  check(step > 0, "step must be greater than zero");
  check(end === Infinity || Number.isInteger(end), () => `slice indices must be integers, but got ${end}`, TypeError);
  const size = x.shape[d];
  const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size);
  const from = clip(start);
  return takeSlice(x, d, from, Math.max(0, Math.ceil((clip(end) - from) / step)), step);
}

/**
 * `length` neighbours from start along dim. Mirrors `torch.narrow`.
 * @param start a whole number, or a scalar tensor of int32
 * @example arange(10).narrow(0, 2, 3)
 */
export function narrow(x: Tensor, dim: Int, start: Int | Tensor, length: Int): Tensor {
  if (start instanceof Tensor) {
    check(start.ndim === 0 && start.dtype === "int32", "start must be an 0-dim integral Tensor.");
    return narrow(x, dim, start.item(), length);
  }
  check(x.ndim > 0, "narrow() cannot be applied to a 0-dim tensor.");
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d];
  const from = start < 0 ? start + size : start;
  const tooLong = () => `start (${start}) + length (${length}) exceeds dimension size (${size}).`;
  check(from >= 0 && length >= 0 && from + length <= size, tooLong);
  return takeSlice(x, d, from, length, 1);
}

/** Element `index` along dim, which goes away. Mirrors `torch.select`. @example arange(6).view(2, 3).select(1, -1) */
export function select(x: Tensor, dim: Int, index: Int): Tensor {
  check(x.ndim > 0, "select() cannot be applied to a 0-dim tensor.", RangeError);
  const d = normalizeDim(dim, x.ndim);
  const outside = () =>
    `select(): index ${index} out of range for tensor of size ${formatShape(x.shape)} at dimension ${d}`;
  return squeeze(takeSlice(x, d, fromFront(index, x.shape[d], outside), 1, 1), d);
}

/**
 * Views of `size` neighbours each along dim, the last with what is left; or of as many as a list says.
 * Mirrors `torch.split`.
 * @example arange(5).split(2)
 */
export function split(x: Tensor, size: Int | readonly Int[], dim: Int = 0): Tensor[] {
  check(x.ndim > 0, "split expects at least a 1-dimensional tensor");
  const d = normalizeDim(dim, x.ndim);
  let end = 0;
  const sizes = typeof size === "number" ? equalSizes(x.shape[d], size) : checkedSizes(x.shape[d], size, d);
  return sizes.map((length) => {
    end += length;
    return narrow(x, d, end - length, length);
  });
}

/** As many of `size` as fit into the total, and what is left. */
function equalSizes(total: number, size: number): number[] {
  check(size >= 0, () => `split expects split_size be non-negative, but got split_size=${size}`);
  const endless = () => `split_size can only be 0 if dimension size is 0, but got dimension size of ${total}`;
  check(size > 0 || total === 0, endless);
  const count = Math.max(1, Math.ceil(total / Math.max(size, 1)));
  return Array.from({ length: count }, (_, k) => Math.min(size, total - k * size));
}

function checkedSizes(total: number, sizes: readonly number[], dim: number): readonly number[] {
  const got = `but got split_sizes=${formatShape(sizes)}`;
  const otherSum = `split_with_sizes expects split_sizes to sum exactly to ${total} (input tensor's size at dimension ${dim}), ${got}`;
  check(sizes.reduce((sum, size) => sum + size, 0) === total, otherSum);
  const negative = `split_with_sizes expects split_sizes have only non-negative entries, ${got}`;
  check(
    sizes.every((size) => size >= 0),
    negative,
  );
  return sizes;
}

/**
 * At most `chunks` views of equal size along dim, but for the last, which may be smaller. Mirrors `torch.chunk`.
 * @example arange(5).chunk(2)
 */
export function chunk(x: Tensor, chunks: Int, dim: Int = 0): Tensor[] {
  check(x.ndim > 0, "chunk expects at least a 1-dimensional tensor");
  check(chunks > 0, () => `chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const d = normalizeDim(dim, x.ndim);
  const total = x.shape[d];
  return split(x, total === 0 ? Array<number>(chunks).fill(0) : Math.ceil(total / chunks), d);
}

const catSameType = defineOp("cat", (tensors: readonly Tensor[], dim: Int): Applied => {
  const first = tensors.find((x) => !isEmptyVector(x)) ?? tensors[0];
  const d = normalizeDim(dim, first.ndim);
  let size = 0;
  const places = tensors.map((x, i) => {
    if (isEmptyVector(x)) return [size, 0] as const;
    checkCat(first, x, d, i);
    size += x.shape[d];
    return [size - x.shape[d], x.shape[d]] as const;
  });
  const y = Tensor.empty(first.shape.with(d, size), first.dtype);
  tensors.forEach((x, i) => {
    if (!isEmptyVector(x)) copyInto(sliceView(y, d, ...places[i], 1), x);
  });
  const part = (i: number) => (dy: Tensor) => takeSlice(dy, d, ...places[i], 1);
  const nothing = (dy: Tensor) => Tensor.zeros([0], dy.dtype);
  return { y, grads: tensors.map((x, i) => [x, isEmptyVector(x) ? nothing : part(i)]) };
});

/** Such a vector goes with tensors of any shape: a list may begin with it. */
const isEmptyVector = ({ ndim, numel }: Tensor): boolean => ndim === 1 && numel === 0;

function checkCat(first: Tensor, x: Tensor, dim: number, i: number): void {
  check(x.ndim > 0, () => `zero-dimensional tensor (at position ${i}) cannot be concatenated`);
  check(x.ndim === first.ndim, () => `Tensors must have same number of dimensions: got ${first.ndim} and ${x.ndim}`);
  const differs = first.shape.findIndex((size, d) => d !== dim && size !== x.shape[d]);
  const mismatch = () =>
    `Sizes of tensors must match except in dimension ${dim}. Expected size ${first.shape[differs]} ` +
    `but got size ${x.shape[differs]} for tensor number ${i} in the list.`;
  check(differs < 0, mismatch);
}

/**
 * Joins tensors along an existing dimension, in the dtype that they all convert to; vectors without elements do not count.
 * Mirrors `torch.cat`.
 * @example cat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])], 0)
 */
export function cat(tensors: readonly Tensor[], dim: Int = 0): Tensor {
  check(tensors.length > 0, "torch.cat(): expected a non-empty list of Tensors");
  const dtype = tensors.map((x) => x.dtype).reduce(promoteTypes);
  const converted = tensors.map((x) => to(x, dtype));
  return catSameType(converted, dim);
}

/** Joins tensors of one shape along a new dimension. Mirrors `torch.stack`. @example stack([ones(2), zeros(2)], 1) */
export function stack(tensors: readonly Tensor[], dim: Int = 0): Tensor {
  check(tensors.length > 0, "stack expects a non-empty TensorList");
  const [first] = tensors;
  tensors.forEach((x, i) => {
    const mismatch = () =>
      `stack expects each tensor to be equal size, but got ${formatShape(first.shape)} at entry 0 ` +
      `and ${formatShape(x.shape)} at entry ${i}`;
    check(sameShape(x.shape, first.shape), mismatch);
  });
  const layers = tensors.map((x) => unsqueeze(x, dim));
  return cat(layers, normalizeDim(dim, first.ndim + 1));
}
