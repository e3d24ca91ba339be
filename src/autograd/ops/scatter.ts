/**
 * Writing and adding at positions given by integer tensors: the reverse of indexing.ts. Every form comes down to those of
 * shared/writing.ts.
 */
import { copyOf } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { full, tensor } from "../../tensor/create.ts";
import { scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int, normalizeDim, normalizeIndex, type Shape, sameShape } from "../../tensor/shape.ts";
import { elementsOf, operandOf, type Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { detach } from "../op.ts";
import { mul } from "./elementwise.ts";
import { expand, to } from "./shape.ts";
import { withoutDerivative } from "./shared/implemented.ts";
import { checkIndex, picksAt, positionsOf, positionsOfRows } from "./shared/positions.ts";
import { placed } from "./shared/scattering.ts";
import { addAt, put } from "./shared/writing.ts";

/** How values are written where others are. */
export interface ScatterOptions {
  /** What to do with the number that is there: add to it, or multiply it. Default: replace it. Only that has a gradient. */
  reduce?: "add" | "multiply";
}

/**
 * x with y[index[i, j], j] = src[i, j] for dim 0, y[i, index[i, j]] = src[i, j] for dim 1, and so on. Where an index comes
 * twice, the last stays, but all get the gradient. Mirrors `torch.scatter`.
 *
 * @param index int32, of as many dimensions as x, nowhere larger than src nor, but for dim, than x
 * @param src a tensor of x's dtype, or a number
 * @example
 * const digits = tensor([[2], [0]], { dtype: "int32" });
 * console.log(zeros([2, 3]).scatter(1, digits, 1)); // one-hot
 */
export function scatter(x: Tensor, dim: Int, index: Tensor, src: Tensor | number, options?: ScatterOptions): Tensor {
  return seen("scatter", [x, dim, index, src, options], () => {
    const { positions, values } = placed(x, dim, index, src);
    const reduce = options?.reduce;
    if (reduce === undefined) return put(x, positions, values);
    check(reduce === "add" || reduce === "multiply", "reduce argument must be either add or multiply.");
    const [old, others] = [detach(x), detach(values)];
    const y = reduce === "add" ? addAt(old, positions, others) : multiplyAt(old, positions, others);
    return withoutDerivative("scatter", y, x, values);
  });
}

/** y = x · values at positions, one after the other; it has no derivative */
function multiplyAt(x: Tensor, positions: Tensor, values: Tensor): Tensor {
  const y = copyOf(x);
  kernels.putMultiply(y.storage.operand, operandOf(values), operandOf(positions));
  return y;
}

/**
 * x with src added at the places where scatter writes; what comes twice is added twice. Mirrors `torch.scatter_add`.
 * @example
 * const bins = tensor([0, 1, 0], { dtype: "int32" });
 * console.log(zeros(2).scatterAdd(0, bins, tensor([1, 2, 3])));
 */
export function scatterAdd(x: Tensor, dim: Int, index: Tensor, src: Tensor): Tensor {
  return seen("scatterAdd", [x, dim, index, src], () => {
    const { positions, values } = placed(x, dim, index, src);
    return addAt(x, positions, values);
  });
}

/** How values are written at indices. */
export interface IndexPutOptions {
  /** Add to what is there. Default: false. */
  accumulate?: boolean;
}

/**
 * x with `values` at the places that index tensors (int32) or masks (bool) pick, one for each of its first dimensions:
 * PyTorch's `x[i, j] = values`, or `+=` with accumulate. Mirrors `torch.index_put`.
 *
 * @param values of x's dtype, broadcast to the shape of what is picked
 * @example
 * const [rows, columns] = [tensor([0, 1], { dtype: "int32" }), tensor([2, 0], { dtype: "int32" })];
 * console.log(zeros([2, 3]).indexPut([rows, columns], tensor([5, 6])));
 */
export function indexPut(x: Tensor, indices: readonly Tensor[], values: Tensor, options?: IndexPutOptions): Tensor {
  const { accumulate } = readOptions(options, { accumulate: false });
  const otherType = () =>
    "Index put requires the source and destination dtypes match, " +
    `got ${scalarName[x.dtype]} for the destination and ${scalarName[values.dtype]} for the source.`;
  check(values.dtype === x.dtype, otherType);
  const positions = positionsAt(x.shape, indices);
  const spread = spreadOver(values, positions.shape);
  return accumulate ? addAt(x, positions, spread) : put(x, positions, spread);
}

/** The positions that index tensors and masks pick, one for each of the first dimensions of `shape`. */
function positionsAt(shape: Shape, indices: readonly Tensor[]): Tensor {
  let dim = 0;
  const picks = indices.flatMap((index) => {
    const picked = picksAt(index, shape, dim);
    dim += picked.length;
    return picked;
  });
  const tooMany = () => `too many indices for tensor of dimension ${shape.length} (got ${picks.length})`;
  check(picks.length <= shape.length, tooMany, RangeError);
  return positionsOf(shape, picks);
}

function spreadOver(values: Tensor, shape: Shape): Tensor {
  try {
    return expand(values, shape);
  } catch {
    const [from, to] = [values.shape, shape].map(formatShape);
    throw new Error(
      `shape mismatch: value tensor of shape ${from} cannot be broadcast to indexing result of shape ${to}`,
    );
  }
}

/** How a source is added at indices. */
export interface IndexAddOptions {
  /** A factor for the source. Default: 1. */
  alpha?: number;
}

/**
 * x with y[…, index[k], …] += alpha · source[…, k, …] along dim. Mirrors `torch.index_add`.
 *
 * @param index int32, a vector @param source of x's shape but for dim, where it is as long as index
 * @example
 * const index = tensor([0, 2], { dtype: "int32" });
 * console.log(ones(3).indexAdd(0, index, tensor([10, 20])));
 */
export function indexAdd(x: Tensor, dim: Int, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor {
  const { alpha } = readOptions(options, { alpha: 1 });
  const d = normalizeDim(dim, x.ndim);
  const length = source.shape[d] ?? 1;
  const shape = x.ndim === 0 ? [] : x.shape.with(d, index.numel);
  const notVector = () => `index_add_(): Index is supposed to be a vector, but got dim: ${index.ndim}`;
  const otherType = () =>
    `index_add_(): self (${scalarName[x.dtype]}) and source (${scalarName[source.dtype]}) must have the same scalar type`;
  const otherLength = () =>
    `index_add_(): Number of indices (${index.numel}) should be equal to source.size(dim): (${length}), for dim: ${d}`;
  const otherShape = () =>
    `index_add_(): source of shape ${formatShape(source.shape)} does not fit: expected ${formatShape(shape)}`;
  check(index.ndim <= 1, notVector, RangeError);
  checkIndex(index, "index_add_", Error);
  check(source.dtype === x.dtype, otherType);
  check(index.numel === length, otherLength);
  check(sameShape(shape, source.shape), otherShape);
  return addAt(x, positionsOfRows(x.shape, d, index), alpha === 1 ? source : mul(source, alpha));
}

/**
 * x with `value` in all elements whose number along dim is in index. Mirrors `torch.index_fill`.
 *
 * @param index int32, a vector; -1 is the last @param value a number, or a tensor of one, whose gradient is a sum
 * @example ones([2, 3]).indexFill(1, tensor([0, -1], { dtype: "int32" }), 7)
 */
export function indexFill(x: Tensor, dim: Int, index: Tensor, value: Tensor | number): Tensor {
  const d = normalizeDim(dim, x.ndim);
  checkIndex(index, "index_fill_");
  check(index.ndim <= 1, "Index has to be a vector/scalar");
  const notScalar = () =>
    `index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${(value as Tensor).ndim} dimension(s).`;
  check(typeof value === "number" || value.ndim === 0, notScalar);
  const size = x.shape[d] ?? 1;
  const rows = new Set([...elementsOf(index)].map((k) => normalizeIndex(k, d, size)));
  const positions = positionsOfRows(x.shape, d, tensor(Int32Array.from(rows)));
  const filling = typeof value === "number" ? full([], value, { dtype: x.dtype }) : to(value, x.dtype);
  return put(x, positions, expand(filling, positions.shape));
}
