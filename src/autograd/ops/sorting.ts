/**
 * Sorting, and the largest or smallest few. The kernel finds the order; the values are then gathered, and so a gradient
 * goes back to where each value came from.
 */
import { applyAlong } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { orderings } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { gather } from "./indexing.ts";
import { narrow } from "./parts.ts";
import type { ValuesAndIndices } from "./reduction.ts";
import { contiguous } from "./shape.ts";

/** In which order elements are sorted. */
export interface SortOptions {
  /** The largest first. Default: false. */
  descending?: boolean;
}

/** Which elements are taken. */
export interface TopkOptions {
  /** The largest, not the smallest. Default: true. */
  largest?: boolean;
}

/**
 * The elements along dim in ascending order, and where each was: `{ values, indices }`, indices int32.
 * Equal elements stay in their order, which PyTorch promises with `stable` only. NaN is larger than all numbers.
 * Mirrors `torch.sort`.
 * @example tensor([3, 1, 2]).sort()
 */
export function sort(x: Tensor, dim: Int = -1, options?: SortOptions): ValuesAndIndices {
  return seen("sort", [x, dim, options], () => {
    const indices = argsort(x, dim, options);
    return { values: gather(x, dim, indices), indices };
  });
}

/**
 * Where the elements along dim are in ascending order, int32. Mirrors `torch.argsort`.
 * @example tensor([3, 1, 2]).argsort(0, { descending: true })
 */
export function argsort(x: Tensor, dim: Int = -1, options?: SortOptions): Tensor {
  return seen("argsort", [x, dim, options], () => {
    const { descending } = readOptions(options, { descending: false });
    return applyAlong(orderings.argsort(descending), x, dim, "int32");
  });
}

/**
 * The k largest elements along dim, the largest first, and where each was. Mirrors `torch.topk`, with `sorted`.
 * Of equal elements, the first are taken.
 * @throws unless 0 ≤ k ≤ the size of dim
 * @example tensor([3, 1, 4, 1, 5]).topk(2)
 */
export function topk(x: Tensor, k: Int, dim: Int = -1, options?: TopkOptions): ValuesAndIndices {
  return seen("topk", [x, k, dim, options], () => {
    const { largest } = readOptions(options, { largest: true });
    const d = normalizeDim(dim, x.ndim);
    const size = x.shape[d] ?? 1;
    check(
      k >= 0 && k <= size,
      () => `selected index k out of range: topk takes 0 to ${size} of ${size}, but k is ${k}`,
    );
    const order = argsort(x, d, { descending: largest });
    const indices = x.ndim === 0 ? order : contiguous(narrow(order, d, 0, k));
    return { values: gather(x, d, indices), indices };
  });
}
