/**
 * Operations that say how a tensor is read and compute nothing. A view shares memory with its input.
 * Read next: elementwise.ts.
 */
import { copyOf, permuted } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { type DType, isFloatingPoint } from "../../tensor/dtype.ts";
import {
  formatShape,
  type Int,
  inferShape,
  listed,
  normalizeDim,
  numelOf,
  type Shape,
  type Sizes,
} from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { viewStrides } from "../../tensor/view-strides.ts";
import { type Applied, defineOp, owned, watchable } from "../op.ts";
import { expandTo } from "./shared/broadcast.ts";

/**
 * y = x in new, contiguous memory. Mirrors `torch.clone`.
 * @example
 * const x = zeros(2);
 * x.clone().fill_(5);
 * console.log(x);
 */
export const clone = defineOp("clone", (x: Tensor): Applied => ({ y: copyOf(x), grads: [[x, (dy) => dy]] }));

/**
 * x itself if its elements lie in row-major order without gaps, else a copy that does. Mirrors `torch.Tensor.contiguous`.
 * @example arange(6).view(2, 3).t().contiguous().strides
 */
export const contiguous = (x: Tensor): Tensor => (x.isContiguous ? x : clone(x));

const cast = defineOp("to", (x: Tensor, dtype: DType): Applied => {
  const from = x.dtype;
  return { y: copyOf(x, dtype), grads: isFloatingPoint(dtype) ? [[x, (dy) => to(dy, from)]] : [] };
});

/** x in dtype; x itself if it has that dtype. Mirrors `torch.Tensor.to`. @example tensor([1.7, -1.7]).to("int32") */
export const to = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : cast(x, dtype));

/**
 * The same memory under another shape, one size of which may be -1. Mirrors `torch.Tensor.view`.
 * @throws if the number of elements differs, or the strides of x do not allow it without copying
 * @example
 * const x = arange(6);
 * const y = x.view(2, -1);
 * y.fill_(1); // x, too
 * console.log(x);
 */
export const view = defineOp("view", (x: Tensor, ...shape: Sizes): Applied => {
  const sizes = inferShape(listed(shape), x.numel);
  const strides = viewStrides(x.shape, x.strides, sizes);
  const notCompatible = () =>
    "view size is not compatible with input tensor's size and stride (at least one dimension spans across two " +
    "contiguous subspaces). Use .reshape(...) instead." +
    ` (view of shape ${formatShape(x.shape)} as ${formatShape(sizes)})`;
  check(strides !== null, notCompatible);
  const from = x.shape;
  return { y: new Tensor(x.storage, x.dtype, sizes, strides, x.offset), grads: [[x, (dy) => reshape(dy, from)]] };
});

/** As view, but copies where it must. Mirrors `torch.reshape`. @example arange(6).view(2, 3).t().reshape(6) */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return reshaped(x, listed(shape));
}

const reshaped = watchable("reshape", (x: Tensor, shape: Shape): Tensor => {
  const sizes = inferShape(shape, x.numel);
  return viewStrides(x.shape, x.strides, sizes) ? view(x, sizes) : owned(view(clone(x), sizes));
});

/**
 * Merges the dimensions startDim … endDim into one. Mirrors `torch.flatten`.
 * @example zeros([2, 3, 4]).flatten(1).shape
 */
export function flatten(x: Tensor, startDim: Int = 0, endDim: Int = -1): Tensor {
  return flattened(x, startDim, endDim);
}

const flattened = watchable("flatten", (x: Tensor, startDim: Int, endDim: Int): Tensor => {
  const first = normalizeDim(startDim, x.ndim);
  const last = normalizeDim(endDim, x.ndim);
  if (first === last && x.ndim > 0) return x;
  const reversed = () =>
    `flatten() has invalid args: start_dim cannot come after end_dim, but they are ${startDim} and ${endDim}`;
  check(first <= last, reversed);
  return reshape(x, x.shape.toSpliced(first, last + 1 - first, numelOf(x.shape.slice(first, last + 1))));
});

/**
 * Drops dimension dim if its size is 1, or all such. Mirrors `torch.squeeze`.
 * @example zeros([1, 3, 1]).squeeze(0).shape
 */
export function squeeze(x: Tensor, dim?: Int): Tensor {
  const only = dim === undefined ? undefined : normalizeDim(dim, x.ndim);
  const shape = x.shape.filter((size, d) => size !== 1 || (only !== undefined && d !== only));
  return view(x, shape);
}

/**
 * A new dimension dim of size 1; -1 is the last. Mirrors `torch.unsqueeze`.
 * @example zeros([2, 3]).unsqueeze(1).shape
 */
export const unsqueeze = (x: Tensor, dim: Int): Tensor =>
  view(x, x.shape.toSpliced(normalizeDim(dim, x.ndim + 1), 0, 1));

/** Dimension d of y is dims[d] of x. Mirrors `torch.permute`. @example zeros([2, 3, 4]).permute(2, 0, 1).shape */
export const permute = defineOp("permute", (x: Tensor, ...dims: Sizes): Applied => {
  const order = listed(dims).map((dim) => normalizeDim(dim, x.ndim));
  check(
    order.length === x.ndim,
    () =>
      "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of " +
      `dimensions i.e. input.dim() = ${x.ndim} is not equal to len(dims) = ${order.length}`,
  );
  check(
    new Set(order).size === order.length,
    () => `permute(): duplicate dims are not allowed. They are ${formatShape(order)}`,
  );
  const inverse = order.map((_, d) => order.indexOf(d));
  return { y: permuted(x, order), grads: [[x, (dy) => permute(dy, inverse)]] };
});

/** Swaps two dimensions. Mirrors `torch.transpose`. @example zeros([2, 3, 4]).transpose(0, 2).shape */
export function transpose(x: Tensor, dim0: Int, dim1: Int): Tensor {
  const [a, b] = [normalizeDim(dim0, x.ndim), normalizeDim(dim1, x.ndim)];
  const order = x.shape.map((_, d) => (d === a ? b : d === b ? a : d));
  return permute(x, order);
}

/** A matrix transposed; a vector or scalar as it is. Mirrors `torch.t`. @example tensor([[1, 2], [3, 4]]).t() */
export function t(x: Tensor): Tensor {
  check(x.ndim <= 2, () => `t() expects a tensor with <= 2 dimensions, but self is ${x.ndim}D`);
  return x.ndim === 2 ? transpose(x, 0, 1) : permute(x, [...x.shape.keys()]);
}

/**
 * Repeats dimensions of size 1, without copying, until x has `shape`; -1 keeps a size. Mirrors `torch.Tensor.expand`.
 * @example tensor([[1], [2]]).expand(2, 3)
 */
export const expand = (x: Tensor, ...shape: Sizes): Tensor => expandTo(x, listed(shape));
