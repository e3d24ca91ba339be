/** Cholesky's factor and QR. */
import { check } from "../../../tensor/check.ts";
import { full } from "../../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../../tensor/dtype.ts";
import { householder } from "../../../tensor/linalg/qr.ts";
import { choleskyFactor } from "../../../tensor/linalg/triangular.ts";
import { readOptions } from "../../../tensor/options.ts";
import { elementsOf, Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../../op.ts";
import { add, mul, neg } from "../elementwise.ts";
import { tril, triu } from "../masks.ts";
import { matmul } from "../matmul.ts";
import { cat, narrow } from "../parts.ts";
import { checkMatrices, checkSquare, eachMatrix, inBatch, mT, sizesOf } from "./batches.ts";
import { solveTriangular } from "./solving.ts";

/**
 * y = L with A = L Lᵀ. With Φ, the lower triangle with half the diagonal, dA = L⁻ᵀ Φ(Lᵀ dL) L⁻¹, made symmetric
 * @param info gets the order of the first leading minor that is not positive-definite, 0 if all are
 */
const choleskyOf = defineOp("cholesky", (A: Tensor, info: Tensor): Applied => {
  const n = A.shape[A.ndim - 1];
  const [L] = eachMatrix(A, [[n, n]], (a, k) => {
    const { factor, failed } = choleskyFactor(a, n);
    info.storage.data[k] = failed;
    return [factor];
  });
  const grad = (dL: Tensor) => {
    const product = matmul(mT(L), dL);
    const phi = mul(add(tril(product), tril(product, -1)), 0.5);
    const left = solveTriangular(mT(L), phi, { upper: true });
    const both = solveTriangular(L, left, { upper: false, left: false });
    return mul(add(both, mT(both)), 0.5);
  };
  return { y: L, saves: [L], grads: [[A, grad]] };
});

/** Which of the two factors. */
export interface CholeskyOptions {
  /** The upper triangular one, Lᵀ. Default: false. */
  upper?: boolean;
}

/**
 * The lower triangular L with A = L Lᵀ for each symmetric, positive-definite matrix (…, N, N). Mirrors `torch.linalg.cholesky`.
 * @throws for one that is not positive-definite
 * @example linalg.cholesky(tensor([[4, 2], [2, 5]]))
 */
export const cholesky = (A: Tensor, options?: CholeskyOptions): Tensor => named("linalg.cholesky", A, options);

/** The same under the name of `torch.cholesky`. */
export function torchCholesky(A: Tensor, options?: CholeskyOptions): Tensor {
  const notFloating = () =>
    `"cholesky_cpu" not implemented for '${scalarName[A.dtype]}': convert it, with x.to("float32")`;
  check(isFloatingPoint(A.dtype), notFloating);
  return named("cholesky", A, options);
}

function named(name: string, A: Tensor, options?: CholeskyOptions): Tensor {
  const { L, info } = attempted(name, A, options);
  checkDefinite(name, A, info);
  return L;
}

function attempted(name: string, A: Tensor, options?: CholeskyOptions): CholeskyEx {
  const { upper } = readOptions(options, { upper: false });
  checkSquare(name, A);
  const info = Tensor.empty(A.shape.slice(0, -2), "int32");
  const L = choleskyOf(upper ? mT(A) : A, info);
  return { L: upper ? owned(mT(L)) : L, info };
}

/** @throws for the first matrix of which the factorization has failed */
function checkDefinite(name: string, A: Tensor, info: Tensor): void {
  const orders = elementsOf(info);
  const k = orders.findIndex((order) => order > 0);
  const notPositive = () =>
    `${name}: ${inBatch(A, k)}The factorization could not be completed because the input is not positive-definite ` +
    `(the leading minor of order ${orders[k]} is not positive-definite).`;
  check(k < 0, notPositive);
}

/** Which of the two factors, and what becomes of a matrix that is not positive-definite. */
export interface CholeskyExOptions extends CholeskyOptions {
  /** Throw for one. Default: false. */
  checkErrors?: boolean;
}

/** The factor, and where it fails. */
export interface CholeskyEx {
  /** The factor; as far as it goes, if it fails. */
  L: Tensor;
  /** The order, int32, of the first leading minor that is not positive-definite; 0 if all are. */
  info: Tensor;
}

/**
 * Cholesky's factor, with a number that says where it fails instead of an error. Mirrors `torch.linalg.cholesky_ex`.
 * @example linalg.choleskyEx(tensor([[1, 2], [2, 1]])).info
 */
export function choleskyEx(A: Tensor, options?: CholeskyExOptions): CholeskyEx {
  const { upper, checkErrors } = readOptions(options, { upper: false, checkErrors: false });
  const made = attempted("linalg.cholesky_ex", A, { upper });
  if (checkErrors) checkDefinite("linalg.cholesky_ex", A, made.info);
  return made;
}

/** Q and R. */
export interface QR {
  /** The columns are perpendicular unit vectors; nothing, (0,), if only R is asked for. */
  Q: Tensor;
  /** Upper triangular. */
  R: Tensor;
}

const orthogonalOf = defineOp("qrQ", (A: Tensor, Q: Tensor, R: Tensor): Applied => {
  return { y: Q, saves: [Q, R], grads: [[A, (dQ) => fromQR(dQ, null, Q, R)]] };
});

const upperOf = defineOp("qrR", (A: Tensor, Q: Tensor, R: Tensor): Applied => {
  return { y: R, saves: [Q, R], grads: [[A, (dR) => fromQR(null, dR, Q, R)]] };
});

/**
 * dA = (dQ + Q · sym(R dRᵀ - dQᵀ Q)) R⁻ᵀ, where sym copies the lower triangle to the upper, for A with no more columns than rows. For
 * A = [X | Y] with X square: R = [U | V], dY = Q dV, and dX is that of X = Q U with dQ + Y dVᵀ in the place of dQ.
 */
function fromQR(dQ: Tensor | null, dR: Tensor | null, Q: Tensor, R: Tensor): Tensor {
  const [m, n] = sizesOf(R);
  const square = (x: Tensor) => narrow(x, -1, 0, m);
  const rest = (x: Tensor) => narrow(x, -1, m, n - m);
  if (m >= n) return fromTallQR(dQ, dR, Q, R);
  const U = square(R);
  if (!dR) return cat([fromTallQR(dQ, null, Q, U), mul(matmul(Q, rest(R)), 0)], -1);
  const Y = matmul(Q, rest(R));
  const through = matmul(Y, mT(rest(dR)));
  const dX = fromTallQR(dQ ? add(dQ, through) : through, triu(square(dR)), Q, U);
  return cat([dX, matmul(Q, rest(dR))], -1);
}

function fromTallQR(dQ: Tensor | null, dR: Tensor | null, Q: Tensor, R: Tensor): Tensor {
  const ofR = dR ? matmul(R, mT(triu(dR))) : null;
  const ofQ = dQ ? neg(matmul(mT(dQ), Q)) : null;
  const M = ofR && ofQ ? add(ofR, ofQ) : ((ofR ?? ofQ) as Tensor);
  const sym = add(tril(M), mT(tril(M, -1)));
  const inner = matmul(Q, sym);
  return solveTriangular(mT(R), dQ ? add(dQ, inner) : inner, { upper: false, left: false });
}

/**
 * Q R = A for each matrix (…, M, N): with K = min(M, N), Q (…, M, K) and R (…, K, N). Mirrors `torch.linalg.qr`.
 *
 * @param mode "complete": Q (…, M, M) and R (…, M, N); "r": R alone, which then has no gradient
 * @example linalg.qr(tensor([[3, 1], [4, 2]]))
 */
export function qr(A: Tensor, mode: "reduced" | "complete" | "r" = "reduced"): QR {
  checkMatrices("linalg.qr", A);
  const known = ["reduced", "complete", "r"].includes(mode);
  const unknown = () =>
    `qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`;
  check(known, unknown);
  const [m, n] = sizesOf(A);
  const k = mode === "complete" ? m : Math.min(m, n);
  const shapes = [[m, k], [k, n]]; // biome-ignore format: two shapes
  const [Q, R] = eachMatrix(A, shapes, (a) => {
    const { q, r } = householder(a, m, n);
    const columns = Float64Array.from({ length: m * k }, (_, i) => q[Math.floor(i / k) * m + (i % k)]);
    return [columns, r.subarray(0, k * n)];
  });
  if (mode === "r") return { Q: full([0], 0, { dtype: A.dtype }), R };
  if (mode === "complete" && m > n) return { Q, R };
  return { Q: orthogonalOf(A, Q, R), R: upperOf(A, Q, R) };
}
