/** The LU factorization: rows of A in another order, Pᵀ A, are L U, lower triangular with ones on the diagonal times upper. */
import { check } from "../../../tensor/check.ts";
import { eye, zeros } from "../../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { luFactors } from "../../../tensor/linalg/lu.ts";
import { readOptions } from "../../../tensor/options.ts";
import { formatShape, numelOf, sameShape } from "../../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../../op.ts";
import { add, sub } from "../elementwise.ts";
import { tril, triu } from "../masks.ts";
import { matmul } from "../matmul.ts";
import { cat, narrow } from "../parts.ts";
import { eachMatrix, inBatch, mT, sizesOf } from "./batches.ts";
import { type SolveOptions, solveTriangular } from "./solving.ts";

/** Rows and columns from `row`, `column` on. */
const block = (x: Tensor, row: number, rows: number, column: number, columns: number): Tensor =>
  narrow(narrow(x, -2, row, rows), -1, column, columns);

/** L (…, M, K), with its ones, and U (…, K, N) of both in one tensor, for K = min(M, N). */
function apart(LU: Tensor): { L: Tensor; U: Tensor } {
  const [m, n] = sizesOf(LU);
  const k = Math.min(m, n);
  return {
    L: add(tril(block(LU, 0, m, 0, k), -1), eye(m, k, { dtype: LU.dtype })),
    U: triu(block(LU, 0, k, 0, n)),
  };
}

/**
 * y = L and U in one, for A = P L U. With the square parts L₁ and U₁ of L = [L₁; L₂] and U = [U₁ | U₂], and ⌟, ⌜ for the triangles below
 * the diagonal, and with it above, PᵀdA = L₁⁻ᵀ (⌟(L₁ᵀ dL₁ - dU₂ U₂ᵀ) + ⌜(dU₁ U₁ᵀ - L₂ᵀ dL₂)) U₁⁻ᵀ; below it is dL₂
 * U₁⁻ᵀ where M > N, and beside it L₁⁻ᵀ dU₂ where N > M.
 */
const factorsOf = defineOp("luFactor", (A: Tensor, LU: Tensor, P: Tensor): Applied => {
  const [m, n] = sizesOf(A);
  const k = Math.min(m, n);
  const grad = (dLU: Tensor) => {
    const { L, U } = apart(LU);
    const [L1, U1] = [block(L, 0, k, 0, k), block(U, 0, k, 0, k)];
    const [dL1, dU1] = [tril(block(dLU, 0, k, 0, k), -1), triu(block(dLU, 0, k, 0, k))];
    const onLeft = (x: Tensor) => solveTriangular(mT(L1), x, { upper: true, unitriangular: true });
    const onRight = (x: Tensor) => solveTriangular(mT(U1), x, { upper: false, left: false });
    let [below, above] = [matmul(mT(L1), dL1), matmul(dU1, mT(U1))];
    const [dU2, dL2] = [block(dLU, 0, k, k, n - k), block(dLU, k, m - k, 0, k)];
    if (n > m) below = sub(below, matmul(dU2, mT(block(U, 0, k, k, n - k))));
    if (m > n) above = sub(above, matmul(mT(block(L, k, m - k, 0, k)), dL2));
    const square = add(tril(below, -1), triu(above));
    if (m > n) return matmul(P, onRight(cat([onLeft(square), dL2], -2)));
    return matmul(P, n > m ? onLeft(cat([onRight(square), dU2], -1)) : onLeft(onRight(square)));
  };
  return { y: LU, saves: [LU, P], grads: [[A, grad]] };
});

/** The matrix of the exchanges of rows: row k with row pivots[k], counted from 1. */
function permutationOf(pivots: Tensor, m: number, dtype: Tensor["dtype"]): Tensor {
  const batch = pivots.shape.slice(0, -1);
  const count = pivots.shape[pivots.ndim - 1];
  const P = zeros([...batch, m, m], { dtype });
  const [steps, { data }] = [elementsOf(pivots), P.storage];
  for (let b = 0; b < numelOf(batch); b++) {
    const order = Array.from({ length: m }, (_, i) => i);
    for (let k = 0; k < count; k++) {
      const p = steps[b * count + k] - 1;
      [order[k], order[p]] = [order[p], order[k]];
    }
    order.forEach((row, column) => {
      data[(b * m + row) * m + column] = 1;
    });
  }
  return P;
}

