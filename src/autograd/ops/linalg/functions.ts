/** Functions of matrices: pseudoinverses, least squares, powers, exponentials, ranks. */
import { check } from "../../../tensor/check.ts";
import { eye, zeros } from "../../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { luFactors, solveFactored } from "../../../tensor/linalg/lu.ts";
import { singularValues } from "../../../tensor/linalg/singular.ts";
import { readOptions } from "../../../tensor/options.ts";
import { broadcastShapes, formatShape, type Int, type Shape } from "../../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp, detach, owned } from "../../op.ts";
import { gt } from "../compare.ts";
import { abs, add, mul, sub, where } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { cat, narrow } from "../parts.ts";
import { sum } from "../reduction.ts";
import { clone, expand, squeeze, unsqueeze } from "../shape.ts";
import { checkMatrices, checkSquare, checkSquareSizes, eachMatrix, inBatch, mT, sizesOf } from "./batches.ts";
import { inv } from "./solving.ts";
import { eigvalsh, svdvals } from "./spectral.ts";

/** A number, or one for each matrix, which broadcast with the batch. */
export type Tolerance = number | Tensor;

/** Up to where a singular value counts as 0. */
interface Tolerances {
  /** Up to this number. Default: null, which is 0. */
  atol?: Tolerance | null;
  /** Up to this share of the largest. Default: null, max(M, N) times the rounding of the dtype, or 0 where atol is above 0. */
  rtol?: Tolerance | null;
  /** The matrices are symmetric: only the lower triangle is read. Default: false. */
  hermitian?: boolean;
}

/** Options of ranks. */
export interface RankOptions extends Tolerances {
  /** What atol was in older versions of PyTorch; rtol is then 0. Default: null. */
  tol?: Tolerance | null;
}

/** Options of pseudoinverses. */
export interface PinvOptions extends Tolerances {
  /** What rtol was in older versions of PyTorch. Default: null. */
  rcond?: Tolerance | null;
}

const roundings: Readonly<Record<string, number>> = { float32: 2 ** -23, float64: 2 ** -52 };

/** Up to where it is, for the largest of matrix number k. */
type Threshold = (largest: number, k: number) => number;

function thresholdFor(x: Tensor, batch: Shape, { atol, rtol }: Tolerances): Threshold {
  const usual = Math.max(...sizesOf(x)) * roundings[x.dtype];
  const [absoluteOf, relativeOf] = [perMatrix(atol, batch), perMatrix(rtol, batch)];
  return (largest, k) => {
    const absolute = absoluteOf(k) ?? 0;
    return Math.max(absolute, (relativeOf(k) ?? (absolute > 0 ? 0 : usual)) * largest);
  };
}

/** The tolerance of matrix number k. */
function perMatrix(tolerance: Tolerance | null | undefined, batch: Shape): (k: number) => number | null | undefined {
  if (!(tolerance instanceof Tensor)) return () => tolerance;
  const elements = elementsOf(expand(detach(tolerance), batch));
  return (k) => elements[k];
}

/**
 * y = A⁺. With K = dyᵀ y or y dyᵀ, what Golub and Pereyra found for matrices of constant rank
 * @param hermitian A is symmetric: its upper triangle is not read, and has a gradient like the lower one
 */
const pseudoinverseOf = defineOp("pinv", (A: Tensor, threshold: Threshold, hermitian: boolean): Applied => {
  const [m, n] = sizesOf(A);
  const [P] = eachMatrix(A, [[n, m]], (a, k) => {
    if (hermitian) for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j];
    const { u, s, v } = singularValues(a, m, n);
    const least = threshold(s[0] ?? 0, k);
    const y = new Float64Array(n * m);
    for (let k = 0; k < s.length && s[k] > least; k++) {
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) y[i * m + j] += (v[i * n + k] * u[j * m + k]) / s[k];
    }
    return [y];
  });
  const grad = (dy: Tensor) => {
    const dPt = mT(dy);
    if (m <= n) {
      const K = matmul(dPt, P);
      const KPt = matmul(K, mT(P));
      const outside = sub(KPt, matmul(matmul(A, P), KPt));
      return add(sub(outside, mT(matmul(P, K))), matmul(matmul(mT(P), P), sub(dPt, matmul(K, A))));
    }
    const K = matmul(P, dPt);
    const PtK = matmul(mT(P), K);
    const outside = sub(PtK, matmul(matmul(PtK, P), A));
    return add(sub(outside, mT(matmul(K, P))), matmul(matmul(sub(dPt, matmul(A, K)), P), mT(P)));
  };
  return { y: P, saves: [A, P], grads: [[A, grad]] };
});

