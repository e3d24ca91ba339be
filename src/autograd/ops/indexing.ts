/**
 * Picking elements by integer tensors. Every form comes down to one operation, take, on positions in the flattened
 * tensor, and its gradient, which adds at those positions: an element picked twice gets both gradients.
 */
import { tensor } from "../../tensor/create.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import {
  broadcastShapes,
  broadcastStrides,
  contiguousStrides,
  formatShape,
  normalizeDim,
  normalizeIndex,
  type Shape,
} from "../../tensor/shape.ts";
import { forEachRun } from "../../tensor/strided.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { expand, select, slice, unsqueeze, view } from "./shape.ts";

/** y[k] = x[positions[k]], where positions (int32, any shape) count through x in row-major order */
export const take = defineOp("take", (x: Tensor, positions: Tensor): Applied => {
  const y = Tensor.empty(positions.shape, x.dtype);
  kernels.take(y.storage.data, x.data, positions.data);
  return { y, saves: [positions], grads: [[x, (dy) => putAdd(dy, positions, x.shape)]] };
});

/** The gradient of take, and what adds to a tensor: y[positions[k]] += x[k], from zeros of `shape` */
export const putAdd = defineOp("putAdd", (x: Tensor, positions: Tensor, shape: Shape): Applied => {
  const y = Tensor.empty(shape, x.dtype);
  kernels.putAdd(y.storage.data, x.data, positions.data);
  return { y, saves: [positions], grads: [[x, (dy) => take(dy, positions)]] };
});

/** An index tensor that says, for each element of the result, where along one dimension of x it comes from. */
interface Pick {
  readonly dim: number;
  /** int32, broadcast to the result's shape */
  readonly index: Tensor;
}

/**
 * The positions in x (contiguous, of `shape`) of a result: its coordinate along result dimension d moves
 * `coordinateStrides[d]` through x, and every pick adds its own dimension's share.
 */