/** Whether and how rows are exchanged. */
export interface LUOptions {
  /** Exchange rows, so that the divisor is the largest there is. There is no other way on a CPU. Default: true. */
  pivot?: boolean;
}

/** The same, and what becomes of a matrix that is singular. */
export interface LUExOptions extends LUOptions {
  /** Throw where a divisor is 0. Default: false. */
  checkErrors?: boolean;
}

/** L and U in one, and which rows were exchanged. */
export interface LUFactors {
  /** L below the diagonal, where its ones are not written, and U from the diagonal on. */
  LU: Tensor;
  /** Row k was exchanged with row pivots[k], int32, counted from 1. */
  pivots: Tensor;
}

/** The same, and where it fails. */
export interface LUFactorsEx extends LUFactors {
  /** Which element of U's diagonal is 0, int32, counted from 1; 0 if none is. */
  info: Tensor;
}

function factored(A: Tensor, options: LUOptions | undefined, failed: string | null): LUFactorsEx & { P: Tensor } {
  const tooFew = () =>
    `torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: ${formatShape(A.shape)} instead`;
  check(A.ndim >= 2, tooFew);
  check(
    isFloatingPoint(A.dtype),
    () => `"lu_cpu" not implemented for '${scalarName[A.dtype]}': convert it, with x.to("float32")`,
  );
  check(options?.pivot ?? true, "linalg.lu_factor: LU without pivoting is not implemented on the CPU");
  const [m, n] = sizesOf(A);
  const batch = A.shape.slice(0, -2);
  const pivots = Tensor.empty([...batch, Math.min(m, n)], "int32");
  const info = Tensor.empty(batch, "int32");
  const [LU] = eachMatrix(A, [[m, n]], (a, k) => {
    const { lu, pivots: rows, singular } = luFactors(a, n, m);
    const isZero = () =>
      `${failed}: ${inBatch(A, k)}U[${singular},${singular}] is zero and using it on lu_solve would result in a division by zero. If ` +
      "you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)";
    check(failed === null || singular === 0, isZero);
    pivots.storage.data.set(
      rows.map((row) => row + 1),
      k * rows.length,
    );
    info.storage.data[k] = singular;
    return [lu];
  });
  const P = permutationOf(pivots, m, A.dtype);
  return { LU: factorsOf(A, LU, P), pivots, info, P };
}

/**
 * L and U of each matrix (…, M, N) in one, as `luSolve` takes them. Mirrors `torch.linalg.lu_factor`.
 * @throws where an element of U's diagonal is 0
 * @example linalg.luFactor(tensor([[1, 2], [4, 2]]))
 */
export function luFactor(A: Tensor, options?: LUOptions): LUFactors {
  const { LU, pivots } = factored(A, options, "torch.linalg.lu_factor");
  return { LU, pivots };
}

/** The same, with a number that says where it fails instead of an error. Mirrors `torch.linalg.lu_factor_ex`. @example linalg.luFactorEx(ones([2, 2])).info */
export function luFactorEx(A: Tensor, options?: LUExOptions): LUFactorsEx {
  const { pivot, checkErrors } = readOptions(options, { pivot: true, checkErrors: false });
  const { LU, pivots, info } = factored(A, { pivot }, checkErrors ? "torch.linalg.lu_factor_ex" : null);
  return { LU, pivots, info };
}

/** Three factors. */
export interface PLU {
  /** A permutation of rows, (…, M, M). */
  P: Tensor;
  /** Lower triangular with ones on the diagonal, (…, M, K). */
  L: Tensor;
  /** Upper triangular, (…, K, N). */
  U: Tensor;
}

