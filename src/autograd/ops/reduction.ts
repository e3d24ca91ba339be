/**
 * Reductions over one dimension, several, or all of them, and norms. (Batch norm is in layers/batch-norm.ts.)
 * A reduced dimension goes away, or stays as size 1 with keepdim.
 */
import { applyBinary, applyReduction } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { full } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int, Shape } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { type Applied, defineOp, owned } from "../op.ts";
import { argmax, argmin, eq, isnan } from "./compare.ts";
import { abs, div, exp, maximum, minimum, mul, pow, sign, sub, where } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { clone, reshape, squeeze, to } from "./shape.ts";
import { floating } from "./shared/promotion.ts";
import { computedIn, type Dims, plan, type ReductionOptions, type SumOptions, spread } from "./shared/reducing.ts";

export type { ComputingOptions, Dims, ReductionOptions, SumOptions } from "./shared/reducing.ts";

/** The same, and what a variance divides by. */
export interface VarianceOptions extends ReductionOptions {
  /** Divide by n - correction: 1 (Bessel's) estimates the variance of what x is a sample of, 0 gives that of x. Default: 1. */
  correction?: number;
}

const reshaped = (y: Tensor, shape: Shape): Tensor => new Tensor(y.storage, y.dtype, shape);

const sumOf = defineOp("sum", (x: Tensor, dim?: Dims, options?: ReductionOptions): Applied => {
  const { dims, kept, shape } = plan(x, dim, options);
  const from = x.shape;
  return { y: reshaped(sumOver(x, dims), shape), grads: [[x, (dy) => spread(dy, kept, from)]] };
});

/**
 * y = Σ x; whole numbers and bools give int32. Mirrors `torch.sum`.
 * @example
 * const x = arange(6).view(2, 3);
 * console.log(x.sum(), x.sum(0), x.sum(1, { keepdim: true }));
 */
export function sum(x: Tensor, dim?: Dims, options?: SumOptions): Tensor {
  const y = sumOf(computedIn(x, options), dim, options);
  return options?.dtype === "bool" ? to(y, "bool") : y; // whether any is true
}

/** The sums over runs of neighbouring dimensions, one run after the other, the last first: that needs no other layout. */
function sumOver(x: Tensor, dims: readonly number[]): Tensor {
  const sorted = [...dims].sort((a, b) => a - b);
  const start = sorted.findLastIndex((d, i) => d !== sorted[i - 1] + 1);
  const sums = applyReduction(kernels.sum, x, sorted.slice(Math.max(start, 0)), x.dtype === "bool" ? "int32" : x.dtype);
  return start > 0 ? sumOver(sums, sorted.slice(0, start)) : sums;
}

/** y = Σ x / n. Mirrors `torch.mean`. @example arange(6).view(2, 3).mean(1) */
export const mean = defineOp("mean", (input: Tensor, dim?: Dims, options?: SumOptions): Applied => {
  const x = computedIn(input, options);
  const notFloating = () =>
    `mean(): could not infer output dtype. ${options?.dtype ? "Optional" : "Input"} dtype must be either a floating point ` +
    `or complex dtype. Got: ${scalarName[x.dtype]}. Convert it first: x.to("float32")`;
  check(isFloatingPoint(x.dtype), notFloating);
  const { dims, kept, shape, count } = plan(x, dim, options);
  const y = dividedBy(applyReduction(kernels.sum, x, dims), count);
  const from = x.shape;
  return { y: reshaped(y, shape), grads: [[x, (dy) => spread(div(dy, count), kept, from)]] };
});

// `var` is a word of the language: only as an export can a name be that.
const variance = defineOp("var", (x: Tensor, dim?: Dims, options?: VarianceOptions): Applied => {
  const { y, pullBack } = varianceOf(x, dim, options, "var", kernels.variance);
  return { y, saves: [x], grads: [[x, pullBack]] };
});

export {
  /**
   * y = Σ (x - mean x)² / (n - correction), dx = dy · 2 (x - mean x) / (n - correction). Mirrors `torch.var`.
   * @example
   * const x = tensor([1, 2, 3, 4]);
   * console.log(x.var(), x.var(0, { correction: 0 }));
   */
  variance as var,
};

/**
 * y = √var, dx = dy · (x - mean x) / ((n - correction) · y), 0 where y = 0. Mirrors `torch.std`.
 * @example tensor([1, 2, 3, 4]).std()
 */