function positionsOf(shape: Shape, result: Shape, coordinateStrides: Shape, picks: readonly Pick[]): Tensor {
  const strides = contiguousStrides(shape);
  const positions = Tensor.empty(result, "int32");
  const out = positions.storage.data;
  let o = 0;
  forEachRun(result, [{ strides: coordinateStrides, offset: 0 }], (n, [start], [step]) => {
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

/** y[i, j] = x[index[i, j], j] for dim 0, x[i, index[i, j]] for dim 1, and so on; y has index's shape */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  if (index.dtype !== "int32") throw new RangeError(`gather(): Expected dtype int32 for index, but got ${index.dtype}`);
  if (index.ndim !== x.ndim) {
    throw new Error("Index tensor must have the same number of dimensions as input tensor");
  }
  const d = normalizeDim(dim, x.ndim);
  const outside = index.shape.findIndex((size, k) => k !== d && size > x.shape[k]);
  if (outside >= 0) {
    throw new Error(
      `Size does not match at dimension ${outside} expected index ${formatShape(index.shape)} ` +
        `to be smaller than self ${formatShape(x.shape)} apart from dimension ${d}`,
    );
  }
  return take(x, positionsAlong(x.shape, d, index));
}

/**
 * The positions [index[i, j], j] for dim 0, [i, index[i, j]] for dim 1, and so on, in a tensor of `shape`.
 * @throws RangeError for an index out of bounds, which a negative one is
 */
export function positionsAlong(shape: Shape, dim: number, index: Tensor): Tensor {
  const negative = index.data.find((k) => k < 0);
  if (negative !== undefined) {
    throw new RangeError(`index ${negative} is out of bounds for dimension ${dim} with size ${shape[dim] ?? 1}`);
  }
  const others = contiguousStrides(shape).map((stride, k) => (k === dim ? 0 : stride));
  return positionsOf(shape, index.shape, others, shape.length === 0 ? [] : [{ dim, index }]);
}

/** y[…, k, …] = x[…, index[k], …] along dim */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  if (index.ndim > 1) throw new RangeError("index_select(): Index is supposed to be a vector");
  if (index.dtype !== "int32") {
    throw new RangeError(`index_select(): Expected dtype int32 for index, but got ${index.dtype}`);
  }
  const d = normalizeDim(dim, x.ndim);
  checkBounds(index, d, x.shape);
  const along = view(
    index,
    x.shape.map((_, k) => (k === d ? index.numel : 1)),
  );
  return gather(x, d, expand(along, x.shape.with(d, index.numel)));
}

/** @throws RangeError for an index that is negative or past the end of dimension dim */
export function checkBounds(index: Tensor, dim: number, shape: Shape): void {
  const outside = index.data.find((k) => k < 0 || k >= (shape[dim] ?? 1));
  if (outside === undefined) return;
  throw new RangeError(`index out of range in self: ${outside} along dimension ${dim} of ${formatShape(shape)}`);
}

/** A range of positions for `index`: `new Slice(1, 3)` is Python's `1:3`, `new Slice()` is `:`. */
export class Slice {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly step: number | undefined;

  constructor(start?: number, end?: number, step?: number) {
    this.start = start;
    this.end = end;
    this.step = step;
  }
}

/**
 * What stands between PyTorch's square brackets: a number, a range, `null` for a new dimension, "..." for all the
 * dimensions in between, an int32 tensor, or a bool mask.
 */
export type Index = number | Slice | null | "..." | Tensor;

/**
 * PyTorch's indexing: `x.index(0, new Slice(1, 3))` is `x[0, 1:3]`. Numbers, ranges, null and "..." give a view; tensors copy.
 *
 * Index tensors broadcast together. Their result dimensions stand where they stood if they were neighbours, else first.
 * @throws RangeError for a position out of bounds or too many indices
 */
export function index(x: Tensor, ...indices: Index[]): Tensor {
  const consumed = indices.reduce((sum: number, i) => sum + dimensionsOf(i), 0);
  if (consumed > x.ndim) throw new RangeError(`too many indices for tensor of dimension ${x.ndim}`);
  const picks: Pick[] = [];
  let y = x;
  let dim = 0; // of y, the result so far
  let from = 0; // of x
  for (const i of indices) {
    if (typeof i === "number") y = select(y, dim, normalizeIndex(i, from, x.shape[from]));
    else if (i === null) y = unsqueeze(y, dim++);
    else if (i === "...") dim += x.ndim - consumed;
    else if (i instanceof Slice) y = slice(y, dim++, i.start, i.end, i.step);
    else if (i.dtype === "bool") for (const index of nonzeroOf(i, y.shape, dim)) picks.push({ dim: dim++, index });
    else picks.push({ dim: dim++, index: i });
    from += i === "..." ? x.ndim - consumed : dimensionsOf(i);
  }
  if (picks.length > 0) return take(y, positionsOfPicks(y.shape, picks));
  return y === x ? view(x, x.shape) : y;
}

/** The positions that index tensors and masks pick, one for each of the first dimensions of `shape`. */
export function positionsAt(shape: Shape, indices: readonly Tensor[]): Tensor {
  const picks: Pick[] = [];
  for (const i of indices) {
    const dim = picks.length;
    const found = i.dtype === "bool" ? nonzeroOf(i, shape, dim) : [i];
    found.forEach((index, k) => {
      picks.push({ dim: dim + k, index });
    });
  }
  if (picks.length > shape.length) {
    throw new RangeError(`too many indices for tensor of dimension ${shape.length} (got ${picks.length})`);
  }
  return positionsOfPicks(shape, picks);
}

/** How many dimensions of x an index stands for; "..." stands for those that are left. */
function dimensionsOf(i: Index): number {
  if (i === null || i === "...") return 0;
  return i instanceof Tensor && i.dtype === "bool" ? i.ndim : 1;
}

/** The positions that index tensors pick in a tensor of shape `source`, in the shape of what they pick. */
function positionsOfPicks(source: Shape, picks: readonly Pick[]): Tensor {
  const floats = picks.find(({ index }) => index.dtype !== "int32");
  if (floats) {
    throw new RangeError(
      `tensors used as indices must be long, byte or bool tensors: here int32 or bool, but got ${floats.index.dtype}`,
    );
  }
  const picked = picks.map(({ dim }) => dim);
  const shape = commonShape(picks.map(({ index }) => index.shape));
  const neighbours = picked.every((dim, k) => dim === picked[0] + k);
  const at = neighbours ? picked[0] : 0; // where the result's picked dimensions begin
  const kept = source.map((_, d) => d).filter((d) => !picked.includes(d));
  const arrange = (ofKept: Shape, ofPicked: Shape) => [...ofKept.slice(0, at), ...ofPicked, ...ofKept.slice(at)];
  const strides = contiguousStrides(source);
  const none = kept.map(() => 0);
  const result = arrange(
    kept.map((d) => source[d]),
    shape,
  );
  const steps = arrange(
    kept.map((d) => strides[d]),
    shape.map(() => 0),
  );
  const spread = picks.map(({ dim, index }) => {
    const along = arrange(none, broadcastStrides(index.shape, index.strides, shape));
    return { dim, index: new Tensor(index.storage, "int32", result, along, index.offset) };
  });
  return positionsOf(source, result, steps, spread);
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
  mask.shape.forEach((size, d) => {
    if (size === shape[dim + d]) return;
    throw new RangeError(
      `The shape of the mask ${formatShape(mask.shape)} at index ${d} does not match the shape of the indexed tensor ` +
        `${formatShape(shape)} at index ${dim + d}`,
    );
  });
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
