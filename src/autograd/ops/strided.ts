/** Views of any strides, and what is written where a view looks. */
import { check } from "../../tensor/check.ts";
import { arange, ones } from "../../tensor/create.ts";
import { bytesOf } from "../../tensor/dtype.ts";
import { formatShape, type Int, type Shape, sameShape } from "../../tensor/shape.ts";
import { forEachRun } from "../../tensor/strided.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { overlaps } from "../../tensor/view-strides.ts";
import { type Applied, defineOp } from "../op.ts";
import { clampMin, div } from "./elementwise.ts";
import { select, slice } from "./parts.ts";
import { to, view } from "./shape.ts";
import { putAdd, take } from "./shared/positions.ts";
import { put } from "./shared/writing.ts";
import { diagonal } from "./windows.ts";

/** How a tensor lies in its memory. */
interface Layout {
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
}

/** Where in memory the elements lie, in row-major order. */
function placesOf(layout: Layout): Tensor {
  const places = Tensor.empty(layout.shape, "int32");
  const { data } = places.storage;
  let o = 0;
  forEachRun(layout.shape, [layout], (n, [start], [step]) => {
    for (let k = 0; k < n; k++) data[o++] = start + k * step;
  });
  return places;
}

/** How many elements of memory that layout needs. */
const reach = ({ shape, strides, offset }: Layout): number =>
  shape.includes(0) ? 0 : shape.reduce((end, size, d) => end + (size - 1) * strides[d], offset + 1);

const viewOf = defineOp("asStrided", (x: Tensor, to: Layout): Applied => {
  const { shape, strides, offset } = x;
  const from = { shape, strides, offset };
  return {
    y: new Tensor(x.storage, x.dtype, to.shape, to.strides, to.offset),
    grads: [[x, (dy) => read(dy, to, from, from)]],
  };
});

/**
 * What is at the places `to` of a memory into which x is added at the places `from`: the gradient of a view of any strides, and
 * with the places exchanged the gradient of that. Where elements of the tensor that was looked at are one in memory, each has its share.
 */
function read(x: Tensor, from: Layout, to: Layout, whole: Layout): Tensor {
  const size = Math.max(reach(from), reach(to));
  let memory = putAdd(x, placesOf(from), [size]);
  if (overlaps(whole.shape, whole.strides)) {
    const places = placesOf(whole);
    const counts = putAdd(ones(whole.shape, { dtype: x.dtype }), places, [size]);
    memory = div(memory, clampMin(counts, 1));
  }
  return take(memory, placesOf(to));
}

/**
 * A view of x's memory with that size and those strides, from element `storageOffset` of the memory on; by default from x's first.
 * Mirrors `torch.as_strided`.
 * @throws where the memory is not large enough
 * @example arange(5).asStrided([3, 2], [1, 2])
 */
export function asStrided(x: Tensor, size: readonly Int[], stride: readonly Int[], storageOffset?: Int): Tensor {
  const layout = { shape: [...size], strides: [...stride], offset: storageOffset ?? x.offset };
  check(size.length === stride.length, "mismatch in length of strides and shape");
  const negative = () =>
    `as_strided: Negative strides are not supported at the moment, got strides: ${formatShape(stride)}`;
  check(
    stride.every((step) => step >= 0),
    negative,
  );
  check(
    size.every((n) => n >= 0),
    () => `Storage size calculation overflowed with sizes=${formatShape(size)} and strides=${formatShape(stride)}`,
  );
  check(layout.offset >= 0, () => `Tensor: invalid storage offset ${layout.offset}`);
  const bytes = bytesOf(x.dtype);
  const [needed, there] = [reach(layout), x.storage.operand.length];
  const beyond = () =>
    `setStorage: sizes ${formatShape(size)}, strides ${formatShape(stride)}, storage offset ${layout.offset}, and itemsize ` +
    `${bytes} requiring a storage size of ${needed * bytes} are out of bounds for storage of size ${there * bytes}`;
  check(needed <= there, beyond);
  return viewOf(x, layout);
}

/** x, where `look` sees it overwritten with src: the part of 0, 1, 2, … that it sees are the positions of what is overwritten. */
function writtenWhere(x: Tensor, src: Tensor, look: (positions: Tensor) => Tensor): Tensor {
  const positions = look(view(arange(x.numel, { dtype: "int32" }), x.shape));
  const otherSize = () =>
    `expected src to have a size equal to the slice of self. src size = ${formatShape(src.shape)}, ` +
    `slice size = ${formatShape(positions.shape)}`;
  check(sameShape(src.shape, positions.shape), otherSize);
  return put(x, positions, to(src, x.dtype));
}

/**
 * A copy of x, row by row in memory of its own, in which `asStrided(size, stride, storageOffset)` would see src.
 * Mirrors `torch.as_strided_scatter`.
 * @example zeros(5).asStridedScatter(tensor([1, 2]), [2], [3])
 */
export function asStridedScatter(
  x: Tensor,
  src: Tensor,
  size: readonly Int[],
  stride: readonly Int[],
  storageOffset: Int = 0,
): Tensor {
  return writtenWhere(x, src, (positions) => asStrided(positions, size, stride, storageOffset));
}

/** A copy of x in which `x.select(dim, index)` is src. Mirrors `torch.select_scatter`. @example zeros([2, 3]).selectScatter(ones(3), 0, 1) */
export const selectScatter = (x: Tensor, src: Tensor, dim: Int, index: Int): Tensor =>
  writtenWhere(x, src, (positions) => select(positions, dim, index));

/** A copy of x in which `x.slice(dim, start, end, step)` is src. Mirrors `torch.slice_scatter`. @example zeros(5).sliceScatter(ones(2), 0, 1, 4, 2) */
export const sliceScatter = (x: Tensor, src: Tensor, dim: Int = 0, start: Int = 0, end = Infinity, step: Int = 1) =>
  writtenWhere(x, src, (positions) => slice(positions, dim, start, end, step));

/** A copy of x in which `x.diagonal(offset, dim1, dim2)` is src. Mirrors `torch.diagonal_scatter`. @example zeros([3, 3]).diagonalScatter(ones(2), 1) */
export const diagonalScatter = (x: Tensor, src: Tensor, offset: Int = 0, dim1: Int = 0, dim2: Int = 1): Tensor =>
  writtenWhere(x, src, (positions) => diagonal(positions, offset, dim1, dim2));