export const std = defineOp("std", (x: Tensor, dim?: Dims, options?: VarianceOptions): Applied => {
  const { y, pullBack } = varianceOf(x, dim, options, "std", kernels.standardDeviation);
  return { y, saves: [x, y], grads: [[x, (dy) => pullBack(where(eq(y, 0), 0, div(dy, mul(y, 2))))]] };
});

/** y, which is the variance or its root, and the pull-back of the variance. */
function varianceOf(
  x: Tensor,
  dim: Dims,
  options: VarianceOptions | undefined,
  name: string,
  kernelFor: typeof kernels.variance,
) {
  const notFloating = () => `std and var only support floating point and complex dtypes, but got ${name} of ${x.dtype}`;
  check(isFloatingPoint(x.dtype), notFloating);
  const { correction, keepdim } = readOptions(options, { correction: 1, keepdim: false });
  const { dims, kept, shape, count } = plan(x, dim, { keepdim });
  const divisor = Math.max(0, count - correction);
  const y = applyReduction(kernelFor(divisor), x, dims);
  const pullBack = (dy: Tensor) =>
    mul(spread(dy, kept, x.shape), mul(sub(x, mean(x, dim, { keepdim: true })), 2 / divisor));
  return { y: reshaped(y, shape), pullBack };
}

const dividedBy = (x: Tensor, divisor: number): Tensor =>
  applyBinary(kernels.div, x, full([], divisor, { dtype: x.dtype }), "div");

/** Largest or smallest elements along one dimension, and where they are. */
export interface ValuesAndIndices {
  /** The elements. */
  values: Tensor;
  /** int32; the first, if there are several */
  indices: Tensor;
}

/** What `max`, `min` and `median` are. */
export interface Extreme {
  /** That of all elements; its gradient is shared evenly by those equal to it. */
  (x: Tensor): Tensor;
  /** That of each pair of elements: maximum or minimum. */
  (x: Tensor, other: Tensor): Tensor;
  /** Those along one dimension, with their indices, to which alone the gradient goes. */
  (x: Tensor, dim: Int, options?: ReductionOptions): ValuesAndIndices;
}