/**
 * Moore and Penrose's pseudoinverse of each matrix (…, M, N): the inverse where there is one, and in the least squares sense where there
 * is none. Mirrors `torch.linalg.pinv`.
 * @example linalg.pinv(tensor([[1, 0], [0, 2], [0, 0]]))
 */
export function pinv(A: Tensor, options?: PinvOptions): Tensor {
  const defaults = { atol: null, rtol: null, rcond: null, hermitian: false };
  const { hermitian, atol, rtol, rcond } = readOptions<PinvOptions>(options, defaults);
  const noMatrices = () =>
    `linalg.pinv(${scalarName[A.dtype]}{${formatShape(A.shape)}}): expected a tensor with 2 or more dimensions of float, ` +
    "double, cfloat or cdouble types";
  check(A.ndim >= 2 && isFloatingPoint(A.dtype), noMatrices);
  if (hermitian) checkSquare("linalg.pinv", A);
  return pseudoinverseOf(A, thresholdFor(A, A.shape.slice(0, -2), { atol, rtol: rtol ?? rcond }), hermitian);
}

/**
 * How many singular values of each matrix (…, M, N) do not count as 0, int32. Mirrors `torch.linalg.matrix_rank`.
 * @example linalg.matrixRank(tensor([[1, 2], [2, 4]]))
 */
export function matrixRank(A: Tensor, options?: RankOptions): Tensor {
  const defaults = { atol: null, rtol: null, tol: null, hermitian: false };
  const { hermitian, atol, rtol, tol } = readOptions<RankOptions>(options, defaults);
  check(
    A.ndim >= 2,
    () => `torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions. It has ${A.ndim}`,
  );
  const x = detach(A);
  const tolerances = tol === null ? { atol, rtol } : { atol: tol, rtol: 0 };
  const batch = Object.values(tolerances)
    .filter((tolerance) => tolerance instanceof Tensor)
    .reduce((shape, tolerance) => broadcastShapes(shape, tolerance.shape, "matrix_rank"), A.shape.slice(0, -2));
  const threshold = thresholdFor(A, batch, tolerances);
  const found = hermitian ? abs(eigvalsh(x)) : svdvals(x);
  const n = found.shape[found.ndim - 1];
  if (n === 0) return zeros(batch, { dtype: "int32" });
  const values = expand(found, [...batch, n]);
  const data = Float64Array.from(elementsOf(values));
  const limits = zeros([...batch, 1], { dtype: "float64" });
  limits.storage.data.forEach((_, k) => {
    limits.storage.data[k] = threshold(data.subarray(k * n, (k + 1) * n).reduce(larger, 0), k);
  });
  return sum(gt(values, limits), -1);
}

const larger = (a: number, b: number): number => Math.max(a, b);

/** The solution of a least squares problem, and what is found beside it. */
export interface LeastSquares {
  /** X, (…, N, K). */
  solution: Tensor;
  /** Σ (A X - B)² for each column, where M > N and all ranks are N; else, and with "gelsy", nothing. It has no gradient. */
  residuals: Tensor;
  /** How many singular values of each A do not count as 0, int32; with "gels" nothing. */
  rank: Tensor;
  /** Those of each A, with "gelsd" and "gelss"; else nothing. */
  singularValues: Tensor;
}

const drivers = ["gels", "gelsy", "gelsd", "gelss"];

/** Up to where a singular value counts as 0. */
export interface LstsqOptions {
  /** Up to this share of the largest. Default: null, max(M, N) times the rounding of the dtype. */
  rcond?: number | null;
  /** What is found beside the solution, as PyTorch's methods do: "gels" is for matrices of full rank. Default: "gelsy". */
  driver?: "gels" | "gelsy" | "gelsd" | "gelss" | null;
}

/**
 * The X for which Σ (A X - B)² is least, of several the shortest, for A (…, M, N) and B (…, M, K), or a vector (…, M).
 * Mirrors `torch.linalg.lstsq`. However it is asked for, it is found by singular values.
 * @throws for a matrix of less than full rank, with "gels"
 * @example linalg.lstsq(tensor([[1, 1], [1, 2], [1, 3]]), tensor([[1], [2], [2]]), { driver: "gelsd" })
 */
