/**
 * Reading, and adding, at positions in the flattened tensor: what every form of indexing comes down to. The gradient of
 * reading adds at those positions: an element picked twice gets both gradients.
 */
import { check } from "../../../tensor/check.ts";
import { kernels } from "../../../tensor/kernels/index.ts";
import { contiguousStrides, formatShape, normalizeIndex, type Shape } from "../../../tensor/shape.ts";
import { forEachRun } from "../../../tensor/strided.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { expand, view } from "../shape.ts";

/** y[k] = x[positions[k]], where positions (int32, any shape) count through x in row-major order */
export const take = defineOp("take", (x: Tensor, positions: Tensor): Applied => {
  const y = Tensor.empty(positions.shape, x.dtype);
  kernels.take(y.storage.data, x.data, positions.data);
  return { y, saves: [positions], grads: [[x, (dy) => putAdd(dy, positions, x.shape)]] };
});

/** The gradient of take, and what adds to a tensor: y[positions[k]] += x[k], from zeros of `shape` */
export const putAdd = defineOp("putAdd", (x: Tensor, positions: Tensor, shape: Shape): Applied => {
  const y = Tensor.zeros(shape, x.dtype);
  kernels.putAdd(y.storage.data, x.data, positions.data);
  return { y, saves: [positions], grads: [[x, (dy) => take(dy, positions)]] };
});

/** An index tensor that says, for each element of the result, where along one dimension of x it comes from. */
export interface Pick {
  readonly dim: number;
  /** int32, broadcast to the result's shape */
  readonly index: Tensor;
}

/**
 * The positions in x (contiguous, of `shape`) of a result: its coordinate along result dimension d moves
 * `coordinateStrides[d]` through x, and every pick adds its own dimension's share.
 */
export function positionsOf(shape: Shape, result: Shape, coordinateStrides: Shape, picks: readonly Pick[]): Tensor {
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

/**
 * The positions [index[i, j], j] for dim 0, [i, index[i, j]] for dim 1, and so on, in a tensor of `shape`.
 * @throws RangeError for an index out of bounds, which a negative one is
 */
export function positionsAlong(shape: Shape, dim: number, index: Tensor): Tensor {
  const negative = index.data.find((k) => k < 0);
  check(
    negative === undefined,
    () => `index ${negative} is out of bounds for dimension ${dim} with size ${shape[dim] ?? 1}`,
    RangeError,
  );
  const others = contiguousStrides(shape).map((stride, k) => (k === dim ? 0 : stride));
  return positionsOf(shape, index.shape, others, shape.length === 0 ? [] : [{ dim, index }]);
}

/** The positions of x[…, index[k], …], for a vector of indices along dimension dim of a tensor of `shape`. */
export function positionsOfVector(shape: Shape, dim: number, index: Tensor): Tensor {
  checkBounds(index, dim, shape);
  const along = shape.map((_, d) => (d === dim ? index.numel : 1));
  return positionsAlong(shape, dim, expand(view(index, along), shape.length > 0 ? shape.with(dim, index.numel) : []));
}

function checkBounds(index: Tensor, dim: number, shape: Shape): void {
  const outside = index.data.find((k) => k < 0 || k >= (shape[dim] ?? 1));
  check(
    outside === undefined,
    () => `index out of range in self: ${outside} along dimension ${dim} of ${formatShape(shape)}`,
    RangeError,
  );
}

/** @throws for an index of `name` that does not hold indices */
export function checkIndexType({ dtype }: Tensor, name: string, Kind: typeof Error = RangeError): void {
  check(dtype === "int32", () => `${name}(): Expected dtype int32 for index, but got ${dtype}`, Kind);
}
