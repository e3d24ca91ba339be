/** Tensors put together, and taken apart, along rows, columns and depth; and what gives them as many dimensions as that needs. */
import { check } from "../../tensor/check.ts";
import {
  broadcastShapes,
  formatShape,
  type Int,
  normalizeDim,
  numelOf,
  type Shape,
  type Sizes,
  sameShape,
} from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { cat, narrow, select } from "./parts.ts";
import { expand, reshape, unsqueeze, view } from "./shape.ts";

/** A vector of all elements; x itself if it is one, and a view where that is possible. Mirrors `torch.ravel`. @example eye(2).ravel() */
export const ravel = (x: Tensor): Tensor => (x.ndim === 1 && x.isContiguous ? x : reshape(x, -1));

/** What makes tensors of fewer dimensions have a number of them. */
export interface AtLeast {
  /** The tensor, with new dimensions of size 1 if it has too few. */
  (x: Tensor): Tensor;
  /** The same of each. */
  (tensors: readonly Tensor[]): Tensor[];
}

function atLeast(ndim: number, grow: (x: Tensor) => Tensor): AtLeast {
  const grown = (x: Tensor) => (x.ndim < ndim ? grow(x) : x);
  const either = (x: Tensor | readonly Tensor[]) => (x instanceof Tensor ? grown(x) : x.map(grown));
  return either as AtLeast;
}

/** A scalar as a vector, others as they are. Mirrors `torch.atleast_1d`. @example atleast1d(tensor(3)) */
export const atleast1d = atLeast(1, (x) => view(x, 1));

/** The same, and a vector as a row. Mirrors `torch.atleast_2d`. @example atleast2d(tensor([1, 2])).shape */
export const atleast2d = atLeast(2, (x) => unsqueeze(atleast1d(x), 0));

/** The same, and a matrix (N, M) as (N, M, 1). Mirrors `torch.atleast_3d`. @example atleast3d(tensor([1, 2])).shape */
export const atleast3d = atLeast(3, (x) => unsqueeze(atleast2d(x), -1));

/** Rows, or tensors, below each other. Mirrors `torch.vstack`. @example vstack([tensor([1, 2]), tensor([3, 4])]) */
export function vstack(tensors: readonly Tensor[]): Tensor {
  check(tensors.length > 0, "vstack expects a non-empty TensorList");
  return cat(atleast2d(tensors), 0);
}

/**
 * Tensors beside each other: vectors along their one dimension, others along the second. Mirrors `torch.hstack`.
 * @example hstack([tensor([[1], [2]]), tensor([[3], [4]])])
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  check(tensors.length > 0, "hstack expects a non-empty TensorList");
  const parts = atleast1d(tensors);
  return cat(parts, parts[0].ndim === 1 ? 0 : 1);
}

/** Tensors behind each other, along the third dimension. Mirrors `torch.dstack`. @example dstack([ones(2), zeros(2)]) */
export function dstack(tensors: readonly Tensor[]): Tensor {
  check(tensors.length > 0, "dstack expects a non-empty TensorList");
  return cat(atleast3d(tensors), 2);
}

/** Vectors as the columns of a matrix, beside matrices. Mirrors `torch.column_stack`. @example columnStack([ones(2), eye(2)]) */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  check(tensors.length > 0, "column_stack expects a non-empty TensorList");
  return hstack(tensors.map((x) => (x.ndim < 2 ? reshape(x, x.numel, 1) : x)));
}

/** The views along dim, which goes away: x[0], x[1], … Mirrors `torch.unbind`. @example eye(2).unbind() */
export function unbind(x: Tensor, dim: Int = 0): Tensor[] {
  check(x.ndim > 0, () => `Dimension specified as ${dim} but tensor has no dimensions`, RangeError);
  const d = normalizeDim(dim, x.ndim);
  return Array.from({ length: x.shape[d] }, (_, k) => select(x, d, k));
}

/**
 * Views along dim: a number of parts of equal size, but for the first, which have one more if it does not divide; or the parts
 * between positions. Mirrors `torch.tensor_split`.
 * @example console.log(arange(5).tensorSplit(2), arange(5).tensorSplit([1, 4]))
 */
