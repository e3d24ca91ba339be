/** Counting elements by where they belong: in bins, or between boundaries. Nothing here has a gradient. */
import { check } from "../../tensor/check.ts";
import { full } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName, type TypedArray } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int, sameShape } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { checkedEdges, checkHistogram, checkWeight, countBelow, edgesOf, extremes } from "./shared/histogram-bins.ts";

/** What a histogram covers. */
export interface HistcOptions {
  /** How many bins of equal width. Default: 100. */
  bins?: Int;
  /** Where the first begins. Default: 0; where min and max are equal, the smallest and the largest element count. */
  min?: number;
  /** Where the last ends, which belongs to it. Default: 0. */
  max?: number;
}

/**
 * How many elements are in each of some bins of equal width between min and max; those outside are not counted.
 * Mirrors `torch.histc`.
 * @example tensor([1, 2, 1, 0.5, 9]).histc({ bins: 4, min: 0, max: 4 })
 */
export function histc(x: Tensor, options?: HistcOptions): Tensor {
  const { bins, min, max } = readOptions(options, { bins: 100, min: 0, max: 0 });
  checkHistogram("histogram_cpu", x, bins);
  const elements = elementsOf(x);
  const [low, high] = min === max && x.numel > 0 ? extremes(elements) : [min, max];
  const notFinite = () => `torch.histc: range of [${low}, ${high}] is not finite`;
  check(Number.isFinite(low) && Number.isFinite(high), notFinite);
  check(low <= high, () => `torch.histc: max must be larger than min, but they are ${high} and ${low}`);
  const [first, last] = low === high ? [low - 1, high + 1] : [low, high];
  const y = Tensor.zeros([bins], x.dtype);
  const { data } = y.storage;
  for (const value of elements) if (value >= first && value <= last) data[binOf(value, first, last, bins)]++;
  return y;
}

const binOf = (value: number, first: number, last: number, bins: number): number =>
  Math.min(Math.floor(((value - first) * bins) / (last - first)), bins - 1);

/** What a histogram covers, and how elements count. */
export interface HistogramOptions {
  /** Where the first bin begins and the last ends. Default: null, the smallest and the largest element. */
  range?: readonly [low: number, high: number] | null;
  /** What each element counts, of the shape and dtype of x. Default: null, 1. */
  weight?: Tensor | null;
  /** Divide by the width of the bin and the sum of all: the area is then 1. Default: false. */
  density?: boolean;
}

/** Bins, and what is in them. */
export interface Histogram {
  /** How much is in each bin. */
  hist: Tensor;
  /** Where bins begin and, the last, end: one more than there are bins. */
  binEdges: Tensor;
}

/**
 * How many elements are in each bin, or what they weigh. A bin has its lower edge, the last one both. Mirrors `torch.histogram`.
 *
 * @param bins how many, of equal width; or a vector of their edges, which ascend
 * @example
 * const { hist, binEdges } = tensor([1, 2, 1]).histogram(4, { range: [0, 3], weight: tensor([1, 2, 4]) });
 * console.log(hist, binEdges);
 */
export function histogram(x: Tensor, bins: Int | Tensor, options?: HistogramOptions): Histogram {
  const { range, weight, density } = readOptions<HistogramOptions>(options, {
    range: null,
    weight: null,
    density: false,
  });
  if (typeof bins === "number") checkHistogram("histogram_cpu", x, bins);
  else checkHistogram("histogramdd", x, 1);
  const binEdges = typeof bins === "number" ? edgesOf(x, bins, range, elementsOf(x), 0) : checkedEdges(x, bins, 0);
  if (weight) checkWeight(x, weight, [...x.shape, 1]);
  const edges = elementsOf(binEdges);
  const last = edges.length - 1;
  const totals = new Float64Array(last);
  const weights = weight ? elementsOf(weight) : null;
  elementsOf(x).forEach((value, k) => {
    if (!(value >= edges[0] && value <= edges[last])) return;
    totals[Math.min(countBelow(edges, 0, edges.length, value, true) - 1, last - 1)] += weights ? weights[k] : 1;
  });
  const total = density ? totals.reduce((sum, value) => sum + value, 0) : 1;
  const hist = Tensor.empty([last], x.dtype);
  const { data } = hist.storage;
  for (let k = 0; k < last; k++) data[k] = density ? totals[k] / total / (edges[k + 1] - edges[k]) : totals[k];
  return { hist, binEdges };
}

/** How whole numbers are counted. */
export interface BincountOptions {
  /** What each element counts, as many as there are elements. Default: null, 1. */
  weights?: Tensor | null;
  /** The least length of the result. Default: 0. */
  minlength?: Int;
}

/**
 * y[k] = how often k is in x or, with weights, what those weigh. Mirrors `torch.bincount`.
 *
 * @param x int32, a vector of numbers from 0
 * @returns int32 or, with weights, of their dtype, float64 if they are whole
 * @example tensor([1, 3, 1], { dtype: "int32" }).bincount({ weights: tensor([0.5, 1, 2]) })
 */
