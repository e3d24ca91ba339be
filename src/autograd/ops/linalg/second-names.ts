/** What PyTorch has of linear algebra outside `linalg`, too: second names, and older forms. */
import { readOptions } from "../../../tensor/options.ts";
import type { Int } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { mT } from "./batches.ts";
import { inverseByCholesky, solveByCholesky } from "./by-cholesky.ts";
import { type CholeskyOptions, type QR, qr as qrOf, torchCholesky } from "./factorizations.ts";
import { matrixExp as matrixExpOf, matrixPower as matrixPowerOf, pinv } from "./functions.ts";
import {
  type LUFactorsEx,
  type LUOptions,
  type LUUnpackOptions,
  luFactorEx,
  luSolve as luSolveOf,
  type PLU,
  unpacked,
} from "./lu.ts";
import { det as detOf, inv, type SignAndLog, slogdet as slogdetOf } from "./solving.ts";
import { svd as svdOf } from "./spectral.ts";

/** `linalg.det`. Mirrors `torch.det`. @example tensor([[1, 2], [3, 4]]).det() */
export const det = (A: Tensor): Tensor => detOf(A);

/** `linalg.slogdet`. Mirrors `torch.slogdet`. @example tensor([[1, 2], [3, 4]]).slogdet() */
export const slogdet = (A: Tensor): SignAndLog => slogdetOf(A);

/** `linalg.inv`. Mirrors `torch.inverse`. @example tensor([[2, 1], [1, 1]]).inverse() */
export const inverse = (A: Tensor): Tensor => inv(A);

/** `linalg.pinv`, with the share of the largest singular value up to which one counts as 0. Mirrors `torch.pinverse`. @example ones([2, 3]).pinverse() */
export const pinverse = (A: Tensor, rcond = 1e-15): Tensor => pinv(A, { rtol: rcond });

/** `linalg.cholesky`. Mirrors `torch.cholesky`. @example tensor([[4, 2], [2, 5]]).cholesky() */
export const cholesky = (A: Tensor, options?: CholeskyOptions): Tensor => torchCholesky(A, options);

/** Which Q. */
export interface QROptions {
  /** Q (…, M, min(M, N)), not (…, M, M). Default: true. */
  some?: boolean;
}

/** `linalg.qr`. Mirrors `torch.qr`. @example tensor([[3, 1], [4, 2]]).qr() */
export const qr = (A: Tensor, options?: QROptions): QR =>
  qrOf(A, readOptions(options, { some: true }).some ? "reduced" : "complete");

/** U, S and V: not Vᵀ. */
export interface USV {
  /** The left singular vectors, in columns. */
  U: Tensor;
  /** The singular values, descending. */
  S: Tensor;
  /** The right singular vectors, in columns. */
  V: Tensor;
}

/** Which vectors. */
export interface TorchSVDOptions {
  /** As many as there are singular values, not all. Default: true. */
  some?: boolean;
}

/** `linalg.svd`, with V in the place of Vᵀ, and fewer vectors. Mirrors `torch.svd`. @example tensor([[3, 0], [0, 4]]).svd().S */
export function svd(A: Tensor, options?: TorchSVDOptions): USV {
  const { some } = readOptions(options, { some: true });
  const { U, S, Vh } = svdOf(A, { fullMatrices: !some });
  return { U, S, V: mT(Vh) };
}

/** (L Lᵀ)⁻¹ for Cholesky's factor L, or with `upper` its transpose. Mirrors `torch.cholesky_inverse`. @example tensor([[2, 0], [1, 2]]).choleskyInverse() */
export const choleskyInverse = (L: Tensor, options?: CholeskyOptions): Tensor => inverseByCholesky(L, options);

/** X with L Lᵀ X = B, for Cholesky's factor L, or with `upper` its transpose. Mirrors `torch.cholesky_solve`. @example tensor([[4], [9]]).choleskySolve(tensor([[2, 0], [1, 2]])) */
export const choleskySolve = (B: Tensor, L: Tensor, options?: CholeskyOptions): Tensor =>
  solveByCholesky(B, L, options);

/** `linalg.luSolve`, with B in front. Mirrors `torch.lu_solve`. @example tensor([[4], [9]]).luSolve(eye(2), tensor([1, 2], { dtype: "int32" })) */
export const luSolve = (B: Tensor, LU: Tensor, pivots: Tensor): Tensor => luSolveOf(LU, pivots, B);

/** P, L and U of what `linalg.luFactor` gives. Mirrors `torch.lu_unpack`. @example luUnpack(eye(2), tensor([1, 2], { dtype: "int32" })).L */
export const luUnpack = (LU: Tensor, pivots: Tensor, options?: LUUnpackOptions): PLU => unpacked(LU, pivots, options);

/** `linalg.luFactorEx`. Mirrors `torch.lu`. @example tensor([[1, 2], [4, 2]]).lu().LU */
export const lu = (A: Tensor, options?: LUOptions): LUFactorsEx => luFactorEx(A, options);

/** `linalg.matrixExp`. Mirrors `torch.matrix_exp`. @example zeros([2, 2]).matrixExp() */
export const matrixExp = (A: Tensor): Tensor => matrixExpOf(A);

/** `linalg.matrixPower`. Mirrors `torch.matrix_power`. @example tensor([[1, 1], [0, 1]]).matrixPower(5) */
export const matrixPower = (A: Tensor, n: Int): Tensor => matrixPowerOf(A, n);
