/** Reading and writing at positions in the flattened tensor, at indices that broadcast, and where a mask is true. */
import { check } from "../../tensor/check.ts";
import { scalarName } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { broadcastShapes, type Int, normalizeDim, sameShape } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { gather } from "./indexing.ts";
import { nonzero } from "./logical.ts";
import { narrow } from "./parts.ts";
import { clone, expand, flatten, reshape } from "./shape.ts";
import { checkIndex, positionsOfRows, take as takeAt } from "./shared/positions.ts";
import { addAt, put as putAt } from "./shared/writing.ts";

/** Positions in x, counted from the front: a negative one was counted from the end. */
function positionsIn(x: Tensor, index: Tensor): Tensor {
  const n = x.numel;
  const positions = Tensor.empty(index.shape, "int32");
  const { data } = positions.storage;
  elementsOf(index).forEach((at, k) => {
    const outside = () => `out of range: tried to access index ${at} on a tensor of ${n} elements.`;
    check(at >= -n && at < n, outside, RangeError);
    data[k] = at < 0 ? at + n : at;
  });
  return positions;
}

/**
 * The elements of the flattened x at these positions, in the shape of index. Mirrors `torch.take`.
 * @example tensor([[1, 2], [3, 4]]).take(tensor([3, 0, -2], { dtype: "int32" }))
 */
export function take(x: Tensor, index: Tensor): Tensor {
  checkIndex(index, "take", Error);
  check(x.numel > 0 || index.numel === 0, "take(): tried to take from an empty tensor", RangeError);
  return takeAt(x, positionsIn(x, index));
}

/**
 * The elements of x at indices along dim, which broadcast in the others; without dim, of the flattened x. What `argsort` and
 * `argmax` with keepdim give can be read so. Mirrors `torch.take_along_dim`.
 * @example
 * const x = tensor([[10, 30, 20], [60, 40, 50]]);
 * console.log(x.takeAlongDim(x.argsort(1), 1), x.takeAlongDim(x.argmax()));
 */
export function takeAlongDim(x: Tensor, indices: Tensor, dim?: Int): Tensor {
  return seen("takeAlongDim", [x, indices, dim], () => {
    checkIndex(indices, "torch.take_along_dim", Error);
    if (dim === undefined) return gather(flatten(x), 0, flatten(indices));
    const otherRank = () =>
      "torch.take_along_dim(): input and indices should have the same number of dimensions, " +
      `but got ${x.ndim} dimensions for input, and ${indices.ndim} dimensions for indices`;
    check(x.ndim === indices.ndim, otherRank);
    if (x.ndim === 0) return gather(x, dim, indices);
    const d = normalizeDim(dim, x.ndim);
    const shape = broadcastShapes(x.shape.with(d, 1), indices.shape.with(d, 1), "take_along_dim");
    return gather(expand(x, shape.with(d, x.shape[d])), d, expand(indices, shape.with(d, indices.shape[d])));
  });
}

/** How values are put at positions. */
export interface PutOptions {
  /** Add to what is there. Default: false. */
  accumulate?: boolean;
}

/**
 * x with the elements of source at these positions of the flattened x. Mirrors `torch.Tensor.put`.
 *
 * @param index int32, of any shape, with as many elements as source
 * @example zeros([2, 3]).put(tensor([1, -1], { dtype: "int32" }), tensor([5, 6]))
 */
export function put(x: Tensor, index: Tensor, source: Tensor, options?: PutOptions): Tensor {
  const { accumulate } = readOptions(options, { accumulate: false });
  checkIndex(index, "put_", Error);
  const otherType = () =>
    `put_(): self and source expected to have the same dtype, but got self.dtype = ${scalarName[x.dtype]} ` +
    `and source.dtype = ${scalarName[source.dtype]}`;
  check(x.dtype === source.dtype, otherType);
  const otherNumber = () =>
    "put_(): Expected source and index to have the same number of elements, " +
    `but got source.numel() = ${source.numel}, index.numel() = ${index.numel}`;
  check(source.numel === index.numel, otherNumber);
  check(x.numel > 0 || index.numel === 0, "put_(): Tried to put elements into an empty tensor", RangeError);
  const [positions, values] = [positionsIn(x, index), reshape(source, index.shape)];
  return accumulate ? addAt(x, positions, values) : putAt(x, positions, values);
}

