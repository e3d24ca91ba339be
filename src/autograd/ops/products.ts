/** Products beside those of matmul.ts: over several dimensions, of vectors in space, of blocks, and products that are added. */
import { check } from "../../tensor/check.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape, type Int, normalizeDim, numelOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { owned } from "../op.ts";
import { add, mul } from "./elementwise.ts";
import { bmm, dot, matmul, outer } from "./matmul.ts";
import { sum } from "./reduction.ts";
import { expand, permute, reshape, to } from "./shape.ts";
import { crossAlong } from "./shared/cross.ts";
import { checkSameType } from "./shared/same-type.ts";

/**
 * Σ a · b over several dimensions of each: the last `dims` of a with the first of b; or those in two lists, one by one. What is
 * left of a comes first. Mirrors `torch.tensordot`.
 * @example
 * const [a, b] = [arange(12).view(3, 4, 1), arange(24).view(4, 3, 2)];
 * console.log(tensordot(a, b, [[1, 0], [0, 1]]), tensordot(ones([2, 3]), ones([3, 4]), 1).shape);
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  dims: Int | readonly [a: readonly Int[], b: readonly Int[]] = 2,
): Tensor {
  check(typeof dims !== "number" || dims >= 0, () => `tensordot expects dims >= 0, but got dims=${dims}`);
  if (typeof dims === "number" && dims > 0) normalizeDim(-dims, a.ndim);
  const count = typeof dims === "number" ? Array.from({ length: dims }, (_, k) => k) : [];
  const [listA, listB] = typeof dims === "number" ? [count.map((k) => k - dims), count] : dims;
  check(listA.length === listB.length, "both dimension lists should have same length");
  checkSameType(a, b);
  const [overA, overB] = [listA.map((dim) => normalizeDim(dim, a.ndim)), listB.map((dim) => normalizeDim(dim, b.ndim))];
  let [x, y] = [a, b];
  overA.forEach((d, k) => {
    const [sizeA, sizeB] = [x.shape[d], y.shape[overB[k]]];
    const mismatch = () =>
      `contracted dimensions need to match, but first has size ${sizeA} in dim ${listA[k]} ` +
      `and second has size ${sizeB} in dim ${listB[k]}`;
    check(sizeA === sizeB || sizeA === 1 || sizeB === 1, mismatch);
    if (sizeA === 1 && sizeB !== 1) y = sum(y, overB[k], { keepdim: true });
    if (sizeB === 1 && sizeA !== 1) x = sum(x, d, { keepdim: true });
  });
  const [ownA, ownB] = [without(a, overA), without(b, overB)];
  const [shapeA, shapeB] = [ownA.map((d) => a.shape[d]), ownB.map((d) => b.shape[d])];
  const inner = numelOf(overA.map((d) => x.shape[d]));
  const left = reshape(permute(x, [...ownA, ...overA]), numelOf(shapeA), inner);
  const right = reshape(permute(y, [...overB, ...ownB]), inner, numelOf(shapeB));
  return owned(reshape(matmul(left, right), [...shapeA, ...shapeB]));
}

const without = ({ ndim }: Tensor, dims: readonly number[]): number[] =>
  Array.from({ length: ndim }, (_, d) => d).filter((d) => !dims.includes(d));

/**
 * The cross product of vectors of three elements along dim: a vector that is perpendicular to both. The other dimensions
 * broadcast. Mirrors `torch.cross`.
 *
 * @param dim the first of size 3, if left out
 * @example tensor([1, 0, 0]).cross(tensor([0, 1, 0]))
 */
export function cross(a: Tensor, b: Tensor, dim?: Int): Tensor {
  const found = dim ?? a.shape.indexOf(3);
  check(found >= 0 || dim !== undefined, "no dimension of size 3 in input");
  return crossAlong(a, b, found);
}

