/** Norms of vectors and matrices, and how near to singular a matrix is. */
import { check } from "../../../tensor/check.ts";
import { readOptions } from "../../../tensor/options.ts";
import { formatShape, type Int, normalizeDim } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { owned } from "../../op.ts";
import { abs, div, mul } from "../elementwise.ts";
import { narrow } from "../parts.ts";
import { movedim } from "../rearrange.ts";
import { norm as normOf, sum } from "../reduction.ts";
import { reshape } from "../shape.ts";
import type { Dims, ReductionOptions } from "../shared/reducing.ts";
import { amax, amin } from "../statistics.ts";
import { checkFloating, checkMatrices, checkSquare } from "./batches.ts";
import { inv } from "./solving.ts";
import { svdvals } from "./spectral.ts";

/** Which norm of a matrix: "fro" √Σ x², "nuc" the sum of the singular values, ±2 the largest or smallest of them, ±1 and ±∞ of columns and rows. */
export type MatrixOrder = "fro" | "nuc" | number;

/**
 * (Σ |x|ᵖ)^(1/p) over one dimension, several, or all. Mirrors `torch.linalg.vector_norm`.
 * @example linalg.vectorNorm(tensor([[3, 4], [6, 8]]), 2, 1)
 */
export function vectorNorm(x: Tensor, ord = 2, dim?: Dims, options?: ReductionOptions): Tensor {
  checkFloating("linalg.vector_norm", x);
  return normOf(x, ord, dim, options);
}

/**
 * A norm of the matrices in two dimensions, the last two unless said otherwise. Mirrors `torch.linalg.matrix_norm`.
 * @example linalg.matrixNorm(tensor([[3, 0], [0, 4]]), "nuc")
 */
export function matrixNorm(
  A: Tensor,
  ord: MatrixOrder = "fro",
  dim: readonly Int[] = [-2, -1],
  options?: ReductionOptions,
): Tensor {
  const { keepdim } = readOptions(options, { keepdim: false });
  checkMatrices("linalg.matrix_norm", A);
  check(dim.length === 2, () => `linalg.matrix_norm: dim must be a 2-tuple. Got ${dim.join(" ")}`);
  const [rows, columns] = dim.map((d) => normalizeDim(d, A.ndim));
  check(rows !== columns, () => `linalg.matrix_norm: dims must be different. Got (${dim.join(", ")})`);
  if (ord === "fro") return normOf(A, 2, [rows, columns], { keepdim });
  const order = typeof ord === "number" ? Math.abs(ord) : ord;
  check(["nuc", 1, 2, Infinity].includes(order), () => `linalg.matrix_norm: Order ${ord} not supported.`);
  const extreme = typeof ord === "number" && ord < 0 ? amin : amax;
  if (order === 1 || order === Infinity) {
    const [added, compared] = order === 1 ? [rows, columns] : [columns, rows];
    const y = extreme(sum(abs(A), added, { keepdim: true }), compared, { keepdim: true });
    return keepdim ? y : owned(reshape(y, without(A, rows, columns)));
  }
  const S = svdvals(movedim(A, [rows, columns], [-2, -1]));
  const y = order === "nuc" ? sum(S, -1) : extreme(S, -1);
  return keepdim ? owned(reshape(y, A.shape.with(rows, 1).with(columns, 1))) : y;
}

const without = ({ shape }: Tensor, ...dims: number[]): number[] => shape.filter((_, d) => !dims.includes(d));

/**
 * The norm of all elements; or, with an order, that of a vector or a matrix; or along one dimension or of the matrices in two.
 * Mirrors `torch.linalg.norm`.
 * @example
 * const x = tensor([[3, 4], [6, 8]]);
 * console.log(linalg.norm(x), linalg.norm(x, 1), linalg.norm(x, 2, 1));
 */
export function norm(x: Tensor, ord?: MatrixOrder | null, dim?: Dims | null, options?: ReductionOptions): Tensor {
  const dims = dim === null || dim === undefined ? null : [dim].flat();
  const isKnown = ord !== null && ord !== undefined;
  if (!isKnown) return vectorNorm(x, 2, dims ?? undefined, options);
  const otherRank = () =>
    `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${x.ndim}D.`;
  check(dims !== null || x.ndim === 1 || x.ndim === 2, otherRank);
  const tooMany = () => `linalg.norm: If dim is specified, it must be of length 1 or 2. Got ${formatShape(dims ?? [])}`;
  check(dims === null || dims.length === 1 || dims.length === 2, tooMany);
  const count = dims?.length ?? x.ndim;
  if (count === 2) return matrixNorm(x, ord, dims ?? [0, 1], options);
  check(typeof ord === "number", () => `linalg.vector_norm: Order ${ord} not supported: it is of matrices`);
  return vectorNorm(x, ord, dims ?? undefined, options);
}

/**
 * How much an error in B may grow in the solution of A X = B: the norm of A times that of its inverse, or the largest by the smallest
 * singular value. ∞ of a singular matrix. Mirrors `torch.linalg.cond`.
 * @example linalg.cond(tensor([[1, 0], [0, 4]]))
 */
export function cond(A: Tensor, ord: MatrixOrder | null = null): Tensor {
  checkMatrices("linalg.cond", A);
  if (ord === null || ord === 2 || ord === -2) {
    const S = svdvals(A);
    const k = S.shape[S.ndim - 1];
    const [largest, smallest] = [narrow(S, -1, 0, 1), narrow(S, -1, k - 1, 1)];
    return owned(reshape(ord === -2 ? div(smallest, largest) : div(largest, smallest), A.shape.slice(0, -2)));
  }
  const known = typeof ord === "number" || ord === "fro" || ord === "nuc";
  check(known, () => `linalg.cond got an invalid norm type: ${ord}`);
  checkSquare(`linalg.cond(ord=${ord})`, A);
  return mul(matrixNorm(A, ord), matrixNorm(inv(A), ord));
}
