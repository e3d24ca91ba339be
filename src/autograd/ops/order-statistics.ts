/** Elements by their place in ascending order: the middle one, the k-th, those between which a share lies; and the most frequent. */
import { check } from "../../tensor/check.ts";
import { full, tensor } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int, normalizeDim } from "../../tensor/shape.ts";
import { elementsOf, type Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../op.ts";
import { eq, isnan, lt } from "./compare.ts";
import { add, div, mul, sub, where } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { movedim } from "./rearrange.ts";
import { type Extreme, sum, type ValuesAndIndices } from "./reduction.ts";
import { ceil, floor, round } from "./rounding.ts";
import { expand, flatten, reshape, squeeze, to, unsqueeze } from "./shape.ts";
import type { ReductionOptions } from "./shared/reducing.ts";
import { argsort, sort } from "./sorting.ts";

function checkNotBool(name: string, x: Tensor): void {
  check(x.dtype !== "bool", () => `"${name}" not implemented for 'Bool': convert first, with x.to("int32")`);
}

/** The elements at `places` (…, 1, …) of the order along dim, and where they were. */
function placed(x: Tensor, dim: number, order: Tensor, places: Tensor, keepdim: boolean): ValuesAndIndices {
  const indices = gather(order, dim, places);
  const values = gather(x, dim, indices);
  return keepdim ? { values, indices } : { values: owned(squeeze(values, dim)), indices: owned(squeeze(indices, dim)) };
}

/** What `along` makes of a vector, or a tensor of more dimensions; a number is a vector of one. */
function alongOne(x: Tensor, along: (x: Tensor) => ValuesAndIndices): ValuesAndIndices {
  if (x.ndim > 0) return along(x);
  const { values, indices } = along(unsqueeze(x, 0));
  return { values: owned(reshape(values, [])), indices: owned(reshape(indices, [])) };
}

/** Of n elements, some of them NaN and last in order, the place of the lower middle. */
type Middle = (n: number, nans: number) => number;

/** PyTorch's `median` is NaN if one element is, and its place that of the first. */
const middle: Middle = (n, nans) => (nans > 0 ? n - nans : Math.floor((n - 1) / 2));
const middleOfNumbers: Middle = (n, nans) => Math.max(0, Math.floor((n - nans - 1) / 2));

function medianOf(name: "median" | "nanmedian", place: Middle): Extreme {
  /** y = the middle of all; dy is shared evenly among those equal to it */
  const ofAll = defineOp(name, (x: Tensor): Applied => {
    checkNotBool("median_cpu", x);
    const sorted = elementsOf(sort(flatten(x)).values);
    const nans = sorted.filter(Number.isNaN).length;
    const value = sorted.length > 0 ? sorted[place(sorted.length, nans)] : Number.NaN;
    const y = full([], value, { dtype: x.dtype });
    const grad = (dy: Tensor) => {
      const ties = Number.isNaN(value) ? isnan(x) : eq(x, y);
      return where(ties, div(dy, sum(ties)), 0);
    };
    return { y, saves: [x, y], grads: [[x, grad]] };
  });

  function along(x: Tensor, dim: Int, options?: ReductionOptions): ValuesAndIndices {
    const { keepdim } = readOptions(options, { keepdim: false });
    checkNotBool("median_out", x);
    const d = normalizeDim(dim, x.ndim);
    checkReduced(x, d, `${name}()`);
    const { data, shape } = sum(isnan(x), d, { keepdim: true });
    const places = reshape(tensor(Int32Array.from(data, (nans) => place(x.shape[d], nans))), shape);
    return placed(x, d, argsort(x, d), places, keepdim);
  }

  const either = (x: Tensor, dim?: Int, options?: ReductionOptions) => {
    if (dim === undefined) return ofAll(x);
    normalizeDim(dim, x.ndim);
    return alongOne(x, (x) => along(x, dim, options));
  };
  return either as Extreme;
}

function checkReduced({ shape }: Tensor, dim: number, name: string): void {
  check(shape[dim] !== 0, () => `${name}: Expected reduction dim ${dim} to have non-zero size.`, RangeError);
}

/**
 * The median of all elements or, with dim, those along it and where they are; of an even number the lower of the two in the
 * middle. NaN if there is one. The gradient goes to the median, of all evenly to those equal to it. Mirrors `torch.median`.
 * @example
 * const x = tensor([[1, 9, 5], [4, 3, 8]]);
 * console.log(x.median(), x.median(1));
 */
export const median = medianOf("median", middle);

/** The same of those that are not NaN. Mirrors `torch.nanmedian`. @example tensor([1, Number.NaN, 3, 2]).nanmedian() */
export const nanmedian = medianOf("nanmedian", middleOfNumbers);

/**
 * The k-th smallest elements along dim, the smallest for k = 1, and where they are. Mirrors `torch.kthvalue`.
 * @throws unless 1 ≤ k ≤ the size of dim
 * @example tensor([3, 1, 2, 5]).kthvalue(2)
 */
export function kthvalue(x: Tensor, k: Int, dim: Int = -1, options?: ReductionOptions): ValuesAndIndices {
  const { keepdim } = readOptions(options, { keepdim: false });
  checkNotBool("kthvalue_cpu", x);
  const d = normalizeDim(dim, x.ndim);
  const size = x.shape[d] ?? 1;
  check(
    k >= 1 && k <= size,
    () => `kthvalue(): selected number k out of range for dimension ${d}: k is ${k} of ${size}`,
  );
  return alongOne(x, (x) => {
    const places = full(x.shape.with(d, 1), k - 1, { dtype: "int32" });
    return placed(x, d, argsort(x, d), places, keepdim);
  });
}

/**
 * The most frequent elements along dim, the smallest of several, and where each comes last. Mirrors `torch.mode`.
 * @example tensor([2, 3, 1, 3, 2]).mode()
 */
export function mode(x: Tensor, dim: Int = -1, options?: ReductionOptions): ValuesAndIndices {
  const { keepdim } = readOptions(options, { keepdim: false });
  const d = normalizeDim(dim, x.ndim);
  checkReduced(x, d, "mode()");
  return alongOne(x, (x) => {
    const { values, indices: order } = sort(x, d);
    const sorted = movedim(values, d, -1);
    const n = x.shape[d];
    const columns = elementsOf(sorted);
    const ends = Int32Array.from({ length: x.numel / n }, (_, c) =>
      endOfLongestRun(columns.subarray(c * n, c * n + n)),
    );
    const places = unsqueeze(reshape(tensor(ends), sorted.shape.slice(0, -1)), d);
    return placed(x, d, order, places, keepdim);
  });
}

/** Where the first of the longest runs of equal elements ends. */
function endOfLongestRun(sorted: ArrayLike<number>): number {
  let end = 0;
  let longest = 0;
  for (let k = 0, length = 0; k < sorted.length; k++) {
    length = sorted[k] === sorted[k - 1] ? length + 1 : 1;
    if (length > longest) [longest, end] = [length, k];
  }
  return end;
}

/** The elements of each column in ascending order. Mirrors `torch.msort`. @example tensor([[3, 1], [2, 4]]).msort() */
export const msort = (x: Tensor): Tensor => sort(x, 0).values;

/** What lies between two elements. */
export type Interpolation = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** What becomes of the dimension along which a quantile is, and what lies between two elements. */
export interface QuantileOptions extends ReductionOptions {
  /** What lies between two elements: a line, one of them, the middle, or the nearer one. Default: "linear". */
  interpolation?: Interpolation;
}

/**
 * What a share q of all elements, or of those along dim, does not exceed: the element at q · (n - 1) in ascending order, or
 * between two. NaN if one is. Of several q, a vector, their dimension comes first. Mirrors `torch.quantile`.
 *
 * @param q in [0, 1]; a tensor has the dtype of x
 * @example
 * const x = tensor([[0, 1, 2, 3], [4, 8, 5, 7]]);
 * console.log(x.quantile(0.4), x.quantile(tensor([0, 0.5]), 1));
 */
export const quantile = (x: Tensor, q: number | Tensor, dim?: Int | null, options?: QuantileOptions): Tensor =>
  quantileOf("quantile", x, q, dim ?? null, options);

/** The same of those that are not NaN. Mirrors `torch.nanquantile`. @example tensor([1, Number.NaN, 3]).nanquantile(0.5) */
export const nanquantile = (x: Tensor, q: number | Tensor, dim?: Int | null, options?: QuantileOptions): Tensor =>
  quantileOf("nanquantile", x, q, dim ?? null, options);

function quantileOf(name: string, x: Tensor, share: number | Tensor, dim: number | null, options?: QuantileOptions) {
  const defaults = { keepdim: false, interpolation: "linear" as const };
  const { keepdim, interpolation } = readOptions<QuantileOptions>(options, defaults);
  const q = typeof share === "number" ? full([], share, { dtype: x.dtype }) : share;
  checkQuantile(name, x, q, interpolation);
  const d = dim === null ? 0 : normalizeDim(dim, x.ndim);
  // One row for each quantile: (…, n), ascending.
  const rows = dim === null ? flatten(x) : movedim(x.ndim > 0 ? x : unsqueeze(x, 0), d, -1);
  const sorted = sort(rows, -1).values;
  const found = between(sorted, ranksOf(name, sorted, q), interpolation); // (…, number of quantiles)
  const kept = keepdim ? x.shape.map((size, k) => (dim === null || k === d ? 1 : size)) : rows.shape.slice(0, -1);
  return owned(reshape(q.ndim > 0 ? movedim(found, -1, 0) : found, [...q.shape, ...kept]));
}

/** Where the quantiles lie in ascending rows, (…, number of quantiles): in a row with NaN at the NaN, or before all NaN. */
function ranksOf(name: string, sorted: Tensor, q: Tensor): Tensor {
  const last = sorted.shape[sorted.ndim - 1] - 1;
  const shares = q.ndim > 0 ? q : unsqueeze(q, 0);
  const nans = to(sum(isnan(sorted), -1, { keepdim: true }), sorted.dtype);
  const rows = [...sorted.shape.slice(0, -1), shares.numel];
  if (name === "quantile")
    return where(eq(nans, 0), mul(shares, last), expand(full([], last, { dtype: q.dtype }), rows));
  const ranks = mul(shares, sub(last, nans)); // below 0 where all are NaN
  return where(lt(ranks, 0), 0, ranks);
}

/** The elements of ascending rows at these ranks, which may lie between two. */
function between(sorted: Tensor, ranks: Tensor, interpolation: Interpolation): Tensor {
  const at = (ranks: Tensor) => gather(sorted, -1, to(ranks, "int32"));
  if (interpolation === "lower") return at(floor(ranks));
  if (interpolation === "higher") return at(ceil(ranks));
  if (interpolation === "nearest") return at(round(ranks));
  const [below, above] = [at(floor(ranks)), at(ceil(ranks))];
  const weight = interpolation === "midpoint" ? full([], 0.5, { dtype: ranks.dtype }) : sub(ranks, floor(ranks));
  const step = sub(above, below);
  // From the nearer of the two, which is exact at both.
  return where(isBelowHalf(weight), add(below, mul(weight, step)), sub(above, mul(step, sub(1, weight))));
}

const isBelowHalf = (weight: Tensor): Tensor => eq(floor(add(weight, 0.5)), 0);

const interpolations: readonly Interpolation[] = ["linear", "lower", "higher", "midpoint", "nearest"];

function checkQuantile(name: string, x: Tensor, q: Tensor, interpolation: Interpolation): void {
  check(x.numel > 0, `${name}() input tensor must be non-empty`);
  check(q.ndim <= 1, () => `${name}() q must be a scalar or 1D tensor, but has the shape ${formatShape(q.shape)}`);
  const notFloating = () =>
    `${name}() input tensor must be either float or double dtype, but is ${scalarName[x.dtype]}`;
  check(isFloatingPoint(x.dtype), notFloating);
  check(
    q.dtype === x.dtype,
    () => `${name}() q tensor must be same dtype as the input tensor: ${q.dtype}, not ${x.dtype}`,
  );
  const outside = elementsOf(q).find((share) => !(share >= 0 && share <= 1));
  const values = q.ndim > 0 ? "q values" : "q";
  check(outside === undefined, () => `${name}() ${values} must be in the range [0, 1] but got ${outside}`);
  const unknown = () =>
    `${name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`;
  check(interpolations.includes(interpolation), unknown);
}
