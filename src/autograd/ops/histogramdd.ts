/** Histograms of points: how many are in each cell of a grid. Without a gradient. */
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, numelOf } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { checkedEdges, checkHistogram, checkWeight, countBelow, edgesOf } from "./shared/histogram-bins.ts";

/** What a histogram of points covers, and how points count. */
export interface HistogramddOptions {
  /** Where the first bin begins and the last ends, for each coordinate in turn. Default: null, the smallest and the largest. */
  range?: readonly number[] | null;
  /** What each point counts, of the dtype of x. Default: null, 1. */
  weight?: Tensor | null;
  /** Divide by the volume of the cell and the sum of all: the whole is then 1. Default: false. */
  density?: boolean;
}

/** Cells, and what is in them. */
export interface Histogramdd {
  /** How much is in each cell, a dimension for each coordinate. */
  hist: Tensor;
  /** Where bins begin and, the last, end, for each coordinate. */
  binEdges: Tensor[];
}

/**
 * How many points are in each cell of a grid, or what they weigh. A bin has its lower edge, the last one both. Mirrors
 * `torch.histogramdd`.
 * @param x (…, D), points of D coordinates
 * @param bins how many, of equal width, or a vector of their edges, which ascend, for each coordinate; or how many for all
 * @throws unless there is one for each coordinate
 * @example
 * const { hist, binEdges } = histogramdd(tensor([[0, 1], [1, 0], [2, 2]]), [2, 2]);
 * console.log(hist, binEdges);
 */
export function histogramdd(
  x: Tensor,
  bins: Int | readonly Int[] | readonly Tensor[],
  options?: HistogramddOptions,
): Histogramdd {
  const { range, weight, density } = readOptions<HistogramddOptions>(options, {
    range: null,
    weight: null,
    density: false,
  });
  check(x.ndim >= 2, "torch.histogramdd: input tensor should have at least 2 dimensions");
  const dims = x.shape[x.ndim - 1];
  const given: readonly (number | Tensor)[] = typeof bins === "number" ? Array<number>(dims).fill(bins) : bins;
  const otherCount = () =>
    `torch.histogramdd: expected ${dims} sequences of bin edges for a ${dims}-dimensional histogram but got ${given.length}`;
  check(given.length === dims, otherCount);
  const otherRange = () =>
    `torch.histogramdd: for a ${dims}-dimensional histogram range should have ${2 * dims} elements, but got ${range?.length}`;
  check(!range || range.length === 2 * dims, otherRange);
  const points = elementsOf(x);
  const count = numelOf(x.shape.slice(0, -1));
  const binEdges = given.map((own, d) => {
    checkHistogram("histogramdd", x, typeof own === "number" ? own : 1, d);
    if (typeof own !== "number") return checkedEdges(x, own, d);
    const ends = range ? ([range[2 * d], range[2 * d + 1]] as const) : null;
    const along = Array.from({ length: count }, (_, k) => points[k * dims + d]);
    return edgesOf(x, own, ends, along, d);
  });
  if (weight) checkWeight(x, weight, x.shape);
  const edges = binEdges.map((own) => elementsOf(own));
  const shape = edges.map(({ length }) => length - 1);
  const hist = Tensor.zeros(shape, x.dtype);
  const totals = new Float64Array(hist.numel);
  const weights = weight ? elementsOf(weight) : null;
  for (let k = 0; k < count; k++) {
    let cell = 0;
    for (let d = 0; d < dims && cell >= 0; d++) {
      const [value, own, last] = [points[k * dims + d], edges[d], shape[d]];
      const isInside = value >= own[0] && value <= own[last];
      cell = isInside ? cell * last + Math.min(countBelow(own, 0, own.length, value, true) - 1, last - 1) : -1;
    }
    if (cell >= 0 && cell < totals.length) totals[cell] += weights ? weights[k] : 1;
  }
  const total = density ? totals.reduce((sum, value) => sum + value, 0) : 1;
  for (let cell = 0; cell < totals.length; cell++) {
    let [rest, volume] = [cell, 1];
    for (let d = dims - 1; d >= 0; d--) {
      const i = rest % shape[d];
      rest = (rest - i) / shape[d];
      volume *= edges[d][i + 1] - edges[d][i];
    }
    hist.storage.data[cell] = density ? totals[cell] / total / volume : totals[cell];
  }
  return { hist, binEdges };
}
