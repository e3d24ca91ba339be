/** Coordinates, pairs and powers: all that tensors of a few numbers span. */
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { owned } from "../op.ts";
import { indexSelect } from "./indexing.ts";
import { stack } from "./parts.ts";
import { flip } from "./rearrange.ts";
import { expand, flatten, reshape, transpose, view } from "./shape.ts";
import { powersOf } from "./shared/powers.ts";

/** Which coordinate goes down. */
export interface MeshgridOptions {
  /** "ij": result dimension k is that of vector k. "xy": the first vector goes along rows, the second down. Default: "ij". */
  indexing?: "ij" | "xy";
}

/**
 * For vectors of coordinates, a tensor of each coordinate over the grid that they span: views that repeat the vector.
 * Mirrors `torch.meshgrid`.
 * @example
 * const [y, x] = meshgrid(arange(2), arange(3));
 * console.log(y, x, meshgrid([arange(3), arange(2)], { indexing: "xy" })[0].shape);
 */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[];
export function meshgrid(...tensors: Tensor[]): Tensor[];
export function meshgrid(...args: (readonly Tensor[] | Tensor | MeshgridOptions | undefined)[]): Tensor[] {
  const [first, second] = args;
  if (!Array.isArray(first)) return grid(args as Tensor[], "ij");
  const { indexing } = readOptions(second as MeshgridOptions | undefined, { indexing: "ij" });
  return grid(first, indexing);
}

function grid(vectors: readonly Tensor[], indexing: string): Tensor[] {
  check(vectors.length > 0, "meshgrid expects a non-empty TensorList");
  const known = () => `torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`;
  check(indexing === "ij" || indexing === "xy", known);
  for (const x of vectors) {
    check(x.ndim <= 1, () => `torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got:  ${x.ndim}`);
    check(x.dtype === vectors[0].dtype, "meshgrid expects all tensors to have the same dtype");
  }
  const shape = vectors.map(({ numel }) => numel);
  const grids = vectors.map((x, k) => expand(view(x, ...shape.map((size, d) => (d === k ? size : 1))), shape));
  return indexing === "xy" && vectors.length > 1 ? grids.map((x) => transpose(x, 0, 1)) : grids;
}

function checkVector({ ndim, shape }: Tensor): void {
  check(ndim === 1, () => `Expect a 1D vector, but got shape ${formatShape(shape)}`);
}

/**
 * All tuples of one element of each vector: a row each; of one vector, the vector. Mirrors `torch.cartesian_prod`.
 * @example cartesianProd(tensor([1, 2]), tensor([3, 4]))
 */
export function cartesianProd(...vectors: Tensor[]): Tensor {
  for (const x of vectors) checkVector(x);
  if (vectors.length === 1) return vectors[0];
  return stack(
    grid(vectors, "ij").map((x) => flatten(x)),
    1,
  );
}

/** Whether an element may be taken again. */
export interface CombinationsOptions {
  /** It may. Default: false. */
  withReplacement?: boolean;
}

/** All choices of r elements of a vector, in its order: a row each. Mirrors `torch.combinations`. @example combinations(arange(3)) */
export function combinations(x: Tensor, r: Int = 2, options?: CombinationsOptions): Tensor {
  const { withReplacement } = readOptions(options, { withReplacement: false });
  checkVector(x);
  check(r >= 0, () => `Expect a non-negative number, but got ${r}`);
  if (r === 0) return Tensor.empty([0], x.dtype);
  const choices = choicesOf(x.numel, r, withReplacement ? 0 : 1);
  return owned(reshape(indexSelect(x, 0, tensor(Int32Array.from(choices.flat()))), choices.length, r));
}

/** All lists of r numbers below n, each at least `step` above the one before. */
function choicesOf(n: number, r: number, step: number): number[][] {
  let choices: number[][] = [[]];
  for (let k = 0; k < r && choices.length > 0; k++) {
    choices = choices.flatMap((choice) => {
      const least = k === 0 ? 0 : choice[k - 1] + step;
      return Array.from({ length: Math.max(0, n - least) }, (_, i) => [...choice, least + i]);
    });
  }
  return choices;
}

/** The places of some columns of some rows: of row i those from `first(i)` up to, but without, `end(i)`. (2, their number) */
function placesOf(rows: number, columns: number, first: (row: number) => number, end: (row: number) => number): Tensor {
  check(rows >= 0, () => `row must be non-negative, got${rows}`);
  check(columns >= 0, () => `col must be non-negative, got${columns}`);
  const starts = Float64Array.from(Tensor.empty([rows], "int32").data, (_, i) => Math.max(0, first(i)));
  const ends = starts.map((start, i) => Math.max(start, Math.min(columns, end(i))));
  const count = ends.reduce((sum, last, i) => sum + last - starts[i], 0);
  const places = Tensor.empty([2, count], "int32");
  const { data } = places.storage;
  let k = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = starts[i]; j < ends[i]; j++, k++) {
      data[k] = i;
      data[count + k] = j;
    }
  }
  return places;
}

/**
 * Where the lower triangle of a matrix (rows, columns) is: a row of row numbers and one of column numbers, int32. Offset 1 takes
 * in the diagonal above the main one. Mirrors `torch.tril_indices`.
 * @example trilIndices(3, 3)
 */
export const trilIndices = (rows: Int, columns: Int, offset: Int = 0): Tensor =>
  placesOf(
    rows,
    columns,
    () => 0,
    (row) => row + offset + 1,
  );

/** Where the upper triangle is, likewise. Mirrors `torch.triu_indices`. @example triuIndices(3, 3, 1) */
export const triuIndices = (rows: Int, columns: Int, offset: Int = 0): Tensor =>
  placesOf(
    rows,
    columns,
    (row) => row + offset,
    () => columns,
  );

/** In which order powers stand. */
export interface VanderOptions {
  /** How many columns. Default: null, as many as there are elements. */
  N?: Int | null;
  /** The power 0 first. Default: false. */
  increasing?: boolean;
}

/**
 * Vandermonde's matrix: column k of n has xⁿ⁻¹⁻ᵏ or, `increasing`, xᵏ. Mirrors `torch.vander`.
 * @example vander(tensor([1, 2, 3]), { increasing: true })
 */
export function vander(x: Tensor, options?: VanderOptions): Tensor {
  const { N, increasing } = readOptions<VanderOptions>(options, { N: null, increasing: false });
  check(x.ndim === 1, "x must be a one-dimensional tensor.");
  check(N === null || N >= 0, "N must be non-negative.");
  const powers = powersOf(x, N ?? x.numel);
  return increasing || powers.shape[1] === 0 ? powers : flip(powers, 1);
}
