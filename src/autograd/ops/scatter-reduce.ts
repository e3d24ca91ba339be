/** Writing at positions where something is already: the two, or all that come there, are made one by a reduction. */
import { copyOf } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { ones } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int, normalizeDim, type Shape } from "../../tensor/shape.ts";
import { operandOf, Tensor } from "../../tensor/tensor.ts";
import { isGradEnabled } from "../grad-mode.ts";
import { type Applied, defineOp } from "../op.ts";
import { eq, gt } from "./compare.ts";
import { add, clampMin, div, mul, where } from "./elementwise.ts";
import { any } from "./logical.ts";
import { expand, to } from "./shape.ts";
import { checkTakes, isNumber } from "./shared/implemented.ts";
import { checkIndex, positionsOfRows, putAdd, take } from "./shared/positions.ts";
import { placed } from "./shared/scattering.ts";
import { addAt, put } from "./shared/writing.ts";

/** What becomes of several values in one place. */
export type Reduction = "sum" | "prod" | "mean" | "amax" | "amin";

/** What counts where values are reduced. */
export interface ScatterReduceOptions {
  /** Whether what was there is one of the values. Default: true. */
  includeSelf?: boolean;
}

/** How many values come to each place of a tensor of `shape`. */
const countsAt = (positions: Tensor, shape: Shape, dtype: Tensor["dtype"]): Tensor =>
  putAdd(ones(positions.shape, { dtype }), positions, shape);

/** y[p] = the product of x[p] and all values that come to p: each gets the gradient dy times the product of the others */
const productAt = defineOp("productAt", (x: Tensor, positions: Tensor, values: Tensor): Applied => {
  const y = copyOf(x);
  kernels.putMultiply(y.storage.operand, operandOf(values), operandOf(positions));
  const ofValues = () => productAt(ones(x.shape, { dtype: x.dtype }), positions, values);
  /** The product of the others: y / v, where only v is 0 that without v, and 0 where others are. */
  const others = () => {
    const isZero = eq(values, 0);
    const zeros = putAdd(to(isZero, x.dtype), positions, x.shape);
    const severalZeros =
      "scatter_reduce(): double backward is unsupported for src when >1 zeros in src are scattered to the same position in self";
    check(!isGradEnabled() || any(gt(zeros, 1)).item() === 0, severalZeros);
    const values1 = where(isZero, 1, values);
    const without = take(productAt(x, positions, values1), positions);
    return where(isZero, where(eq(take(zeros, positions), 1), without, 0), div(take(y, positions), values1));
  };
  return {
    y,
    saves: [x, positions, values, y],
    grads: [
      [x, (dy) => mul(dy, ofValues())],
      [values, (dy) => mul(take(dy, positions), others())],
    ],
  };
});

/** y[p] = the largest, or smallest, of x[p] and all values that come to p, which share its gradient if they are equal */
const extremeAt = (name: "amax" | "amin") =>
  defineOp(`${name}At`, (x: Tensor, positions: Tensor, values: Tensor): Applied => {
    const y = copyOf(x);
    kernels[name === "amax" ? "putMaximum" : "putMinimum"](y.storage.operand, operandOf(values), operandOf(positions));
    const shares = (dy: Tensor) => {
      const [isX, isValue] = [eq(x, y), eq(values, take(y, positions))];
      const count = addAt(to(isX, dy.dtype), positions, to(isValue, dy.dtype));
      return { isX, isValue, share: div(dy, clampMin(count, 1)) };
    };
    const toX = (dy: Tensor) => {
      const { isX, share } = shares(dy);
      return where(isX, share, 0);
    };
    const toValues = (dy: Tensor) => {
      const { isValue, share } = shares(dy);
      return where(isValue, take(share, positions), 0);
    };
    return { y, saves: [x, positions, values, y], grads: [[x, toX], [values, toValues]] }; // biome-ignore format: two pairs
  });

const [largestAt, smallestAt] = [extremeAt("amax"), extremeAt("amin")];

/** What the first of the values is reduced with, if nothing is there. */
const neutral = { sum: 0, mean: 0, prod: 1, amax: -Infinity, amin: Infinity };

function reducedAt(x: Tensor, positions: Tensor, values: Tensor, reduce: Reduction, options?: ScatterReduceOptions) {
  const { includeSelf } = readOptions(options, { includeSelf: true });
  const start = includeSelf ? x : put(x, positions, expand(neutralFor(reduce, x), positions.shape));
  if (reduce === "sum") return addAt(start, positions, values);
  if (reduce === "prod") return productAt(start, positions, values);
  if (reduce === "mean") return meanAt(start, positions, values, includeSelf);
  return reduce === "amax" ? largestAt(start, positions, values) : smallestAt(start, positions, values);
}