export function bincount(x: Tensor, options?: BincountOptions): Tensor {
  const { weights, minlength } = readOptions<BincountOptions>(options, { weights: null, minlength: 0 });
  check(
    x.dtype === "int32",
    () => `"bincount_cpu" not implemented for '${scalarName[x.dtype]}': convert it, with x.to("int32")`,
  );
  check(minlength >= 0, () => `minlength should be >= 0, but is ${minlength}`);
  const positions = elementsOf(x);
  const isCounting = x.ndim === 1 && positions.every((k) => k >= 0);
  check(isCounting || x.numel === 0, "bincount only supports 1-d non-negative integral inputs.");
  const otherLength = "weights should be 1-d and have the same length as input";
  check(!weights || (weights.ndim === 1 && weights.numel === x.numel), otherLength);
  let length = minlength;
  for (const k of positions) length = Math.max(length, k + 1);
  if (!weights || x.numel === 0) {
    const counts = Tensor.zeros([length], "int32");
    for (const k of positions) counts.storage.data[k]++;
    return counts;
  }
  const totals = Tensor.zeros([length], isFloatingPoint(weights.dtype) ? weights.dtype : "float64");
  const [{ data }, added] = [totals.storage, elementsOf(weights)];
  positions.forEach((k, i) => {
    data[k] += added[i];
  });
  return totals;
}

/** On which side of equal boundaries a value belongs. */
export interface BucketizeOptions {
  /** Behind them: boundaries[i - 1] ≤ value < boundaries[i]; else boundaries[i - 1] < value ≤ boundaries[i]. Default: false. */
  right?: boolean;
}

/**
 * y = the number i of the bucket between ascending boundaries to which each value belongs, int32. Mirrors `torch.bucketize`.
 * @example bucketize(tensor([[3, 6, 9], [0, 5, 20]]), tensor([1, 3, 5, 7, 9]))
 */
export function bucketize(x: Tensor | number, boundaries: Tensor, options?: BucketizeOptions): Tensor {
  check(boundaries.ndim === 1, () => `boundaries tensor must be 1 dimension, but got dim(${boundaries.ndim})`);
  return searchsorted(boundaries, x, options ?? {});
}

/** The same, and in what order the sequence is. */
export interface SearchsortedOptions extends BucketizeOptions {
  /** The same as `right`, in a word. Default: null, as `right` says. */
  side?: "left" | "right" | null;
  /** The order in which the sequence ascends, int32, as `argsort` gives it. Default: null, it ascends itself. */
  sorter?: Tensor | null;
}

/**
 * Where in an ascending sequence values would have to be put in so that it stays ascending, int32. Mirrors `torch.searchsorted`.
 *
 * @param sequence a vector; or one along the last dimension for each row of values
 * @example searchsorted(tensor([1, 3, 5, 7]), tensor([0, 3, 6]), { right: true })
 */
export function searchsorted(sequence: Tensor, values: Tensor | number, options?: SearchsortedOptions): Tensor {
  const { right, side, sorter } = readOptions<SearchsortedOptions>(options, { right: false, side: null, sorter: null });
  const x = typeof values === "number" ? full([], values, { dtype: "float64" }) : values;
  checkSearch(sequence, x, right, side, sorter);
  const n = sequence.shape[sequence.ndim - 1];
  const perRow = sequence.ndim === 1 ? Math.max(1, x.numel) : (x.shape[x.ndim - 1] ?? 1);
  const sorted = sorter ? inOrder(elementsOf(sequence), elementsOf(sorter), n) : elementsOf(sequence);
  const y = Tensor.empty(x.shape, "int32");
  const { data } = y.storage;
  const after = right || side === "right";
  elementsOf(x).forEach((value, k) => {
    const start = Math.floor(k / perRow) * n;
    data[k] = countBelow(sorted, start, start + n, value, after);
  });
  return y;
}

/** Each row of n elements in its order. */
function inOrder(elements: TypedArray, order: TypedArray, n: number): TypedArray {
  const outside = order.find((k) => k < 0 || k >= n);
  check(outside === undefined, () => `torch.searchsorted(): sorter index ${outside} is out of range for ${n} elements`);
  return Float64Array.from(order, (k, i) => elements[Math.floor(i / n) * n + k]);
}

function checkSearch(sequence: Tensor, x: Tensor, right: boolean, side: string | null, sorter: Tensor | null): void {
  const name = "torch.searchsorted(): ";
  const isOfTruths = sequence.dtype === "bool" && x.dtype === "bool" && x.numel > 0;
  check(!isOfTruths, '"searchsorted_out_cpu" not implemented for \'Bool\': convert one, with x.to("int32")');
  const unknownSide = () => `${name}side can only be 'left' or 'right' but got ${side}`;
  check(side === null || side === "left" || side === "right", unknownSide);
  check(
    !(right && side === "left"),
    `${name}side and right can't be set to opposites, got side of left while right was True`,
  );
  check(sequence.ndim > 0, `${name}boundaries tensor should have positive dimension, but got 0 dimension`);
  const otherRank = () =>
    `${name}input value can be a scalar only when boundaries tensor dimension is 1, ` +
    `but we got boundaries tensor dim(${sequence.ndim}) and input value's dim(0) numel(1)`;
  check(x.ndim > 0 || sequence.ndim === 1, otherRank);
  const otherRows = () =>
    `${name}boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor ` +
    `must match, but we got boundaries tensor ${formatShape(sequence.shape)} and input value tensor ${formatShape(x.shape)}`;
  check(sequence.ndim === 1 || sameShape(sequence.shape.slice(0, -1), x.shape.slice(0, -1)), otherRows);
  if (!sorter) return;
  const otherSize = () =>
    `${name}boundary and sorter must have the same size, but got boundary tensor ${formatShape(sequence.shape)}` +
    `and got sorter tensor ${formatShape(sorter.shape)}`;
  check(sameShape(sequence.shape, sorter.shape), otherSize);
  const otherType = () => `${name}sorter must be a tensor of int32 here but got dtype ${scalarName[sorter.dtype]}`;
  check(sorter.dtype === "int32", otherType);
}
