/** Which elements, or slices, of a tensor are different ones; and which are among others. Nothing here has a gradient. */
import { permuted } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import type { TypedArray } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim, numelOf } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { detach } from "../op.ts";
import { indexSelect } from "./indexing.ts";
import { flatten, view } from "./shape.ts";
import { type Operand, promoted } from "./shared/promotion.ts";

/** What is compared. */
export interface UniqueConsecutiveOptions {
  /** Compare whole slices along this dimension. Default: null, compare elements. */
  dim?: Int | null;
  /** Only the different ones. */
  returnInverse?: false;
  /** Only the different ones. */
  returnCounts?: false;
}

/** What is compared, and what is told beside the different ones: the result is a list. */
export interface CountedConsecutiveOptions {
  /** Compare whole slices along this dimension. Default: null, compare elements. */
  dim?: Int | null;
  /** Also where in the result each element of x is, int32, of the shape of x. Default: false. */
  returnInverse?: boolean;
  /** Also how often each comes, int32. Default: false. */
  returnCounts?: boolean;
}

/** The same of all. */
export interface UniqueOptions extends UniqueConsecutiveOptions {
  /** In ascending order. With false any order will do, and it is the same one. Default: true. */
  sorted?: boolean;
}

/** The same of all. */
export interface CountedOptions extends CountedConsecutiveOptions {
  /** In ascending order. With false any order will do, and it is the same one. Default: true. */
  sorted?: boolean;
}

/**
 * The different elements of x, or slices along dim, in ascending order. A NaN is different from all. With `returnInverse` or
 * `returnCounts` a list: the different ones, where among them each of x is, how often each comes. Mirrors `torch.unique`.
 * @example
 * const x = tensor([3, 1, 3, 2]);
 * const [values, inverse, counts] = x.unique({ returnInverse: true, returnCounts: true });
 * console.log(x.unique(), values.indexSelect(0, inverse), counts);
 */
export function unique(x: Tensor, options?: UniqueOptions): Tensor;
export function unique(x: Tensor, options: CountedOptions): Tensor[];
export function unique(x: Tensor, options?: UniqueOptions | CountedOptions): Tensor | Tensor[] {
  const read = readOptions<CountedOptions>(options, {
    sorted: true,
    returnInverse: false,
    returnCounts: false,
    dim: null,
  });
  return distinct(x, read, (rows, n, width) => Int32Array.from({ length: n }, (_, k) => k).sort(byRow(rows, width)));
}

/**
 * The same, but only neighbours are compared: of each run of equal ones the first. Mirrors `torch.unique_consecutive`.
 * @example tensor([1, 1, 2, 2, 1]).uniqueConsecutive()
 */
export function uniqueConsecutive(x: Tensor, options?: UniqueConsecutiveOptions): Tensor;
export function uniqueConsecutive(x: Tensor, options: CountedConsecutiveOptions): Tensor[];
export function uniqueConsecutive(
  x: Tensor,
  options?: UniqueConsecutiveOptions | CountedConsecutiveOptions,
): Tensor | Tensor[] {
  const read = readOptions<CountedConsecutiveOptions>(options, {
    returnInverse: false,
    returnCounts: false,
    dim: null,
  });
  return distinct(x, read, (_, n) => Int32Array.from({ length: n }, (_, k) => k));
}

/** Gives the numbers of rows in an order in which equal ones are neighbours. */
type Order = (rows: TypedArray, n: number, width: number) => Int32Array;

function distinct(x: Tensor, { dim, returnInverse, returnCounts }: Required<CountedConsecutiveOptions>, order: Order) {
  const d = dim === null ? 0 : normalizeDim(dim, x.ndim);
  const whole = dim === null ? flatten(detach(x)) : detach(x);
  // Slices are compared with dimension 0 in the place of dim: that decides which comes first, as in PyTorch.
  const others = [...whole.shape.keys()].slice(1).map((k) => (k === d ? 0 : k));
  const emptyElsewhere = "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied";
  check(
    others.every((k) => whole.shape[k] > 0),
    emptyElsewhere,
  );
  const rows = elementsOf(permuted(whole, [d, ...others]));
  const n = whole.shape[d];
  const width = numelOf(others.map((k) => whole.shape[k]));
  const { firsts, groups, counts } = grouped(rows, width, order(rows, n, width));
  const result = [indexSelect(whole, d, tensor(firsts))];
  if (returnInverse) result.push(dim === null ? view(tensor(groups), x.shape) : tensor(groups));
  if (returnCounts) result.push(tensor(counts));
  return result.length > 1 ? result : result[0];
}

/** Of rows in that order: the first of each group of equal ones, the group of each row, and how many each group has. */
function grouped(rows: TypedArray, width: number, order: Int32Array) {
  const groups = new Int32Array(order.length);
  const firsts: number[] = [];
  const counts: number[] = [];
  order.forEach((row, k) => {
    if (k === 0 || !isSameRow(rows, width, order[k - 1], row)) {
      firsts.push(row);
      counts.push(0);
    }
    groups[row] = firsts.length - 1;
    counts[firsts.length - 1]++;
  });
  return { firsts: Int32Array.from(firsts), groups, counts: Int32Array.from(counts) };
}

function isSameRow(rows: TypedArray, width: number, a: number, b: number): boolean {
  for (let j = 0; j < width; j++) if (rows[a * width + j] !== rows[b * width + j]) return false;
  return true;
}

/** Compares rows by their first elements or, if those are equal, the next; NaN is larger than all. */
const byRow =
  (rows: TypedArray, width: number) =>
  (a: number, b: number): number => {
    for (let j = 0; j < width; j++) {
      const [x, y] = [rows[a * width + j], rows[b * width + j]];
      if (x < y) return -1;
      if (x > y) return 1;
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    }
    return 0;
  };

/** How elements are looked for. */
export interface IsinOptions {
  /** A promise that neither has an element twice: PyTorch is then faster, the answer is the same. Default: false. */
  assumeUnique?: boolean;
  /** Tell which are not among them. Default: false. */
  invert?: boolean;
}

/**
 * y = whether an element is among the test elements, bool. Mirrors `torch.isin`.
 * @throws if both are numbers
 * @example isin(tensor([1, 2, 3, 4]), tensor([2, 4]))
 */
export function isin(elements: Operand, testElements: Operand, options?: IsinOptions): Tensor {
  const { invert } = readOptions(options, { assumeUnique: false, invert: false });
  check(
    elements instanceof Tensor || testElements instanceof Tensor,
    "isin() needs a tensor among its operands: compare two numbers with ===",
    TypeError,
  );
  const isOfTruths = [elements, testElements].some((x) => x instanceof Tensor && x.dtype === "bool");
  check(!isOfTruths, 'Unsupported input type encountered for isin(): Bool. Convert it, with x.to("int32")');
  const [x, among] = promoted(elements, testElements);
  const wanted = new Set(elementsOf(among));
  wanted.delete(Number.NaN); // which is equal to nothing
  const y = Tensor.empty(x.shape, "bool");
  const { data } = y.storage;
  elementsOf(x).forEach((value, k) => {
    data[k] = Number(wanted.has(value) !== invert);
  });
  return y;
}