/** P, L and U with P L U = A for each matrix (…, M, N), K = min(M, N). Mirrors `torch.linalg.lu`. @example linalg.lu(tensor([[1, 2], [4, 2]])) */
export function lu(A: Tensor, options?: LUOptions): PLU {
  const { LU, P } = factored(A, options, null);
  return { P, ...apart(LU) };
}

/** On which side the unknown stands, and whether the matrix is transposed. */
export interface LUSolveOptions extends SolveOptions {
  /** Aᵀ in the place of A. Default: false. */
  adjoint?: boolean;
}

/**
 * X with A X = B, for A given by what `luFactor` makes of it. Mirrors `torch.linalg.lu_solve`.
 * @example
 * const { LU, pivots } = linalg.luFactor(tensor([[2, 1], [1, 3]]));
 * console.log(linalg.luSolve(LU, pivots, tensor([[3], [5]])));
 */
export function luSolve(LU: Tensor, pivots: Tensor, B: Tensor, options?: LUSolveOptions): Tensor {
  const { left, adjoint } = readOptions(options, { left: true, adjoint: false });
  const name = "linalg.lu_solve";
  check(B.ndim >= 2, `${name}: The input tensor B must have at least 2 dimensions.`);
  check(pivots.dtype === "int32", `${name}: pivots should be a Tensor of scalar type torch.int32`);
  const [m, n] = sizesOf(LU);
  check(m === n, () => `${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`);
  const otherNumber = `${name}: Number of pivots per batch should be same as the dimension of the matrix`;
  check(pivots.shape[pivots.ndim - 1] === n, otherNumber);
  const otherBatch = `${name}: Batch dimensions of LU and pivots should match`;
  check(sameShape(LU.shape.slice(0, -2), pivots.shape.slice(0, -1)), otherBatch);
  const otherType = () =>
    `${name}: Expected LU and B to have the same dtype, but found LU of type ${scalarName[LU.dtype]} and B of type ${scalarName[B.dtype]} instead`;
  check(LU.dtype === B.dtype, otherType);
  const rows = elementsOf(pivots);
  const outside = (limit: string) =>
    `Pivots given to lu_solve must all be ${limit}. Did you properly pass the result of lu_factor?`;
  check(
    rows.every((row) => row >= 1),
    outside("greater or equal to 1"),
  );
  check(
    rows.every((row) => row <= n),
    outside("smaller or equal to LU.size(-2)"),
  );
  if (!left) return owned(mT(luSolve(LU, pivots, mT(B), { adjoint: !adjoint })));
  const P = permutationOf(pivots, n, LU.dtype);
  if (!adjoint) {
    const y = solveTriangular(LU, matmul(mT(P), B), { upper: false, unitriangular: true });
    return solveTriangular(LU, y, { upper: true });
  }
  const y = solveTriangular(mT(LU), B, { upper: false });
  return matmul(P, solveTriangular(mT(LU), y, { upper: true, unitriangular: true }));
}

/** What is wanted. */
export interface LUUnpackOptions {
  /** L and U; else they are empty. Default: true. */
  unpackData?: boolean;
  /** P; else it is empty. Default: true. */
  unpackPivots?: boolean;
}

/** P, L and U of what `luFactor` gives. Mirrors `torch.lu_unpack`. */
export function unpacked(LU: Tensor, pivots: Tensor, options?: LUUnpackOptions): PLU {
  const { unpackData, unpackPivots } = readOptions(options, { unpackData: true, unpackPivots: true });
  const [m] = sizesOf(LU);
  check(
    pivots.dtype === "int32",
    "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.",
  );
  const outside =
    "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive. Did you properly pass the result of lu_factor?";
  check(!unpackPivots || elementsOf(pivots).every((row) => row >= 1 && row <= m), outside);
  const nothing = () => zeros([0], { dtype: LU.dtype });
  const { L, U } = unpackData ? apart(LU) : { L: nothing(), U: nothing() };
  return { P: unpackPivots ? permutationOf(pivots, m, LU.dtype) : nothing(), L, U };
}