/** That number, or the most extreme one of the dtype. */
function neutralFor(reduce: Reduction, x: Tensor): Tensor {
  const scalar = Tensor.empty([], x.dtype);
  const value = neutral[reduce];
  const least = x.dtype === "bool" ? 0 : -(2 ** 31);
  const most = x.dtype === "bool" ? 1 : 2 ** 31 - 1;
  scalar.storage.data[0] = isFloatingPoint(x.dtype) ? value : Math.min(Math.max(value, least), most);
  return scalar;
}

/** The sum over how many values there are; of whole numbers, rounded down. */
function meanAt(x: Tensor, positions: Tensor, values: Tensor, includeSelf: boolean): Tensor {
  const counts = countsAt(positions, x.shape, x.dtype);
  const all = includeSelf ? add(counts, 1) : clampMin(counts, 1);
  const sum = addAt(x, positions, values);
  return isFloatingPoint(x.dtype) ? div(sum, all) : div(sum, all, { roundingMode: "floor" });
}

/**
 * x with what `scatter` would write reduced with what is there, and with what else comes there. Mirrors `torch.scatter_reduce`.
 *
 * @param index int32, of as many dimensions as x, nowhere larger than src nor, but for dim, than x
 * @param reduce "sum", "prod", "mean", "amax" or "amin"
 * @throws from the second derivative of a product with several zeros in one place
 * @example
 * const index = tensor([0, 1, 0], { dtype: "int32" });
 * console.log(zeros(2).scatterReduce(0, index, tensor([1, 2, 4]), "mean", { includeSelf: false }));
 */
export function scatterReduce(
  x: Tensor,
  dim: Int,
  index: Tensor,
  src: Tensor,
  reduce: Reduction,
  options?: ScatterReduceOptions,
): Tensor {
  check(Object.hasOwn(neutral, reduce), "reduce argument must be either sum, prod, mean, amax or amin.");
  const { positions, values } = placed(x, dim, index, src);
  if (reduce === "mean") checkTakes("scatter_gather_tensor_cpu_reduce_mean", x, isNumber);
  return reducedAt(x, positions, values, reduce, options);
}

/**
 * x with the slices of source along dim reduced with those of x that index says: slice k with slice index[k]. Mirrors
 * `torch.index_reduce`.
 *
 * @param index int32, a vector @param reduce "prod", "mean", "amax" or "amin"; the sum is indexAdd
 * @throws from the second derivative of a product with several zeros in one place
 * @example
 * const index = tensor([0, 1, 0], { dtype: "int32" });
 * console.log(ones(2).indexReduce(0, index, tensor([5, 2, 4]), "prod"));
 */
export function indexReduce(
  x: Tensor,
  dim: Int,
  index: Tensor,
  source: Tensor,
  reduce: Exclude<Reduction, "sum">,
  options?: ScatterReduceOptions,
): Tensor {
  const known = Object.hasOwn(neutral, reduce) && (reduce as Reduction) !== "sum";
  check(known, () => `index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ${reduce}.`);
  const d = normalizeDim(dim, x.ndim);
  const length = source.shape[d] ?? 1;
  const notVector = () =>
    `index_reduce_(): Index is supposed to be a vector, but got dim: ${index.ndim} with type: ` +
    `${scalarName[index.dtype]} and size: ${formatShape(index.shape)}`;
  const otherType = () =>
    `index_reduce_(): self (${scalarName[x.dtype]}) and source (${scalarName[source.dtype]}) must have the same scalar type`;
  const otherLength = () =>
    `index_reduce_(): Number of indices (${index.numel}) should be equal to source.size(dim): (${length}), for dim: ${d}`;
  check(index.ndim <= 1, notVector, RangeError);
  checkIndex(index, "index_reduce_", Error);
  check(source.dtype === x.dtype, otherType);
  check(index.numel === length, otherLength);
  const positions = positionsOfRows(x.shape, d, index);
  const differs = positions.shape.findIndex((size, k) => size !== (source.shape[k] ?? 1));
  const otherShape = () =>
    `The size of tensor a (${positions.shape[differs]}) must match the size of tensor b (${source.shape[differs]}) at ` +
    `non-singleton dimension ${differs}: source has the shape ${formatShape(source.shape)}, not ${formatShape(positions.shape)}`;
  check(differs < 0 && source.ndim === x.ndim, otherShape);
  checkTakes("index_reduce_func_exclude_input_init", x, isNumber);
  return reducedAt(x, positions, source, reduce, options);
}
