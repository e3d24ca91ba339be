/** The largest singular values and their vectors, by random projections (Halko, Martinsson & Tropp 2009, https://arxiv.org/abs/0909.4061). */
import { check } from "../../../tensor/check.ts";
import { randn } from "../../../tensor/create.ts";
import { isFloatingPoint } from "../../../tensor/dtype.ts";
import { readOptions } from "../../../tensor/options.ts";
import type { Int } from "../../../tensor/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { sub } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { mean } from "../reduction.ts";
import { checkSameType } from "../shared/same-type.ts";
import { mT, sizesOf } from "./batches.ts";
import { qr } from "./factorizations.ts";
import type { USV } from "./second-names.ts";
import { svd } from "./spectral.ts";

/** How much is computed. */
export interface LowRankOptions {
  /** How many singular values; a little more than the rank that is expected. Default: 6. */
  q?: Int;
  /** How often the projection is refined. Default: 2. */
  niter?: Int;
}

/** The same, and what is subtracted. */
export interface SVDLowrankOptions extends LowRankOptions {
  /** A matrix that is subtracted from A, such as its mean. Default: none. */
  M?: Tensor | null;
}

/** The same, and whether the mean is subtracted. */
export interface PCALowrankOptions extends LowRankOptions {
  /** Subtract the mean of the rows first. Default: true. */
  center?: boolean;
}

/** Q with perpendicular columns that nearly span what A maps to. */
function basis(A: Tensor, q: number, niter: number): Tensor {
  const orthogonal = (x: Tensor) => qr(x).Q;
  const R = randn([sizesOf(A)[1], q], { dtype: isFloatingPoint(A.dtype) ? A.dtype : "float32" });
  checkSameType(A, R);
  let Q = orthogonal(matmul(A, R));
  for (let step = 0; step < niter; step++) Q = orthogonal(matmul(A, orthogonal(matmul(mT(A), Q))));
  return Q;
}

/** Refining converges in a few steps. */
const MOST_REFINEMENTS = 1000;

function lowRank(A: Tensor, q: number, niter: number): USV {
  const tooOften = () => `niter(=${niter}) is more than ${MOST_REFINEMENTS}: refining converges in a few steps`;
  check(niter <= MOST_REFINEMENTS, tooOften);
  const [m, n] = sizesOf(A);
  if (m < n || n > q) {
    const Q = basis(mT(A), q, niter);
    const { U, S, Vh } = svd(matmul(A, Q), { fullMatrices: false });
    return { U, S, V: matmul(Q, mT(Vh)) };
  }
  const Q = basis(A, q, niter);
  const { U, S, Vh } = svd(matmul(mT(Q), A), { fullMatrices: false });
  return { U: matmul(Q, U), S, V: mT(Vh) };
}

/**
 * U, S and V of which U S Vᵀ is nearly each matrix (…, M, N), or that without M, where its rank is at most q. Mirrors
 * `torch.svd_lowrank`.
 * @throws for more than 1000 refinements
 * @example svdLowrank(ones([4, 3]), { q: 1 }).S
 */
export function svdLowrank(A: Tensor, options?: SVDLowrankOptions): USV {
  const { q, niter, M } = readOptions<SVDLowrankOptions>(options, { q: 6, niter: 2, M: null });
  return lowRank(M ? sub(A, M) : A, q, niter);
}

/**
 * The principal components of rows: the directions, V, in which they differ most, and by how much, S. Mirrors `torch.pca_lowrank`.
 * @throws for a q above both sizes, or more than 1000 refinements
 * @example pcaLowrank(tensor([[1, 0], [2, 0], [3, 0]]), { q: 1 }).S
 */
export function pcaLowrank(A: Tensor, options?: PCALowrankOptions): USV {
  const least = Math.min(...sizesOf(A));
  const { q, niter, center } = readOptions(options, { q: Math.min(6, least), niter: 2, center: true });
  check(q >= 0 && q <= least, () => `q(=${q}) must be non-negative integer and not greater than min(m, n)=${least}`);
  check(niter >= 0, () => `niter(=${niter}) must be non-negative integer`);
  return lowRank(center ? sub(A, mean(A, -2, { keepdim: true })) : A, q, niter);
}