/**
 * x with y[…, index[k], …] = source[…, k, …] along dim. Mirrors `torch.index_copy`.
 *
 * @param index int32, a vector @param source of x's shape but for dim, where it is as long as index
 * @example zeros([3, 2]).indexCopy(0, tensor([2, 0], { dtype: "int32" }), tensor([[1, 2], [3, 4]]))
 */
export function indexCopy(x: Tensor, dim: Int, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  check(index.ndim < 2, () => `index_copy_(): Index should have dimension 1 or 0 (got ${index.ndim})`, RangeError);
  checkIndex(index, "index_copy_");
  const otherType = () =>
    `index_copy_(): self and source expected to have the same dtype, but got (self) ${scalarName[x.dtype]} ` +
    `and (source) ${scalarName[source.dtype]}`;
  check(x.dtype === source.dtype, otherType);
  const otherRank = () =>
    `index_copy_(): When source and destination are not scalars, their dimensionality must match. ` +
    `Source dimensionality (${source.ndim}), destination dimensionality (${x.ndim})`;
  check(x.ndim === source.ndim || x.ndim === 0 || source.ndim === 0, otherRank, RangeError);
  const notOne = () => `index_copy_(): When source is scalar, index should have one element (got ${index.numel})`;
  check(source.ndim > 0 || index.numel === 1, notOne, RangeError);
  const [own, others] = [x, source].map(({ shape }) => shape.toSpliced(d, 1));
  const otherSlices = () =>
    "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: " +
    `${own.join(" ")} at dimension ${d} and source slice shape: ${others.join(" ")} at dimension 0.`;
  check(sameShape(own, others), otherSlices);
  const length = source.shape[d] ?? 1;
  const otherNumber = () =>
    `index_copy_(): Number of indices (${index.numel}) should be equal to source.size(dim) (${length})`;
  check(index.numel === length, otherNumber, RangeError);
  const size = x.shape[d] ?? 1;
  const outside = elementsOf(index).find((k) => k < 0 || k >= size);
  const outOfBounds = () => `index_copy_(): index ${outside} is out of bounds for dimension ${d} with size ${size}`;
  check(outside === undefined, outOfBounds, RangeError);
  const positions = positionsOfRows(x.shape, d, index);
  return putAt(x, positions, reshape(source, positions.shape));
}

/**
 * x with the elements of source, one after the other, where mask is true. Mirrors `torch.masked_scatter`.
 *
 * @param mask bool, broadcast with x @param source of x's dtype, with at least as many elements as mask has true ones
 * @example zeros([2, 2]).maskedScatter(tensor([[true, false], [true, true]]), tensor([1, 2, 3]))
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  const otherType = () =>
    `masked_scatter: expected self and source to have same dtypes but got${scalarName[x.dtype]} and ${scalarName[source.dtype]}`;
  check(x.dtype === source.dtype, otherType);
  const notBool = () =>
    `masked_scatter: expected BoolTensor or ByteTensor for mask, but it is ${mask.dtype}: convert it, with mask.to("bool")`;
  check(mask.dtype === "bool", notBool);
  const shape = broadcastShapes(mask.shape, x.shape, "masked_scatter");
  const positions = flatten(nonzero(flatten(expand(mask, shape))));
  const tooFew = () =>
    `masked_scatter: expected source to have at least ${positions.numel} elements, but it has ${source.numel}: ` +
    "Number of elements of source < number of ones in mask";
  check(source.numel >= positions.numel, tooFew);
  const target = sameShape(x.shape, shape) ? x : clone(expand(x, shape));
  return putAt(target, positions, narrow(flatten(source), 0, 0, positions.numel));
}

/** Where x is not 0: `nonzero` under NumPy's name. Mirrors `torch.argwhere`. @example tensor([[0, 3], [5, 0]]).argwhere() */
export const argwhere = (x: Tensor): Tensor => nonzero(x);
