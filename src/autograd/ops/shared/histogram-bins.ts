/** The bins of histograms along each dimension, and what PyTorch says of those that it does not take. */
import { check } from "../../../tensor/check.ts";
import { linspace } from "../../../tensor/create.ts";
import { cName, isFloatingPoint, scalarName, type TypedArray } from "../../../tensor/dtype.ts";
import { formatShape, type Shape, sameShape } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";

export function checkHistogram(kernel: string, x: Tensor, bins: number, dim = 0): void {
  const missing = x.dtype === "bool" && kernel === "histogram_cpu" ? "linspace_cpu" : kernel;
  check(
    isFloatingPoint(x.dtype),
    () => `"${missing}" not implemented for '${scalarName[x.dtype]}': convert it to float32`,
  );
  check(bins > 0, () => `torch.histogram(): bins must be > 0, but got ${bins} for dimension ${dim}`);
}

export function extremes(elements: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of elements) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

/** Where so many bins of one width begin and end, in a range or from the smallest to the largest of the elements. */
export function edgesOf(
  { dtype }: Tensor,
  bins: number,
  range: readonly [number, number] | null,
  elements: ArrayLike<number> & Iterable<number>,
  dim: number,
): Tensor {
  const [low, high] = range ?? (elements.length > 0 ? extremes(elements) : [0, 1]);
  const notFinite = () => `torch.histogramdd: dimension ${dim}'s range [${low}, ${high}] is not finite`;
  check(Number.isFinite(low) && Number.isFinite(high), notFinite);
  const reversed = () =>
    `torch.histogramdd: min should not exceed max, but got min ${low} max ${high} for dimension ${dim}`;
  check(low <= high, reversed);
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  return linspace(first, last, bins + 1, { dtype });
}

export function checkedEdges(x: Tensor, edges: Tensor, dim: number): Tensor {
  const otherRank = () =>
    `torch.histogramdd: bins tensor should have one dimension, but got ${edges.ndim} dimensions in the bins tensor for dimension ${dim}`;
  check(edges.ndim === 1, otherRank);
  const none = () =>
    `torch.histogramdd: bins tensor should have at least 1 element, but got 0 elements in the bins tensor for dimension ${dim}`;
  check(edges.numel > 0, none);
  const otherType = () =>
    "torch.histogramdd: input tensor and bins tensors should have the same dtype, " +
    `but got input with dtype ${cName[x.dtype]} and bins for dimension ${dim} with dtype ${cName[edges.dtype]}`;
  check(edges.dtype === x.dtype, otherType);
  return edges;
}

/** @param shape of x, the last dimension being the coordinates of a point */
export function checkWeight(x: Tensor, weight: Tensor, shape: Shape): void {
  const otherShape = () =>
    "torch.histogramdd: if weight tensor is provided it should have the same shape as the input tensor excluding its innermost " +
    `dimension, but got input with shape ${formatShape(shape)} and weight with shape ${formatShape(weight.shape)}`;
  check(sameShape(shape.slice(0, -1), weight.shape), otherShape);
  const otherType = () =>
    "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have the same dtype, " +
    `but got input(${cName[x.dtype]}), and weight(${cName[weight.dtype]})`;
  check(x.dtype === weight.dtype, otherType);
}

/** Of ascending elements from start to end, how many come before a value: those below it and, if `orEqual`, those equal to it. */
export function countBelow(sorted: TypedArray, start: number, end: number, value: number, orEqual: boolean): number {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isAt = orEqual ? sorted[middle] > value : sorted[middle] >= value; // never of NaN, which is larger than all
    if (isAt) high = middle;
    else low = middle + 1;
  }
  return low - start;
}
