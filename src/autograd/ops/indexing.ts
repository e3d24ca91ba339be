/**
 * Picking elements by numbers, ranges, and integer tensors, as PyTorch does between square brackets.
 * Read next: shared/positions.ts, which every form with tensors comes down to.
 */
import { check } from "../../tensor/check.ts";
import { formatShape, type Int, normalizeDim, normalizeIndex, numelOf } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { select, slice } from "./parts.ts";
import { unsqueeze, view } from "./shape.ts";
import {
  checkIndex,
  checkRank,
  isSparse,
  type Pick,
  picksAt,
  positionsAlong,
  positionsOf,
  positionsOfRows,
  rowsAt,
  take,
  takeRows,
} from "./shared/positions.ts";

/**
 * y[i, j] = x[index[i, j], j] for dim 0, x[i, index[i, j]] for dim 1, and so on; y has index's shape.
 * Mirrors `torch.gather`.
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * const index = tensor([[1], [0]], { dtype: "int32" });
 * console.log(x.gather(1, index)); // one element of each row
 */
export function gather(x: Tensor, dim: Int, index: Tensor): Tensor {
  return seen("gather", [x, dim, index], () => {
    checkIndex(index, "gather");
    checkRank(index, x, "input");
    const d = normalizeDim(dim, x.ndim);
    const outside = index.shape.findIndex((size, k) => k !== d && size > x.shape[k]);
    const tooLarge = () =>
      `Size does not match at dimension ${outside} expected index ${formatShape(index.shape)} ` +
      `to be smaller than self ${formatShape(x.shape)} apart from dimension ${d}`;
    check(outside < 0, tooLarge);
    return take(x, positionsAlong(x.shape, d, index));
  });
}

/**
 * y[…, k, …] = x[…, index[k], …] along dim. Mirrors `torch.index_select`.
 * @example arange(6).view(2, 3).indexSelect(1, tensor([2, 0], { dtype: "int32" }))
 */
export function indexSelect(x: Tensor, dim: Int, index: Tensor): Tensor {
  return seen("indexSelect", [x, dim, index], () => {
    const notVector = () =>
      `index_select(): Index is supposed to be a vector, but has shape ${formatShape(index.shape)}`;
    check(index.ndim <= 1, notVector, RangeError);
    checkIndex(index, "index_select");
    return take(x, positionsOfRows(x.shape, normalizeDim(dim, x.ndim), index));
  });
}

/**
 * A range of positions for `index`: `new Slice(1, 3)` is Python's `1:3`, `new Slice()` is `:`. Mirrors Python's `slice`.
 * @example arange(6).index(new Slice(0, 4, 2))
 */
export class Slice {
  /** The first position; 0 if left out. */
  readonly start: number | undefined;
  /** The position after the last; all up to the end if left out. */
  readonly end: number | undefined;
  /** How far from one to the next; 1 if left out. */
  readonly step: number | undefined;

  constructor(start?: Int, end?: number, step?: Int) {
    this.start = start;
    this.end = end;
    this.step = step;
  }
}

/**
 * What stands between PyTorch's square brackets: a number, a range, `null` for a new dimension, "..." for all the
 * dimensions in between, an int32 tensor, or a bool mask.
 */
export type Index = Int | Slice | null | "..." | Tensor;

/**
 * PyTorch's indexing: `x.index(0, new Slice(1, 3))` is `x[0, 1:3]`. Numbers, ranges, null and "..." give a view; tensors copy,
 * but for one number in a tensor of no dimension, which is a number. Mirrors Python's `x[…]`.
 *
 * Index tensors broadcast together. Their result dimensions stand where they stood if they were neighbours, else first.
 * @throws RangeError for a position out of bounds or too many indices
 * @example
 * const x = arange(12).view(3, 4);
 * console.log(x.index(0, new Slice(1, 3))); // x[0, 1:3]
 * console.log(x.index("...", -1)); // x[..., -1]
 * console.log(x.index(tensor([2, 0], { dtype: "int32" }))); // x[[2, 0]]
 * console.log(x.index(x.gt(8))); // x[x > 8]
 */
export function index(x: Tensor, ...indices: Index[]): Tensor {
  return seen("index", [x, ...indices], () => {
    const each = indices.map((i) => (i instanceof Tensor && isNumber(i) ? i.item() : i));
    const consumed = each.reduce((sum: number, i) => sum + dimensionsOf(i), 0);
    check(consumed <= x.ndim, () => `too many indices for tensor of dimension ${x.ndim}`, RangeError);
    const picks: Pick[] = [];
    let y = x;
    let dim = 0; // of y, the result so far
    let from = 0; // of x
    for (const i of each) {
      if (typeof i === "number") y = select(y, dim, normalizeIndex(i, from, x.shape[from]));
      else if (i === null) y = unsqueeze(y, dim++);
      else if (i === "...") dim += x.ndim - consumed;
      else if (i instanceof Slice) y = slice(y, dim++, i.start, i.end, i.step);
      else {
        if (i.ndim === 0) y = unsqueeze(y, dim); // one truth: all, or nothing
        const picked = picksAt(i.ndim === 0 ? view(i, 1) : i, y.shape, dim);
        picks.push(...picked);
        dim += picked.length;
      }
      from += i === "..." ? x.ndim - consumed : dimensionsOf(i);
    }
    const [first] = picks;
    const areRows = picks.length === 1 && first.dim === 0 && y.ndim > 1;
    if (areRows && !isSparse(y, first.index.numel * numelOf(y.shape.slice(1))))
      return takeRows(y, rowsAt(y.shape, first.index));
    if (picks.length > 0) return take(y, positionsOf(y.shape, picks));
    return y === x ? view(x, x.shape) : y;
  });
}

const isNumber = ({ dtype, ndim }: Tensor): boolean => dtype === "int32" && ndim === 0;

/** How many dimensions of x an index stands for; "..." stands for those that are left. */
function dimensionsOf(i: Index): number {
  if (i === null || i === "...") return 0;
  return i instanceof Tensor && i.dtype === "bool" ? i.ndim : 1;
}