/**
 * Kronecker's product: b times each element of a, as blocks. The dimensions are aligned at the last. Mirrors `torch.kron`.
 * @example eye(2).kron(tensor([[1, 2], [3, 4]]))
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  const ndim = Math.max(a.ndim, b.ndim);
  const padded = ({ shape }: Tensor) => [...Array<number>(ndim - shape.length).fill(1), ...shape];
  const [sizesA, sizesB] = [padded(a), padded(b)];
  // (2, 3) and (4, 5): (2, 1, 3, 1) · (1, 4, 1, 5), (8, 15)
  const x = reshape(
    a,
    sizesA.flatMap((size) => [size, 1]),
  );
  const y = reshape(
    b,
    sizesB.flatMap((size) => [1, size]),
  );
  return owned(
    reshape(
      mul(x, y),
      sizesA.map((size, d) => size * sizesB[d]),
    ),
  );
}

/** Σ a · b over the last dimension of both; of a scalar, the product. Mirrors `torch.inner`. @example eye(2).inner(tensor([1, 2])) */
export function inner(a: Tensor, b: Tensor): Tensor {
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b);
  const mismatch = () =>
    "inner() the last dimension must match on both input tensors but got shapes " +
    `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
  check(a.shape[a.ndim - 1] === b.shape[b.ndim - 1], mismatch);
  return tensordot(a, b, [[-1], [-1]]);
}

/** `dot`: of real numbers it is the same. Mirrors `torch.vdot`. @example tensor([1, 2]).vdot(tensor([3, 4])) */
export const vdot = (a: Tensor, b: Tensor): Tensor => dot(a, b);

/** How a product is added. */
export interface AddmmOptions {
  /** The factor of what it is added to; with 0, that does not count, NaN neither. Default: 1. */
  beta?: number;
  /** The factor of the product. Default: 1. */
  alpha?: number;
}

/** y = beta · x + alpha · product */
function added(x: Tensor, product: Tensor, options?: AddmmOptions): Tensor {
  const { beta, alpha } = readOptions(options, { beta: 1, alpha: 1 });
  const start = expand(x, product.shape);
  for (const [name, factor] of Object.entries({ beta, alpha })) {
    const fraction = `For integral input tensors, argument ${name} must not be a floating point number, but it is ${factor}.`;
    check(isFloatingPoint(product.dtype) || Number.isInteger(factor), fraction);
  }
  const scaled = alpha === 1 ? product : mul(product, alpha);
  if (beta === 0) return scaled;
  return add(beta === 1 ? start : mul(start, beta), scaled);
}

/**
 * y = beta · x + alpha · a @ b, for a (N, K), b (K, M) and x that broadcasts to (N, M). Mirrors `torch.addmm`.
 * @example ones(2).addmm(tensor([[1, 2]]), tensor([[3, 4], [5, 6]]), { beta: 10 })
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
  check(a.ndim === 2, () => `mat1 must be a matrix, got ${a.ndim}-D tensor`);
  check(b.ndim === 2, () => `mat2 must be a matrix, got ${b.ndim}-D tensor`);
  check(x.dtype === b.dtype, () => `self and mat2 must have the same dtype, but they are ${x.dtype} and ${b.dtype}`);
  return added(x, matmul(a, b), options);
}

/**
 * y = beta · x + alpha · a @ b, for a (N, K), b (K) and x that broadcasts to (N). Mirrors `torch.addmv`.
 * @example ones(2).addmv(eye(2), tensor([3, 4]))
 */
export function addmv(x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
  const otherRanks = () => `vector + matrix @ vector expected, got ${x.ndim}, ${a.ndim}, ${b.ndim}`;
  check(a.ndim === 2 && b.ndim === 1 && x.ndim <= 1, otherRanks);
  const [n, k] = a.shape;
  const fits = k === b.numel && (x.numel === n || x.numel === 1);
  check(fits, () => `size mismatch, got ${x.numel}, ${n}x${k},${b.numel}`);
  return added(x, matmul(a, b), options);
}

/**
 * y = beta · x + alpha · a[i] · b[j], for vectors a (N), b (M) and x that broadcasts to (N, M). Mirrors `torch.addr`.
 * @example zeros([2, 3]).addr(tensor([1, 2]), tensor([1, 2, 3]))
 */
export function addr(x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor {
  check(a.ndim === 1, () => `addr: Expected 1-D argument vec1, but got ${a.ndim}-D`);
  check(b.ndim === 1, () => `addr: Expected 1-D argument vec2, but got ${b.ndim}-D`);
  const y = added(x, outer(a, b), options);
  return x.dtype === "bool" && a.dtype === "bool" && b.dtype === "bool" ? to(y, "bool") : y;
}

/**
 * y = beta · x + alpha · a @ b for each of a batch, (B, N, K) and (B, K, M), no broadcasting of these. Mirrors `torch.baddbmm`.
 * @example ones([2, 3]).baddbmm(ones([5, 2, 4]), ones([5, 4, 3])).shape
 */
export const baddbmm = (x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor =>
  added(x, bmm(a, b), options);

/**
 * y = beta · x + alpha · Σ a @ b over a batch, (B, N, K) and (B, K, M). Mirrors `torch.addbmm`.
 * @example zeros([2, 3]).addbmm(ones([5, 2, 4]), ones([5, 4, 3]))
 */
export const addbmm = (x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions): Tensor =>
  added(x, sum(bmm(a, b), 0), options);