function extreme(name: string, find: typeof argmax, ofTwo: typeof maximum): Extreme {
  /** y = the extreme of all; dy is shared evenly among those equal to it */
  const ofAll = defineOp(name, (x: Tensor): Applied => {
    const isEmpty = () =>
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. ` +
      "Specify the reduction dim with the 'dim' argument.";
    check(x.numel > 0, isEmpty);
    const y = full([], elementsOf(x)[find(x).item()], { dtype: x.dtype });
    const grad = (dy: Tensor) => {
      const ties = Number.isNaN(y.item()) ? isnan(x) : eq(x, y);
      return where(ties, div(dy, sum(ties)), 0);
    };
    return { y, saves: [x, y], grads: [[x, grad]] };
  });

  function along(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices {
    const { keepdim } = readOptions(options, { keepdim: false });
    if (x.ndim === 0) return { values: clone(x), indices: find(x, dim) };
    const indices = find(x, dim, { keepdim: true });
    const values = gather(x, dim, indices);
    return keepdim ? { values, indices } : { values: owned(squeeze(values, dim)), indices: squeeze(indices, dim) };
  }

  const either = (x: Tensor, dim?: number | Tensor, options?: ReductionOptions) => {
    if (dim === undefined) return ofAll(x);
    return typeof dim === "number" ? seen(name, [x, dim, options], () => along(x, dim, options)) : ofTwo(x, dim);
  };
  return either as Extreme;
}

/**
 * The largest element; with dim, the largest along it and its index, to which alone the gradient goes; with another tensor,
 * their maximum. Mirrors `torch.max`.
 * @example
 * const x = tensor([[1, 9], [4, 3]]);
 * console.log(x.max(), x.max(1));
 */
export const max = extreme("max", argmax, maximum);

/**
 * The smallest element; with dim, the smallest along it and its index, to which alone the gradient goes; with another tensor,
 * their minimum. Mirrors `torch.min`.
 * @example tensor([[1, 9], [4, 3]]).min(0)
 */
export const min = extreme("min", argmin, minimum);

/** y = log Σ eˣ, dx = dy · eˣ⁻ʸ. Mirrors `torch.logsumexp`. @example tensor([1000, 1000]).logsumexp(0) */
export const logsumexp = defineOp("logsumexp", (input: Tensor, dim: Dims, options?: ReductionOptions): Applied => {
  const x = floating(input);
  const { dims, kept, shape } = plan(x, dim, options);
  const y = reshaped(applyReduction(kernels.logsumexp, x, dims), shape);
  const grad = (dy: Tensor) => mul(spread(dy, kept, x.shape), exp(sub(x, spread(y, kept, x.shape))));
  return { y, saves: [x, y], grads: [[x, grad]] };
});

/**
 * y = (Σ |x|ᵖ)^(1/p), dx = dy · x |x|ᵖ⁻² / yᵖ⁻¹, 0 where y = 0.
 *
 * For p = ∞ or -∞ it is the largest or smallest |x|, and dy is shared evenly among those equal to it. For p = 0 it is the
 * number of x ≠ 0, which has no gradient.
 */
const vectorNorm = defineOp("norm", (x: Tensor, p: number, { dims, kept, shape }: ReturnType<typeof plan>): Applied => {
  const norms = applyReduction(kernels.norm(p), x, dims);
  const y = reshaped(norms, shape);
  return {
    y,
    saves: p === 0 ? [] : [x, y],
    grads: [[x, (dy) => (p === 0 ? null : normGradient(x, p, dims, reshape(y, kept), reshape(dy, kept)))]],
  };
});

function normGradient(x: Tensor, p: number, dims: readonly number[], y: Tensor, dy: Tensor): Tensor {
  if (Math.abs(p) === Infinity) {
    const largest = maximum(isnan(x), eq(abs(x), y));
    return mul(sign(x), where(largest, div(dy, sum(largest, dims, { keepdim: true })), 0));
  }
  const isZero = eq(y, 0);
  const scale = p === 1 ? dy : where(isZero, 0, div(dy, pow(where(isZero, 1, y), p - 1))); // 1: nor is a derivative of it 0 / 0
  return mul(signedPower(x, p - 1), scale);
}

/** |x|ᵖ with the sign of x, 0 at 0 */
function signedPower(x: Tensor, p: number): Tensor {
  if (p === 0) return sign(x);
  if (p === 1) return x;
  if (p > 1) return mul(x, pow(abs(x), p - 1));
  return where(eq(x, 0), 0, mul(sign(x), pow(abs(x), p)));
}

/**
 * The p-norm over one dimension, several, or all. Mirrors `torch.norm`.
 *
 * @param p any number: 2 for Euclid's length, 1 for the sum of |x|, Infinity for the largest |x|, 0 for how many x ≠ 0; or
 * "fro", Frobenius' norm of matrices, which is 2 over two dimensions
 * @throws for whole numbers and bools, for a negative or infinite p over no elements, and for "nuc", the sum of the singular
 * values
 * @example tensor([[3, 4], [6, 8]]).norm(2, 1)
 */
export function norm(input: Tensor, p: number | "fro" | "nuc" = 2, dim?: Dims, options?: SumOptions): Tensor {
  return seen("norm", [input, p, dim, options], () => {
    const order = typeof p === "number" ? p : orderOf(p, dim, options);
    const x = computedIn(input, options);
    const notFloating = () =>
      `norm(): ${options?.dtype ? "the desired output" : "input"} dtype should be either floating point or complex. ` +
      `Got ${scalarName[x.dtype]} instead.`;
    check(isFloatingPoint(x.dtype), notFloating);
    const reduction = plan(x, dim, options);
    const isEmpty = () =>
      `linalg.vector_norm cannot compute the ${order} norm on an empty tensor because the operation does not have an identity`;
    check(reduction.count > 0 || (order >= 0 && order !== Infinity), isEmpty);
    return vectorNorm(x, order, reduction);
  });
}

/** The p of a norm that has a name. */
function orderOf(name: string, dim: Dims, options?: SumOptions): number {
  check(name === "fro" || name === "nuc", () => `only valid string values are 'fro' and 'nuc', found ${name}`);
  check(name === "fro", 'norm(): there is no nuclear norm here: "nuc" is the sum of the singular values of a matrix');
  check(options?.dtype === undefined, "dtype argument is not supported in frobenius norm");
  const count = typeof dim === "object" ? dim.length : 1;
  check(count <= 2, () => `Expected at most 2 dimensions, but got ${count} dimensions instead.`);
  return 2;
}
