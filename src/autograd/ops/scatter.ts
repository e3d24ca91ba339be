/**
 * Writing and adding at positions given by integer tensors: the reverse of indexing.ts. Every form comes down to put,
 * which replaces elements, or putAdd, which adds to them.
 */
import { copyOf } from "../../tensor/apply.ts";
import { full } from "../../tensor/create.ts";
import { scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { formatShape, normalizeDim, type Shape, sameShape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, mul } from "./elementwise.ts";
import { checkBounds, positionsAlong, positionsAt, putAdd, take } from "./indexing.ts";
import { expand, narrow, to, view } from "./shape.ts";

/** y = x but y[positions[k]] = values[k]: dx is dy with 0 there, dvalues[k] = dy[positions[k]] */
const put = defineOp("put", (x: Tensor, positions: Tensor, values: Tensor): Applied => {
  const y = copyOf(x);
  kernels.put(y.storage.data, values.data, positions.data);
  const { shape } = values;
  return {
    y,
    saves: [positions],
    grads: [
      [x, (dy) => put(dy, positions, Tensor.empty(shape, dy.dtype))],
      [values, (dy) => take(dy, positions)],
    ],
  };
});

/** y = x + values at positions; bools are counted, and what is not 0 is true */
function addAt(x: Tensor, positions: Tensor, values: Tensor): Tensor {
  if (x.dtype === "bool") return to(addAt(to(x, "int32"), positions, to(values, "int32")), "bool");
  return add(x, putAdd(values, positions, x.shape));
}

/**
 * x with y[index[i, j], j] = src[i, j] for dim 0, y[i, index[i, j]] = src[i, j] for dim 1, and so on. Where an index comes
 * twice, the last stays, but all get the gradient. Mirrors `torch.scatter`.
 *
 * @param index int32, of as many dimensions as x, nowhere larger than src nor, but for dim, than x
 * @param src a tensor of x's dtype, or a number
 */
export function scatter(x: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  const { positions, values } = placed(x, dim, index, src);
  return put(x, positions, values);
}

/** x with src added at the places where scatter writes; what comes twice is added twice. Mirrors `torch.scatter_add`. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  const { positions, values } = placed(x, dim, index, src);
  return addAt(x, positions, values);
}

function placed(x: Tensor, dim: number, index: Tensor, src: Tensor | number) {
  const d = normalizeDim(dim, x.ndim);
  if (index.dtype !== "int32")
    throw new RangeError(`scatter(): Expected dtype int32 for index, but got ${index.dtype}`);
  if (typeof src !== "number" && src.dtype !== x.dtype) {
    throw new Error("scatter(): Expected self.dtype to be equal to src.dtype");
  }
  checkSizes(x, d, index, src);
  const positions = positionsAlong(x.shape, d, index);
  const values = typeof src === "number" ? full(index.shape, src, { dtype: x.dtype }) : corner(src, index);
  return { positions, values };
}

function checkSizes(x: Tensor, dim: number, index: Tensor, src: Tensor | number): void {
  if (index.numel === 0) return;
  if (Math.max(1, index.ndim) !== Math.max(1, x.ndim)) {
    throw new Error("Index tensor must have the same number of dimensions as self tensor");
  }
  const inSelf = index.shape.every((size, d) => d === dim || size <= x.shape[d]);
  const words = `Expected index ${formatShape(index.shape)} to be smaller than self ${formatShape(x.shape)} apart from dimension ${dim}`;
  if (typeof src === "number") {
    if (!inSelf) throw new Error(words);
    return;
  }
  if (Math.max(1, index.ndim) !== Math.max(1, src.ndim)) {
    throw new Error("Index tensor must have the same number of dimensions as src tensor");
  }
  const inSource = index.shape.every((size, d) => size <= (src.shape[d] ?? 1));
  if (!inSelf || !inSource) {
    throw new Error(`${words} and to be smaller size than src ${formatShape(src.shape)}`);
  }
}

/** The first elements of src along each dimension, as many as index has. */
const corner = (src: Tensor, index: Tensor): Tensor =>
  index.shape.reduce((part, size, d) => (src.ndim > 0 && size < src.shape[d] ? narrow(part, d, 0, size) : part), src);

export interface IndexPutOptions {
  /** Add to what is there. Default: false. */
  accumulate?: boolean;
}

/**
 * x with `values` at the places that index tensors (int32) or masks (bool) pick, one for each of its first dimensions:
 * PyTorch's `x[i, j] = values`, or `+=` with accumulate. Mirrors `Tensor.index_put`.
 *
 * @param values of x's dtype, broadcast to the shape of what is picked
 */
export function indexPut(
  x: Tensor,
  indices: readonly Tensor[],
  values: Tensor,
  { accumulate = false }: IndexPutOptions = {},
): Tensor {
  if (values.dtype !== x.dtype) {
    throw new Error(
      "Index put requires the source and destination dtypes match, " +
        `got ${scalarName[x.dtype]} for the destination and ${scalarName[values.dtype]} for the source.`,
    );
  }
  const positions = positionsAt(x.shape, indices);
  const spread = spreadOver(values, positions.shape);
  return accumulate ? addAt(x, positions, spread) : put(x, positions, spread);
}

function spreadOver(values: Tensor, shape: Shape): Tensor {
  try {
    return expand(values, shape);
  } catch {
    throw new Error(
      `shape mismatch: value tensor of shape ${formatShape(values.shape)} cannot be broadcast to indexing result of ` +
        `shape ${formatShape(shape)}`,
    );
  }
}

export interface IndexAddOptions {
  /** A factor for the source. Default: 1. */
  alpha?: number;
}

/**
 * x with y[…, index[k], …] += alpha · source[…, k, …] along dim. Mirrors `torch.index_add`.
 *
 * @param index int32, a vector @param source of x's shape but for dim, where it is as long as index
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  { alpha = 1 }: IndexAddOptions = {},
): Tensor {
  const d = normalizeDim(dim, x.ndim);
  if (index.ndim > 1) {
    throw new RangeError(`index_add_(): Index is supposed to be a vector, but got dim: ${index.ndim}`);
  }
  if (index.dtype !== "int32") throw new Error(`index_add_(): Expected dtype int32 for index, but got ${index.dtype}`);
  if (source.dtype !== x.dtype) {
    throw new Error(
      `index_add_(): self (${scalarName[x.dtype]}) and source (${scalarName[source.dtype]}) must have the same scalar type`,
    );
  }
  if (index.numel !== (source.shape[d] ?? 1)) {
    throw new Error(
      `index_add_(): Number of indices (${index.numel}) should be equal to source.size(dim): (${source.shape[d] ?? 1}), ` +
        `for dim: ${d}`,
    );
  }
  const shape = x.ndim === 0 ? [] : x.shape.with(d, index.numel);
  if (!sameShape(shape, source.shape)) {
    throw new Error(
      `index_add_(): source of shape ${formatShape(source.shape)} does not fit: expected ${formatShape(shape)}`,
    );
  }
  checkBounds(index, d, x.shape);
  const along = view(
    index,
    x.shape.map((_, k) => (k === d ? index.numel : 1)),
  );
  const positions = positionsAlong(x.shape, d, expand(along, shape));
  return addAt(x, positions, alpha === 1 ? source : mul(source, alpha));
}