export function lstsq(A: Tensor, B: Tensor, options?: LstsqOptions): LeastSquares {
  const { rcond, driver: given } = readOptions<LstsqOptions>(options, { rcond: null, driver: null });
  const driver = given ?? "gelsy";
  checkMatrices("torch.linalg.lstsq", A);
  const unknown = `torch.linalg.lstsq: parameter \`driver\` should be one of (${drivers.join(", ")})`;
  check(drivers.includes(driver), unknown);
  const isVector = B.ndim === A.ndim - 1;
  const [m, n] = sizesOf(A);
  const rows = isVector ? B.shape[B.ndim - 1] : B.shape[B.ndim - 2];
  check(
    m === rows,
    () => `torch.linalg.lstsq: input.size(-2) should match other.size(${isVector ? -1 : -2}): ${m}, not ${rows}`,
  );
  const tolerances = { rtol: rcond };
  const b = isVector ? unsqueeze(B, -1) : B;
  const X = matmul(pinv(A, tolerances), b);
  const rank = matrixRank(A, tolerances);
  const deficient = rank.data.findIndex((r) => r < Math.min(m, n));
  const notOfFullRank = () =>
    `torch.linalg.lstsq: ${inBatch(A, deficient)}The least squares solution could not be computed because the input matrix ` +
    `does not have full rank (error code: ${rank.data[deficient] + 1}).`;
  check(driver !== "gels" || deficient < 0, notOfFullRank);
  const hasResiduals = driver !== "gelsy" && m > n && deficient < 0;
  const differences = hasResiduals ? detach(sub(matmul(A, X), b)) : null;
  return {
    solution: isVector ? owned(squeeze(X, -1)) : X,
    residuals: differences ? sum(mul(differences, differences), -2) : zeros([0], { dtype: A.dtype }),
    rank: driver === "gels" ? zeros([0], { dtype: "int32" }) : rank,
    singularValues: driver === "gelsd" || driver === "gelss" ? svdvals(detach(A)) : zeros([0], { dtype: A.dtype }),
  };
}

/**
 * A · A · … of n factors, by squares; of the inverse for a negative n. Mirrors `torch.linalg.matrix_power`.
 * @example linalg.matrixPower(tensor([[1, 1], [0, 1]]), 5)
 */
export function matrixPower(A: Tensor, n: Int): Tensor {
  checkSquareSizes("linalg.matrix_power", A);
  if (n === 0) return where(zeros([], { dtype: "bool" }), A, eye(A.shape[A.ndim - 1], { dtype: A.dtype })); // dA = 0
  let square = n < 0 ? inv(A) : A;
  let y: Tensor | null = null;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) y = y ? matmul(y, square) : square;
    if (rest > 1) square = matmul(square, square);
  }
  return y === A ? clone(A) : (y as Tensor);
}

/** y = e^A, dA = the upper right block of e^[[Aᵀ, dy], [0, Aᵀ]] */
const exponentialOf = defineOp("matrixExp", (A: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  const [y] = eachMatrix(A, [[n, n]], (a) => [exponential(a, n)]);
  const grad = (dy: Tensor) => {
    const At = mT(A);
    const upper = cat([At, dy], -1);
    const lower = cat([zeros(A.shape, { dtype: A.dtype }), At], -1);
    return clone(narrow(narrow(exponentialOf(cat([upper, lower], -2)), -2, 0, n), -1, n, n));
  };
  return { y, saves: [A], grads: [[A, grad]] };
});

/** The coefficients of Padé's approximation of degree 6: numerator p(x), denominator p(-x). */
const PADE = [1, 1 / 2, 5 / 44, 1 / 66, 1 / 792, 1 / 15840, 1 / 665280];

/** e^A = (e^(A / 2ˢ))^(2ˢ): by Padé's approximation of a small matrix, then squared s times. */
function exponential(a: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += Math.abs(a[i * n + j]);
    norm = Math.max(norm, row);
  }
  const squarings = norm > 0.25 && Number.isFinite(norm) ? Math.ceil(Math.log2(norm / 0.25)) : 0;
  const small = a.map((value) => value / 2 ** squarings);
  const [above, below] = [new Float64Array(n * n), new Float64Array(n * n)];
  let power = new Float64Array(n * n);
  for (let i = 0; i < n; i++) power[i * n + i] = 1;
  PADE.forEach((coefficient, degree) => {
    const sign = degree % 2 === 0 ? 1 : -1;
    power.forEach((value, i) => {
      above[i] += coefficient * value;
      below[i] += sign * coefficient * value;
    });
    power = product(power, small, n);
  });
  solveFactored(luFactors(below, n), above, n);
  let y = above;
  for (let k = 0; k < squarings; k++) y = product(y, y, n);
  return y;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const y = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) y[i * n + j] += a[i * n + k] * b[k * n + j];
  }
  return y;
}

/** e^A = I + A + A² / 2 + … for each matrix (…, N, N). Mirrors `torch.linalg.matrix_exp`. @example linalg.matrixExp(zeros([2, 2])) */
export function matrixExp(A: Tensor): Tensor {
  checkSquare("linalg.matrix_exp", A);
  return exponentialOf(A);
}
