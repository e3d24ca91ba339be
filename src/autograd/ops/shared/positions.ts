/**
 * Reading, and adding, at positions in the flattened tensor: what every form of indexing comes down to. The gradient of
 * reading adds at those positions: an element picked twice gets both gradients.
 */
import { check } from "../../../tensor/check.ts";
import { tensor } from "../../../tensor/create.ts";
import type { DType, TypedArray } from "../../../tensor/dtype.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import {
  broadcastShapes,
  broadcastStrides,
  contiguousStrides,
  formatShape,
  normalizeIndex,
  numelOf,
  type Shape,
} from "../../../tensor/shape.ts";
import { forEachRun } from "../../../tensor/strided.ts";
import { elementsOf, operandOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { expand, view } from "../shape.ts";

/** y[k] = x[positions[k]], where positions (of any shape) count through x in row-major order */
export const take = defineOp("take", (x: Tensor, positions: Tensor): Applied => {
  const y = Tensor.empty(positions.shape, x.dtype);
  if (isSparse(x, positions.numel)) kernels.take(y.storage.operand, x.storage.operand, inStorage(x, positions));
  else kernels.take(y.storage.operand, operandOf(x), operandOf(positions));
  const { shape } = x;
  return { y, saves: [positions], grads: [[x, (dy) => putAdd(dy, positions, shape)]] };
});

/** How many elements are laid out in the time in which one is found by its position. */
const LAID_OUT = 16;

/** Whether `count` elements of x are sooner found where they are than all of x is laid out in row-major order. */
export const isSparse = (x: Tensor, count: number): boolean => !x.isContiguous && LAID_OUT * count < x.numel;

/** Where in x's storage its elements at positions are. */
function inStorage({ shape, strides, offset, storage }: Tensor, positions: Tensor): TypedArray {
  const places = Tensor.empty(positions.shape, positionType(storage.operand.length)).storage.data;
  const from = elementsOf(positions);
  for (let k = 0; k < from.length; k++) {
    let place = offset;
    for (let d = shape.length - 1, rest = from[k]; d >= 0; rest = Math.floor(rest / shape[d]), d--)
      place += (rest % shape[d]) * strides[d];
    places[k] = place;
  }
  return places;
}

/** What holds positions among so many elements. */
const positionType = (count: number): DType => (count > 2 ** 31 ? "float64" : "int32");

/** The gradient of take, and what adds to a tensor: y[positions[k]] += x[k], from zeros of `shape` */
export const putAdd = defineOp("putAdd", (x: Tensor, positions: Tensor, shape: Shape): Applied => {
  const y = Tensor.zeros(shape, x.dtype);
  kernels.putAdd(y.storage.operand, operandOf(x), operandOf(positions));
  return { y, saves: [positions], grads: [[x, (dy) => take(dy, positions)]] };
});

/** y[…, :] = x[rows[…], :], where rows (int32, any shape) are numbers of rows of x, or of what else has its last dimensions */
export const takeRows = defineOp("takeRows", (x: Tensor, rows: Tensor): Applied => {
  const { shape } = x;
  const rest = shape.slice(1);
  const y = Tensor.empty([...rows.shape, ...rest], x.dtype);
  kernels.takeRows(y.storage.operand, operandOf(x), operandOf(rows), numelOf(rest));
  return { y, saves: [rows], grads: [[x, (dy) => addRows(dy, rows, shape)]] };
});

/** The gradient of takeRows: y[r, :] = Σ x[…, :] wherever rows[…] = r, of `shape` */
export const addRows = defineOp("addRows", (x: Tensor, rows: Tensor, shape: Shape): Applied => {
  const y = Tensor.empty(shape, x.dtype);
  kernels.addRows(y.storage.operand, operandOf(x), operandOf(rows), numelOf(shape.slice(1)));
  return { y, saves: [rows], grads: [[x, (dy) => takeRows(dy, rows)]] };
});

/** An index tensor that says, for each element of the result, where along one dimension of x it comes from. */
export interface Pick {
  readonly dim: number;
  /** int32, broadcast to the result's shape */
  readonly index: Tensor;
}

/**
 * The positions in x (contiguous, of `shape`) of a result: its coordinate along result dimension d moves
 * `steps[d]` through x, and every pick adds its own dimension's share.
 */
export function gatheredPositions(shape: Shape, result: Shape, steps: Shape, picks: readonly Pick[]): Tensor {
  const strides = contiguousStrides(shape);
  const positions = Tensor.empty(result, positionType(numelOf(shape)));
  const out = positions.storage.data;
  let o = 0;
  forEachRun(result, [{ strides: steps, offset: 0 }], (n, [start], [step]) => {
    for (let k = 0; k < n; k++) out[o++] = start + k * step;
  });
  for (const { dim, index } of picks) {
    o = 0;
    const { data } = index.storage;
    forEachRun(result, [index], (n, [i], [di]) => {
      for (let k = 0; k < n; k++) out[o++] += strides[dim] * normalizeIndex(data[i + k * di], dim, shape[dim]);
    });
  }
  return positions;
}

/**
 * The positions [index[i, j], j] for dim 0, [i, index[i, j]] for dim 1, and so on, in a tensor of `shape`.
 * @throws RangeError for an index out of bounds, which a negative one is
 */
export function positionsAlong(shape: Shape, dim: number, index: Tensor): Tensor {
  const sizes = shape.length === 0 ? [1] : shape; // a scalar is indexed as a vector of one element
  const negative = elementsOf(index).find((k) => k < 0);
  const outOfBounds = () => `index ${negative} is out of bounds for dimension ${dim} with size ${sizes[dim]}`;
  check(negative === undefined, outOfBounds, RangeError);
  const others = contiguousStrides(sizes).map((stride, k) => (k === dim ? 0 : stride));
  return gatheredPositions(sizes, index.shape, others.slice(0, index.ndim), [{ dim, index }]);
}

/** An index that is read along one dimension has all those of the tensor; a scalar counts as a vector. */
export function checkRank(index: Tensor, { ndim, shape }: Tensor, name: string): void {
  const otherRank = () =>
    `Index tensor must have the same number of dimensions as ${name} tensor, ` +
    `but they have the shapes ${formatShape(index.shape)} and ${formatShape(shape)}`;
  check(Math.max(1, index.ndim) === Math.max(1, ndim), otherRank);
}

/** The positions of x[…, index[k], …], for a vector of indices along dimension dim of a tensor of `shape`. */
export function positionsOfRows(shape: Shape, dim: number, index: Tensor): Tensor {
  const outside = elementsOf(index).find((k) => k < 0 || k >= (shape[dim] ?? 1));
  const outOfRange = () => `index out of range in self: ${outside} along dimension ${dim} of ${formatShape(shape)}`;
  check(outside === undefined, outOfRange, RangeError);
  const along = shape.map((_, d) => (d === dim ? index.numel : 1));
  return positionsAlong(shape, dim, expand(view(index, along), shape.length > 0 ? shape.with(dim, index.numel) : []));
}

/** @throws for an index of `name` that does not hold indices */
export function checkIndex({ dtype }: Tensor, name: string, Kind: typeof Error = RangeError): void {
  check(
    dtype === "int32",
    () => `${name}(): Expected dtype int32 for index, but got ${dtype}: convert it, with index.to("int32")`,
    Kind,
  );
}

/** What an index tensor, or each dimension of a mask, picks from the dimensions from `dim` on of a tensor of `shape`. */
export function picksAt(index: Tensor, shape: Shape, dim: number): Pick[] {
  const indices = index.dtype === "bool" ? nonzeroOf(index, shape, dim) : [index];
  return indices.map((index, k) => ({ dim: dim + k, index }));
}

/** The positions that they pick in a tensor of shape `source`, in the shape of what they pick. */
export function positionsOf(source: Shape, picks: readonly Pick[]): Tensor {
  for (const { index } of picks) checkIsIndex(index);
  const picked = picks.map(({ dim }) => dim);
  const shape = commonShape(picks.map(({ index }) => index.shape));
  const neighbours = picked.every((dim, k) => dim === picked[0] + k);
  const at = neighbours ? picked[0] : 0; // where the result's picked dimensions begin
  const kept = source.map((_, d) => d).filter((d) => !picked.includes(d));
  const arrange = (ofKept: Shape, ofPicked: Shape) => [...ofKept.slice(0, at), ...ofPicked, ...ofKept.slice(at)];
  const ofKept = (values: Shape) => kept.map((d) => values[d]);
  const zeros = (values: Shape) => values.map(() => 0);
  const result = arrange(ofKept(source), shape);
  const steps = arrange(ofKept(contiguousStrides(source)), zeros(shape));
  const spread = picks.map(({ dim, index }) => {
    const along = arrange(zeros(kept), broadcastStrides(index.shape, index.strides, shape));
    return { dim, index: new Tensor(index.storage, "int32", result, along, index.offset) };
  });
  return gatheredPositions(source, result, steps, spread);
}

function checkIsIndex({ dtype }: Tensor): void {
  const words = "tensors used as indices must be long, byte or bool tensors: here int32 or bool, but got";
  check(dtype === "int32", () => `${words} ${dtype}`, RangeError);
}

/** The numbers of rows that an index tensor picks from the first dimension of a tensor of `shape`, counted from the front. */
export function rowsAt(shape: Shape, index: Tensor): Tensor {
  checkIsIndex(index);
  const rows = Tensor.empty(index.shape, "int32");
  const [from, out] = [elementsOf(index), rows.storage.data];
  for (let k = 0; k < from.length; k++) out[k] = normalizeIndex(from[k], 0, shape[0]);
  return rows;
}

function commonShape(shapes: readonly Shape[]): Shape {
  try {
    return shapes.reduce((a, b) => broadcastShapes(a, b, "index"));
  } catch {
    const listed = shapes.map(formatShape).join(", ");
    throw new RangeError(`shape mismatch: indexing tensors could not be broadcast together with shapes ${listed}`);
  }
}

/** Where a mask is true, for the dimensions from `dim` on of a tensor of `shape`. */
function nonzeroOf(mask: Tensor, shape: Shape, dim: number): Tensor[] {
  const differs = mask.shape.findIndex((size, d) => size !== shape[dim + d]);
  const mismatch = () =>
    `The shape of the mask ${formatShape(mask.shape)} at index ${differs} does not match the shape of the indexed tensor ` +
    `${formatShape(shape)} at index ${dim + differs}`;
  check(differs < 0, mismatch, RangeError);
  return coordinates(mask);
}

/** Where x is not 0: one int32 vector for each of its dimensions. */
export function coordinates(x: Tensor): Tensor[] {
  const { data, shape } = x;
  const found = [...data.keys()].filter((k) => data[k] !== 0);
  return contiguousStrides(shape).map((stride, d) =>
    tensor(Int32Array.from(found, (k) => Math.floor(k / stride) % shape[d])),
  );
}
