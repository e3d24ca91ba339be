/** How far apart tensors are, or vectors in them; and vectors that are made shorter. */
import { check } from "../../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { detach } from "../op.ts";
import { gt } from "./compare.ts";
import { abs, add, div, mul, sub, where } from "./elementwise.ts";
import { triuIndices } from "./grids.ts";
import { indexSelect } from "./indexing.ts";
import { select } from "./parts.ts";
import { norm } from "./reduction.ts";
import { unsqueeze } from "./shape.ts";

/** The p-norm of a - b, which broadcast. Mirrors `torch.dist`. @example tensor([1, 2]).dist(tensor([4, 6])) */
export const dist = (a: Tensor, b: Tensor, p = 2): Tensor => norm(sub(a, b), p);

/** How distances are measured. */
export interface CdistOptions {
  /** The norm of the difference: 2 is Euclid's distance, 1 the sum of |a - b|, Infinity the largest of them. Default: 2. */
  p?: number;
  /** How PyTorch is to find Euclid's distance. Here it is the norm of the differences, always, which loses no digits. */
  computeMode?: ComputeMode;
}
type ComputeMode = "use_mm_for_euclid_dist_if_necessary" | "use_mm_for_euclid_dist" | "donot_use_mm_for_euclid_dist";
const computeModes: readonly ComputeMode[] = [
  "use_mm_for_euclid_dist_if_necessary",
  "use_mm_for_euclid_dist",
  "donot_use_mm_for_euclid_dist",
];

/**
 * y[…, i, j] = the p-norm of a[…, i, :] - b[…, j, :], for (…, N, K) and (…, M, K). Mirrors `torch.cdist`.
 * @throws if the vectors are not of one length
 * @example cdist(tensor([[0, 0], [3, 4]]), tensor([[3, 0], [0, 4]]))
 */
export function cdist(a: Tensor, b: Tensor, options?: CdistOptions): Tensor {
  const { p, computeMode } = readOptions<CdistOptions>(options, { p: 2, computeMode: computeModes[0] });
  check(computeModes.includes(computeMode), () => `${computeMode} is not a valid value for compute_mode`);
  for (const [name, x] of Object.entries({ X1: a, X2: b })) {
    check(x.ndim >= 2, () => `cdist only supports at least 2D tensors, ${name} got: ${x.ndim}D`);
    check(
      isFloatingPoint(x.dtype),
      () => `cdist only supports floating-point dtypes, ${name} got: ${scalarName[x.dtype]}`,
    );
  }
  const [columns, others] = [a.shape[a.ndim - 1], b.shape[b.ndim - 1]];
  check(columns === others, () => `X1 and X2 must have the same number of columns. X1: ${columns} X2: ${others}`);
  check(p >= 0, () => `cdist only supports non-negative p values, but p is ${p}`);
  return norm(sub(unsqueeze(a, -2), unsqueeze(b, -3)), p, -1);
}

/**
 * The p-norms of the differences of each two rows of a matrix, the first with all after it, then the second, and so on. Mirrors
 * `torch.pdist`.
 * @throws unless x is a matrix of floating point numbers
 * @example pdist(tensor([[0, 0], [3, 4], [0, 1]]))
 */
export function pdist(x: Tensor, p = 2): Tensor {
  check(x.ndim === 2, () => `pdist only supports 2D tensors, got: ${x.ndim}D`);
  check(isFloatingPoint(x.dtype), "pdist only supports floating-point dtypes");
  check(p >= 0, "pdist only supports non-negative p values");
  const n = x.shape[0];
  const pairs = triuIndices(n, n, 1);
  const [first, second] = [0, 1].map((k) => indexSelect(x, 0, select(pairs, 0, k)));
  return norm(sub(first, second), p, 1);
}

/**
 * The p-norm over all dimensions but one, which are kept; of -1 over all. Mirrors `torch.norm_except_dim`.
 * @example normExceptDim(tensor([[3, 4], [6, 8]]), 2, 0)
 */
export function normExceptDim(v: Tensor, pow = 2, dim: Int = 0): Tensor {
  if (dim === -1) return norm(v, pow);
  check(v.ndim > 0, () => `Dimension specified as ${dim} but tensor has no dimensions`, RangeError);
  const d = normalizeDim(dim, v.ndim);
  const others = [...v.shape.keys()].filter((k) => k !== d);
  return others.length === 0 ? abs(v) : norm(v, pow, others, { keepdim: true });
}

/**
 * The slices along dim whose p-norm is above `maxnorm`, shortened to it; the others as they are. Mirrors `torch.renorm`.
 * @example tensor([[3, 4], [0.3, 0.4]]).renorm(2, 0, 1)
 */
export function renorm(x: Tensor, p: number, dim: Int, maxnorm: number): Tensor {
  check(p > 0, () => `renorm: non-positive-norm not supported, but p is ${p}`);
  check(x.ndim >= 2, () => `renorm: input needs at least 2 dimensions, got ${x.ndim} dimensions`);
  check(maxnorm >= 0, () => `renorm: expected maxnorm to be >= 0 but got ${maxnorm}`);
  const d = normalizeDim(dim, x.ndim);
  const others = [...x.shape.keys()].filter((k) => k !== d);
  const notFloating = () =>
    `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${scalarName[x.dtype]}: convert it to float32`;
  check(isFloatingPoint(x.dtype), notFloating);
  const isLong = gt(norm(detach(x), p, others, { keepdim: true }), maxnorm);
  const long = where(isLong, x, 0); // so that the gradient of a norm that is not used is 0, also where that is NaN
  const shortened = mul(long, div(maxnorm, add(norm(long, p, others, { keepdim: true }), 1e-7)));
  return where(isLong, shortened, x);
}