export function tensorSplit(x: Tensor, sections: Int | readonly Int[] | Tensor, dim: Int = 0): Tensor[] {
  check(x.ndim > 0, "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d];
  const given = sections instanceof Tensor ? numbersIn(sections) : sections;
  const bounds = typeof given === "number" ? evenBounds(size, given) : given.map((at) => clipped(at, size));
  const ends = [...bounds, size];
  return ends.map((end, k) => {
    const start = k === 0 ? 0 : ends[k - 1];
    return narrow(x, d, start, Math.max(0, end - start));
  });
}

function numbersIn(x: Tensor): number | number[] {
  const name = "tensor_split expected tensor_indices_or_sections to";
  check(x.dtype === "int32", () => `${name} have dtype of long, here int32, but got ${x.dtype}`);
  const otherRank = () =>
    `${name} be a zero-dimensional or one-dimensional tensor, but got a tensor with ${x.ndim} dims`;
  check(x.ndim <= 1, otherRank);
  return x.ndim === 0 ? x.item() : [...elementsOf(x)];
}

/** Where all but the first of so many parts begin. */
function evenBounds(size: number, parts: number): number[] {
  check(parts > 0, () => `number of sections must be larger than 0, got ${parts}`);
  check(parts < 2 ** 32, () => `can't allocate memory for ${parts} tensors`);
  const [small, larger] = [Math.floor(size / parts), size % parts];
  return Array.from({ length: parts - 1 }, (_, k) => (k + 1) * small + Math.min(k + 1, larger));
}

const clipped = (at: number, size: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);

const splitAlong =
  (name: string, least: number, along: (ndim: number) => number) =>
  (x: Tensor, sections: Int | readonly Int[]): Tensor[] => {
    const tooFew = () =>
      `torch.${name} requires a tensor with at least ${least} dimension, but got a tensor with ${x.ndim} dimensions!`;
    check(x.ndim >= least, tooFew);
    const dim = along(x.ndim);
    const uneven = () =>
      `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${x.shape[dim]} is not ` +
      `divisible by the split_size ${sections}!`;
    check(typeof sections !== "number" || x.shape[dim] % sections === 0, uneven);
    return tensorSplit(x, sections, dim);
  };

/**
 * Views of equal parts along the second dimension, or of a vector; or between positions. Mirrors `torch.hsplit`.
 * @example arange(6).view(2, 3).hsplit([1])
 */
export const hsplit = splitAlong("hsplit", 1, (ndim) => (ndim === 1 ? 0 : 1));

/** The same along the first dimension. Mirrors `torch.vsplit`. @example arange(6).view(2, 3).vsplit(2) */
export const vsplit = splitAlong("vsplit", 2, () => 0);

/** The same along the third dimension. Mirrors `torch.dsplit`. @example zeros([1, 2, 4]).dsplit(2)[0].shape */
export const dsplit = splitAlong("dsplit", 3, () => 2);

/**
 * Dimension dim as several of these sizes, one of which may be -1. Mirrors `torch.Tensor.unflatten`.
 * @example zeros([2, 12]).unflatten(1, [3, -1]).shape
 */
export function unflatten(x: Tensor, dim: Int, sizes: Shape): Tensor {
  const d = normalizeDim(dim, x.ndim);
  check(sizes.length > 0, "unflatten: sizes must be non-empty");
  const unknown = sizes.indexOf(-1);
  const rest = numelOf(sizes.filter((size) => size !== -1));
  check(unknown === sizes.lastIndexOf(-1), "unflatten got an unexpected error: only one dimension can be inferred");
  const fits = unknown < 0 ? rest === x.shape[d] : x.shape[d] % rest === 0;
  const otherSize = () =>
    `unflatten: Provided sizes ${formatShape(sizes)} don't multiply up to the size of dim ${d} (${x.shape[d]}) in the input tensor`;
  check(fits, otherSize);
  const known = sizes.map((size) => (size === -1 ? x.shape[d] / rest : size));
  return view(x, x.shape.toSpliced(d, 1, ...known));
}

/** `expand` under NumPy's name. Mirrors `torch.broadcast_to`. @example tensor([1, 2]).broadcastTo(3, 2) */
export const broadcastTo = (x: Tensor, ...shape: Sizes): Tensor => expand(x, ...shape);

/**
 * Views of all in the shape that they broadcast to together; what has that shape is itself. Mirrors `torch.broadcast_tensors`.
 * @example broadcastTensors(tensor([1, 2]), tensor([[3], [4]]))
 */
export function broadcastTensors(...tensors: Tensor[]): Tensor[] {
  const shape = tensors.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b, "broadcast_tensors"), []);
  return tensors.map((x) => (sameShape(x.shape, shape) ? x : expand(x, shape)));
}
