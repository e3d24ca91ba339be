/** How many values are how large, as TensorBoard shows it: NumPy's bins and counts, without the empty bins at both ends. */
import { check } from "../tensor/check.ts";

/** A histogram, with the moments of the values. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  /** How many values. */
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The upper end of each bin. */
  readonly limits: readonly number[];
  /** How many values are in each bin. */
  readonly counts: readonly number[];
}

/** How NumPy finds the width of the bins: of the values, sorted, and their range. */
const widths = {
  /** range / (log₂ n + 1) */
  sturges: ({ length: n }: Float64Array, range: number): number => range / (Math.log2(n) + 1),
  /** Of Freedman and Diaconis: 2 · (the range of the middle half) / ∛n */
  fd: (x: Float64Array, _range: number): number => (2 * (quantile(x, 0.75) - quantile(x, 0.25))) / Math.cbrt(x.length),
  /** range / √n */
  sqrt: ({ length: n }: Float64Array, range: number): number => range / Math.sqrt(n),
  /** range / (2 · ∛n) */
  rice: ({ length: n }: Float64Array, range: number): number => range / (2 * Math.cbrt(n)),
  /** ∛(24 · √π / n) · standard deviation */
  scott: (x: Float64Array, _range: number): number =>
    Math.cbrt((24 * Math.sqrt(Math.PI)) / x.length) * standardDeviation(x),
  /** The smaller of fd and sturges; where half of the values are one, sturges. */
  auto: (x: Float64Array, range: number): number => {
    const [fd, sturges] = [widths.fd(x, range), widths.sturges(x, range)];
    return fd === 0 ? sturges : Math.min(fd, sturges);
  },
};

/**
 * The ends of the bins: "tensorflow" for ±1e-12 · 1.1ᵏ up to 1e20 and 0, which suits weights and gradients of any size; the name of a rule that
 * NumPy has for bins of one width; how many of one width; or the ends themselves.
 */
export type Bins = "tensorflow" | keyof typeof widths | number | readonly number[];

/** @param maxBins neighbouring bins are put together until there are about so many @throws if there is no value, or none in a bin */
export function histogramOf(data: ArrayLike<number>, bins: Bins, maxBins = Number.POSITIVE_INFINITY): Histogram {
  check(data.length > 0, "The input has no element.");
  const values = Float64Array.from(data);
  let [sum, sumSquares] = [0, 0];
  for (const value of values) {
    sum += value;
    sumSquares += value * value;
  }
  const sorted = values.slice().sort(); // NaN last
  const hasNaN = Number.isNaN(sorted[sorted.length - 1]);
  const [min, max] = hasNaN ? [Number.NaN, Number.NaN] : [sorted[0], sorted[sorted.length - 1]];
  const { edges, counts } = joined(countsOf(sorted, edgesOf(bins, sorted)), maxBins);
  return { min, max, num: values.length, sum, sumSquares, ...trimmed(edges, counts) };
}

interface Binned {
  /** One more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

let tensorflowEdges: readonly number[] | undefined;

function edgesOf(bins: Bins, sorted: Float64Array): readonly number[] {
  if (bins === "tensorflow") {
    tensorflowEdges ??= symmetricEdges();
    return tensorflowEdges;
  }
  if (typeof bins === "object") {
    const increasing = bins.every((edge, i) => i === 0 || bins[i - 1] <= edge);
    check(increasing, "`bins` must increase monotonically, when an array");
    return bins;
  }
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const finite = Number.isFinite(low) && Number.isFinite(high);
  check(finite, () => `autodetected range of [${low}, ${high}] is not finite`);
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  if (typeof bins === "number") {
    check(Number.isInteger(bins) && bins >= 1, () => "`bins` must be positive, when an integer");
    return evenEdges(first, last, bins);
  }
  const width = widths[bins](sorted, high - low);
  return evenEdges(first, last, width > 0 ? Math.ceil((last - first) / width) : 1);
}

/** ±1e-12 · 1.1ᵏ below 1e20, and 0 between. */
function symmetricEdges(): number[] {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return [...positive.map((edge) => -edge).reverse(), 0, ...positive];
}

function evenEdges(first: number, last: number, count: number): number[] {
  const step = (last - first) / count;
  return Array.from({ length: count + 1 }, (_, i) => (i === count ? last : first + i * step));
}

/** A bin has its lower end in it, the last one its upper end, too. */
function countsOf(sorted: Float64Array, edges: readonly number[]): Binned {
  const below = edges.map((edge, i) => placeIn(sorted, edge, i === edges.length - 1));
  return { edges, counts: below.slice(1).map((count, i) => count - below[i]) };
}

/** How many are below a value, or as large if `orEqual`. */
function placeIn(sorted: ArrayLike<number>, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function joined({ edges, counts }: Binned, maxBins: number): Binned {
  if (counts.length <= maxBins) return { edges, counts };
  const together = Math.floor(counts.length / maxBins);
  const sums: number[] = [];
  for (let i = 0; i < counts.length; i += together) {
    sums.push(counts.slice(i, i + together).reduce((sum, count) => sum + count, 0));
  }
  const starts = edges.slice(0, -1).filter((_, i) => i % together === 0);
  return { edges: [...starts, edges[edges.length - 1]], counts: sums };
}

/** From an empty bin before the first that is not, to the last that is not. */
function trimmed(edges: readonly number[], counts: readonly number[]): Pick<Histogram, "limits" | "counts"> {
  const start = counts.findIndex((count) => count > 0);
  check(start >= 0, "The histogram is empty: no value is in a bin");
  const end = counts.length - [...counts].reverse().findIndex((count) => count > 0);
  return { limits: edges.slice(start, end + 1), counts: [0, ...counts.slice(start, end)] };
}

/** Where such a part of the values is below, between two of them as far as it has to be. */
function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const low = Math.floor(place);
  const next = sorted[Math.min(low + 1, sorted.length - 1)];
  const above = place - low;
  const difference = next - sorted[low];
  return above < 0.5 ? sorted[low] + difference * above : next - difference * (1 - above); // as NumPy rounds
}

function standardDeviation(x: Float64Array): number {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
}
