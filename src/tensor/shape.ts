/**
 * Arithmetic on shapes: sizes, strides, broadcasting, negative dimensions, and PyTorch's words when they do not fit.
 * Read next: tensor.ts.
 */
import { check } from "./check.ts";

/** A number that has to be whole. */
export type Int = number;

/** The size of each dimension; none for a scalar. */
export type Shape = readonly Int[];

/** Several numbers, or one list of them: `(2, 3)` or `([2, 3])`. */
export type Sizes = Int[] | [sizes: Shape];

export const listed = (sizes: Sizes): Shape => (Array.isArray(sizes[0]) ? sizes[0] : (sizes as Int[]));

/** `[2, 3]`, as PyTorch's messages print a shape. */
export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** The number of elements: the product of the sizes; 1 for a scalar. */
export function numelOf(shape: Shape): number {
  let n = 1;
  for (const size of shape) n *= size;
  return n;
}

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, d) => size === b[d]);

/** Row-major strides: the last dimension is adjacent in memory. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

/**
 * The common shape of two operands. Aligned at the last dimension, sizes must be equal or one of them 1.
 * @throws with `name` of the operation and both shapes when they do not fit
 */
export function broadcastShapes(a: Shape, b: Shape, name: string): number[] {
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let d = ndim - 1; d >= 0; d--) {
    const sizeA = a[d - ndim + a.length] ?? 1;
    const sizeB = b[d - ndim + b.length] ?? 1;
    check(
      sizeA === sizeB || sizeA === 1 || sizeB === 1,
      () =>
        `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) at non-singleton dimension ${d}` +
        ` (${name}: shapes ${formatShape(a)} and ${formatShape(b)})`,
    );
    out[d] = sizeA === 1 ? sizeB : sizeA;
  }
  return out;
}

/** The strides that make a tensor of `shape` look like `target`: a size-1 dimension is repeated by stepping 0. */
export function broadcastStrides(shape: Shape, strides: Shape, target: Shape): number[] {
  const missing = target.length - shape.length;
  return target.map((_, d) => (d < missing || shape[d - missing] === 1 ? 0 : strides[d - missing]));
}

/** A dimension counted from the front: -1 is the last. A scalar accepts 0 and -1, as in PyTorch. */
export function normalizeDim(dim: number, ndim: number): number {
  const bound = Math.max(ndim, 1);
  return fromFront(
    dim,
    bound,
    () => `Dimension out of range (expected to be in range of [${-bound}, ${bound - 1}], but got ${dim})`,
  );
}

/** Several dimensions counted from the front; none given means all of them. */
export function normalizeDims(dims: number | readonly number[] | undefined, ndim: number): number[] {
  if (dims === undefined) return Array.from({ length: ndim }, (_, d) => d);
  const list = (typeof dims === "number" ? [dims] : dims).map((dim) => normalizeDim(dim, ndim));
  const again = list.find((dim, i) => list.indexOf(dim) !== i);
  check(again === undefined, () => `dim ${again} appears multiple times in the list of dims`);
  return ndim === 0 ? [] : list.length === 0 ? normalizeDims(undefined, ndim) : list;
}

/** An index counted from the front. */
export const normalizeIndex = (index: number, dim: number, size: number): number =>
  fromFront(index, size, () => `index ${index} is out of bounds for dimension ${dim} with size ${size}`);

/**
 * A position in [0, size), where it may have been counted from the end.
 * @throws RangeError unless it is a whole number in [-size, size)
 */
export function fromFront(position: number, size: number, message: () => string): number {
  check(Number.isInteger(position) && position >= -size && position < size, message, RangeError);
  return position < 0 ? position + size : position;
}

/** How many elements several dimensions of a shape have together. */
export const sizeOf = (shape: Shape, dims: readonly number[]): number => numelOf(dims.map((d) => shape[d]));

/** Replaces one -1 by the size that makes the shape hold `numel` elements. */
export function inferShape(shape: Shape, numel: number): number[] {
  const unknown = shape.indexOf(-1);
  check(
    unknown === shape.lastIndexOf(-1),
    () => `only one dimension can be inferred, but ${formatShape(shape)} has several -1`,
  );
  const given = shape.filter((size) => size !== -1);
  for (const size of given) check(!(size < 0), () => `invalid shape dimension ${size}`);
  checkSizes(given);
  const known = numelOf(given);
  check(
    unknown < 0 || known !== 0 || numel !== 0,
    () =>
      `cannot reshape tensor of 0 elements into shape ${formatShape(shape)} ` +
      "because the unspecified dimension size -1 can be any value and is ambiguous",
  );
  const fits = unknown < 0 ? known === numel : numel % known === 0;
  check(fits, () => `shape '${formatShape(shape)}' is invalid for input of size ${numel}`);
  return shape.map((size) => (size === -1 ? numel / known : size));
}

/** @throws unless every size is a whole number ≥ 0 */
export function checkSizes(shape: Shape): void {
  for (const size of shape) {
    check(Number.isInteger(size), () => `a shape holds whole numbers, but got ${formatShape(shape)}`, TypeError);
    check(size >= 0, () => `Trying to create tensor with negative dimension ${size}: ${formatShape(shape)}`);
  }
}
