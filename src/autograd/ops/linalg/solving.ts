/** Linear equations, inverses and determinants, by the LU factorization. */
import { check } from "../../../tensor/check.ts";
import { tensor, zeros } from "../../../tensor/create.ts";
import { scalarName } from "../../../tensor/dtype.ts";
import { determinant, isNearlySingular, logDeterminant, luFactors, solveFactored } from "../../../tensor/linalg/lu.ts";
import { solveTriangle } from "../../../tensor/linalg/triangular.ts";
import { readOptions } from "../../../tensor/options.ts";
import { broadcastShapes, type Shape, sameShape } from "../../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../../op.ts";
import { lt } from "../compare.ts";
import { mul, neg, where } from "../elementwise.ts";
import { indexSelect } from "../indexing.ts";
import { tril, triu } from "../masks.ts";
import { matmul } from "../matmul.ts";
import { narrow, select, stack } from "../parts.ts";
import { expand, squeeze, to, transpose, unsqueeze, view } from "../shape.ts";
import { checkSquare, eachMatrix, inBatch, matrixOf, mT, sizesOf } from "./batches.ts";

/** y = A⁻¹, dA = -yᵀ dy yᵀ */
const inverseOf = defineOp("inverse", (A: Tensor, info: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  const [y] = eachMatrix(A, [[n, n]], (a, k) => {
    const factors = luFactors(a, n);
    info.storage.data[k] = factors.singular;
    const identity = new Float64Array(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;
    solveFactored(factors, identity, n);
    return [identity];
  });
  return { y, saves: [y], grads: [[A, (dy) => neg(matmul(mT(y), matmul(dy, mT(y))))]] };
});

/**
 * The inverse of each matrix (…, N, N). Mirrors `torch.linalg.inv`.
 * @throws for one that is singular
 * @example linalg.inv(tensor([[2, 1], [1, 1]]))
 */
export function inv(A: Tensor): Tensor {
  const { inverse, info } = inverseAndInfo("linalg.inv", A);
  checkRegular("linalg.inv", A, info);
  return inverse;
}

function inverseAndInfo(name: string, A: Tensor): InverseEx {
  checkSquare(name, A);
  const info = Tensor.empty(A.shape.slice(0, -2), "int32");
  return { inverse: inverseOf(A, info), info };
}

function checkRegular(name: string, A: Tensor, info: Tensor): void {
  const places = elementsOf(info);
  const k = places.findIndex((place) => place > 0);
  const isSingular = () =>
    `${name}: ${inBatch(A, k)}The diagonal element ${places[k]} is zero, the inversion could not be completed ` +
    "because the input matrix is singular.";
  check(k < 0, isSingular);
}

/** What becomes of a matrix that is singular. */
export interface CheckErrorsOptions {
  /** Throw for one. Default: false. */
  checkErrors?: boolean;
}

/** The inverse, and whether there is one. */
export interface InverseEx {
  /** The inverse; of a singular matrix, whatever came of it. */
  inverse: Tensor;
  /** Which divisor was 0, int32, counted from 1; 0 if none was. */
  info: Tensor;
}

/** The inverse, with a number that says whether there is one instead of an error. Mirrors `torch.linalg.inv_ex`. @example linalg.invEx(tensor([[2, 1], [1, 1]])) */
export function invEx(A: Tensor, options?: CheckErrorsOptions): InverseEx {
  const made = inverseAndInfo("linalg.inv_ex", A);
  if (readOptions(options, { checkErrors: false }).checkErrors) checkRegular("linalg.inv_ex", A, made.info);
  return made;
}

/**
 * X = A⁻¹ B for the same batches: dB = A⁻ᵀ dX, dA = -dB Xᵀ
 * @param info is told which divisor of each was 0
 */
const solution = defineOp("solve", (A: Tensor, B: Tensor, info: Tensor): Applied => {
  const [n, m] = sizesOf(B);
  const [X] = eachMatrix(A, [[n, m]], (a, k) => {
    const factors = luFactors(a, n);
    info.storage.data[k] = factors.singular;
    const b = matrixOf(B, k);
    solveFactored(factors, b, m);
    return [b];
  });
  const ofB = (dX: Tensor) => solution(mT(A), dX, Tensor.empty(info.shape, "int32"));
  return {
    y: X,
    saves: [A, X],
    grads: [
      [A, (dX) => neg(matmul(ofB(dX), mT(X)))],
      [B, ofB],
    ],
  };
});

/** On which side the unknown stands. */
export interface SolveOptions {
  /** A X = B, not X A = B. Default: true. */
  left?: boolean;
}

/**
 * X with A X = B, for A (…, N, N) and B (…, N, K), or a vector (…, N) for each matrix. Batches broadcast.
 * Mirrors `torch.linalg.solve`.
 * @throws for a matrix that is singular
 * @example linalg.solve(tensor([[2, 1], [1, 3]]), tensor([3, 5]))
 */
export function solve(A: Tensor, B: Tensor, options?: SolveOptions): Tensor {
  const { result, info } = resultAndInfo("linalg.solve", A, B, options);
  checkSolved("torch.linalg.solve", A, info);
  return result;
}

function resultAndInfo(name: string, A: Tensor, B: Tensor, options?: SolveOptions): SolutionEx {
  const { left } = readOptions(options, { left: true });
  checkSquare(name, A);
  const isVector = B.ndim === 1 || (A.ndim - 1 === B.ndim && sameShape(A.shape.slice(0, -1), B.shape));
  const b = isVector ? unsqueeze(B, -1) : B;
  if (isVector) check(left, `${name}: Vector broadcasting of the left hand side is not supported for left=False`);
  checkEquation(name, A, b, left);
  const info = Tensor.empty(broadcastShapes(A.shape.slice(0, -2), b.shape.slice(0, -2), "solve"), "int32");
  const X = batched(A, b, left, (a, b) => solution(a, b, info));
  return { result: isVector ? owned(squeeze(X, -1)) : X, info: ofBatch(info, A.shape.slice(0, -2)) };
}

/** Of numbers for a batch that was repeated, those for the batch itself. */
function ofBatch(numbers: Tensor, batch: Shape): Tensor {
  let own = numbers;
  while (own.ndim > batch.length) own = select(own, 0, 0);
  return owned(batch.reduce((x, size, d) => (size === 1 ? narrow(x, d, 0, 1) : x), own));
}

function checkSolved(name: string, A: Tensor, info: Tensor): void {
  const k = elementsOf(info).findIndex((place) => place > 0);
  check(k < 0, () => `${name}: ${inBatch(A, k)}The solver failed because the input matrix is singular.`);
}

/** On which side the unknown stands, and what becomes of a matrix that is singular. */
export interface SolveExOptions extends SolveOptions, CheckErrorsOptions {}

/** The solution, and whether there is one. */
export interface SolutionEx {
  /** The solution; of a singular matrix, whatever came of it. */
  result: Tensor;
  /** Which divisor was 0, int32, counted from 1; 0 if none was. */
  info: Tensor;
}

/** The solution, with a number that says whether there is one instead of an error. Mirrors `torch.linalg.solve_ex`. @example linalg.solveEx(tensor([[2, 1], [1, 1]]), tensor([3, 2])) */
export function solveEx(A: Tensor, B: Tensor, options?: SolveExOptions): SolutionEx {
  const { left, checkErrors } = readOptions(options, { left: true, checkErrors: false });
  const made = resultAndInfo("linalg.solve_ex", A, B, { left });
  if (checkErrors) checkSolved("torch.linalg.solve_ex", A, made.info);
  return made;
}

/** @throws unless A X = B, or X A = B, fits */
function checkEquation(name: string, A: Tensor, B: Tensor, left: boolean): void {
  check(B.ndim >= 2, () => `${name}: The input tensor B must have at least 2 dimensions. It has ${B.ndim}`);
  const otherType = () =>
    `${name}: Expected A and B to have the same dtype, but found A of type ${scalarName[A.dtype]} and ` +
    `B of type ${scalarName[B.dtype]} instead`;
  check(A.dtype === B.dtype, otherType);
  const [[n], [rows, columns]] = [sizesOf(A), sizesOf(B)];
  const equation = left ? "AX = B" : "XA = B";
  const otherSize = () =>
    `${name}: Incompatible shapes of A and B for the equation ${equation} (${n}x${n} and ${rows}x${columns})`;
  check(n === (left ? rows : columns), otherSize);
}

/** X for batches that broadcast; with the unknown on the left by the transposes. */
function batched(A: Tensor, B: Tensor, left: boolean, solver: (A: Tensor, B: Tensor) => Tensor): Tensor {
  const batch = broadcastShapes(A.shape.slice(0, -2), B.shape.slice(0, -2), "solve");
  const [a, b] = [A, B].map((x) => expand(x, [...batch, ...x.shape.slice(-2)]));
  return left ? solver(a, b) : owned(mT(solver(mT(a), mT(b))));
}

/** X = A⁻¹ B, of the triangle of A: dB = A⁻ᵀ dX, dA = the triangle of -dB Xᵀ */
const triangularSolution = defineOp(
  "solveTriangular",
  (A: Tensor, B: Tensor, upper: boolean, unitriangular: boolean): Applied => {
    const [n, m] = sizesOf(B);
    const [X] = eachMatrix(A, [[n, m]], (a, k) => {
      const b = matrixOf(B, k);
      solveTriangle(a, b, m, upper, unitriangular);
      return [b];
    });
    const toB = (dX: Tensor) => triangularSolution(mT(A), dX, !upper, unitriangular);
    const triangle = upper ? triu : tril;
    const offset = unitriangular ? (upper ? 1 : -1) : 0;
    return {
      y: X,
      saves: [A, X],
      grads: [
        [A, (dX) => neg(triangle(matmul(toB(dX), mT(X)), offset))],
        [B, toB],
      ],
    };
  },
);

/** What is known of the triangle, and on which side the unknown stands. */
export interface SolveTriangularOptions extends SolveOptions {
  /** A is upper triangular; else lower. What is in the other triangle does not count. */
  upper: boolean;
  /** The diagonal is 1, whatever stands there. Default: false. */
  unitriangular?: boolean;
}

/**
 * X with A X = B for triangular matrices A (…, N, N). A 0 on the diagonal gives ∞ and NaN, and no error.
 * Mirrors `torch.linalg.solve_triangular`.
 * @example linalg.solveTriangular(tensor([[2, 1], [0, 3]]), tensor([[4], [6]]), { upper: true })
 */
export function solveTriangular(A: Tensor, B: Tensor, options: SolveTriangularOptions): Tensor {
  const { upper, left, unitriangular } = readOptions(options, { upper: false, left: true, unitriangular: false });
  checkSquare("linalg.solve_triangular", A);
  checkEquation("linalg.solve_triangular", A, B, left);
  return batched(A, B, left, (a, b) => triangularSolution(a, b, left ? upper : !upper, unitriangular));
}

/**
 * y = det A, dA = dy · the cofactors of A: y · A⁻ᵀ, unless A is nearly singular. It is computed in float64: what a second derivative
 * adds up is far larger than the sum where A⁻¹ is large.
 */
const determinantOf = defineOp("det", (A: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  let isInvertible = true;
  const [y] = eachMatrix(A, [[]], (a) => {
    const factors = luFactors(a, n);
    isInvertible &&= !isNearlySingular(factors);
    return [[determinant(factors)]];
  });
  const perMatrix = (x: Tensor) => unsqueeze(unsqueeze(x, -1), -1);
  const grad = (dy: Tensor) => {
    const E = to(A, "float64");
    const factors = isInvertible ? mul(perMatrix(determinantOf(E)), mT(inv(E))) : cofactors(E);
    return to(mul(perMatrix(to(dy, "float64")), factors), A.dtype);
  };
  return { y, saves: [A], grads: [[A, grad]] };
});

/** cᵢⱼ = (-1)ⁱ⁺ʲ det (A without row i and column j) */
function cofactors(A: Tensor): Tensor {
  const n = A.shape[A.ndim - 1];
  const others = (i: number) => tensor(Int32Array.from({ length: n - 1 }, (_, k) => (k < i ? k : k + 1)));
  const without = (x: Tensor, dim: number) =>
    stack(
      Array.from({ length: n }, (_, i) => indexSelect(x, dim, others(i))),
      dim - 1,
    );
  const minors = transpose(without(without(A, -1), -3), -3, -2); // (…, n, n, n - 1, n - 1), by row and column
  const signs = tensor(Array.from({ length: n * n }, (_, k) => (-1) ** (Math.floor(k / n) + (k % n))));
  return mul(determinantOf(minors), to(view(signs, n, n), A.dtype));
}

/** The determinant of each matrix (…, N, N). Mirrors `torch.linalg.det`. @example linalg.det(tensor([[1, 2], [3, 4]])) */
export function det(A: Tensor): Tensor {
  checkSquare("linalg.det", A);
  return determinantOf(A);
}

/** y = log |det A|, dA = dy · A⁻ᵀ */
const logDeterminantOf = defineOp("slogdet", (A: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  const [y] = eachMatrix(A, [[]], (a) => [[logDeterminant(luFactors(a, n)).log]]);
  return { y, saves: [A], grads: [[A, (dy) => mul(unsqueeze(unsqueeze(dy, -1), -1), mT(inv(A)))]] };
});

/** y = the sign of det A, dA = 0 */
const signOf = defineOp("slogdetSign", (A: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  const [y] = eachMatrix(A, [[]], (a) => [[logDeterminant(luFactors(a, n)).sign]]);
  return { y, grads: [[A, () => zeros(A.shape, { dtype: A.dtype })]] };
});

/** What a determinant is, also where it is too large or too small to be a number. */
export interface SignAndLog {
  /** 1, -1 or, of a singular matrix, 0. */
  sign: Tensor;
  /** The logarithm of its size: -∞ of a singular matrix. */
  logabsdet: Tensor;
}

/**
 * The sign of each determinant, and the logarithm of its size, to which alone the gradient goes. Mirrors `torch.linalg.slogdet`.
 * @example linalg.slogdet(tensor([[1, 2], [3, 4]]))
 */
export function slogdet(A: Tensor): SignAndLog {
  checkSquare("linalg.slogdet", A);
  return { sign: signOf(A), logabsdet: logDeterminantOf(A) };
}

/** log det A: NaN where that is negative. Mirrors `torch.logdet`. @example tensor([[2, 0], [0, 3]]).logdet() */
export function logdet(A: Tensor): Tensor {
  checkSquare("logdet", A);
  const { sign, logabsdet } = slogdet(A);
  return where(lt(sign, 0), Number.NaN, logabsdet);
}
