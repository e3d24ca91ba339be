/**
 * Reductions over one dimension, several, or all of them, and the softmaxes.
 * A reduced dimension goes away, or stays as size 1 with keepdim.
 */
import { applyAlong, applyBinary, applyReduction, applyUnary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { full } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp, owned } from "../op.ts";
import { argmax, argmin, eq, isnan } from "./compare.ts";
import { div, exp, mul, sub, where } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { clone, squeeze } from "./shape.ts";
import { floating } from "./shared/promotion.ts";
import { type Dims, plan, type ReductionOptions, spread } from "./shared/reducing.ts";

export type { Dims, ReductionOptions } from "./shared/reducing.ts";

/** The same, and what a variance divides by. */
export interface VarianceOptions extends ReductionOptions {
  /** Divide by n - correction: 1 (Bessel's) estimates the variance of what x is a sample of, 0 gives that of x. Default: 1. */
  correction?: number;
}

const reshaped = (y: Tensor, shape: Shape): Tensor => new Tensor(y.storage, y.dtype, shape);

/**
 * y = Σ x; whole numbers and bools give int32. Mirrors `torch.sum`.
 * @example
 * const x = arange(6).view(2, 3);
 * console.log(x.sum(), x.sum(0), x.sum(1, { keepdim: true }));
 */
export const sum = defineOp("sum", (x: Tensor, dim?: Dims, options?: ReductionOptions): Applied => {
  const { dims, kept, shape } = plan(x, dim, options);
  const from = x.shape;
  return { y: reshaped(sumOver(x, dims), shape), grads: [[x, (dy) => spread(dy, kept, from)]] };
});

/** The sums over runs of neighbouring dimensions, one run after the other, the last first: that needs no other layout. */
function sumOver(x: Tensor, dims: readonly number[]): Tensor {
  const sorted = [...dims].sort((a, b) => a - b);
  const start = sorted.findLastIndex((d, i) => d !== sorted[i - 1] + 1);
  const sums = applyReduction(kernels.sum, x, sorted.slice(Math.max(start, 0)), x.dtype === "bool" ? "int32" : x.dtype);
  return start > 0 ? sumOver(sums, sorted.slice(0, start)) : sums;
}

/**
 * y = Σ x / n. Mirrors `torch.mean`.
 * @example
 * const x = arange(6).view(2, 3);
 * console.log(x.mean(), x.mean([0, 1]), x.mean(1));
 */
export const mean = defineOp("mean", (x: Tensor, dim?: Dims, options?: ReductionOptions): Applied => {
  check(
    isFloatingPoint(x.dtype),
    () =>
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. " +
      `Got: ${scalarName[x.dtype]}. Convert it first: x.to("float32")`,
  );
  const { dims, kept, shape, count } = plan(x, dim, options);
  const y = dividedBy(applyReduction(kernels.sum, x, dims), count);
  const from = x.shape;
  return { y: reshaped(y, shape), grads: [[x, (dy) => spread(div(dy, count), kept, from)]] };
});

// `var` is a word of the language: only as an export can a name be that.
const variance = defineOp("var", (x: Tensor, dim?: Dims, options?: VarianceOptions): Applied => {
  const { y, kept, factor } = forwardVariance(x, dim, options, "var");
  const grad = (dy: Tensor) => mul(spread(dy, kept, x.shape), mul(sub(x, mean(x, dim, { keepdim: true })), factor));
  return { y, saves: [x], grads: [[x, grad]] };
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
  const { y: squared, kept, factor } = forwardVariance(x, dim, options, "std");
  const y = applyUnary(kernels.sqrt, squared);
  const grad = (dy: Tensor) => {
    const scale = spread(where(eq(y, 0), 0, div(dy, mul(y, 2))), kept, x.shape);
    return mul(scale, mul(sub(x, mean(x, dim, { keepdim: true })), factor));
  };
  return { y, saves: [x, y], grads: [[x, grad]] };
});

function forwardVariance(x: Tensor, dim: Dims, options: VarianceOptions | undefined, name: string) {
  check(
    isFloatingPoint(x.dtype),
    () => `std and var only support floating point and complex dtypes, but got ${name} of ${x.dtype}`,
  );
  const { correction, keepdim } = readOptions(options, { correction: 1, keepdim: false });
  const { dims, kept, shape, count } = plan(x, dim, { keepdim });
  const divisor = Math.max(0, count - correction);
  const y = dividedBy(applyReduction(kernels.sumOfSquaredDeviations, x, dims), divisor);
  return { y: reshaped(y, shape), kept, factor: 2 / divisor };
}

function dividedBy(x: Tensor, divisor: number): Tensor {
  return applyBinary(kernels.div, x, full([], divisor, { dtype: x.dtype }), "div");
}

/** y = the largest element of all; dy is shared evenly among those equal to it */
const maxOfAll = defineOp("max", (x: Tensor): Applied => extremeOfAll(x, "max", argmax));

/** y = the smallest element of all; dy is shared evenly among those equal to it */
const minOfAll = defineOp("min", (x: Tensor): Applied => extremeOfAll(x, "min", argmin));

function extremeOfAll(x: Tensor, name: string, find: typeof argmax): Applied {
  check(
    x.numel > 0,
    () =>
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. ` +
      "Specify the reduction dim with the 'dim' argument.",
  );
  const y = full([], x.data[find(x).item()], { dtype: x.dtype });
  const grad = (dy: Tensor) => {
    const ties = Number.isNaN(y.item()) ? isnan(x) : eq(x, y);
    return where(ties, div(dy, sum(ties)), 0);
  };
  return { y, saves: [x, y], grads: [[x, grad]] };
}

/** Largest or smallest elements along one dimension, and where they are. */
export interface ValuesAndIndices {
  /** The elements. */
  values: Tensor;
  /** int32; the first, if there are several */
  indices: Tensor;
}

function alongDim(x: Tensor, dim: number, find: typeof argmax, options?: ReductionOptions): ValuesAndIndices {
  const { keepdim } = readOptions(options, { keepdim: false });
  if (x.ndim === 0) return { values: clone(x), indices: find(x, dim) };
  const indices = find(x, dim, { keepdim: true });
  const values = gather(x, dim, indices);
  return keepdim ? { values, indices } : { values: owned(squeeze(values, dim)), indices: squeeze(indices, dim) };
}

/**
 * The largest element; with dim, the largest along it and its index, to which alone the gradient goes. Mirrors `torch.max`.
 * @example
 * const x = tensor([[1, 9], [4, 3]]);
 * console.log(x.max());
 * const { values, indices } = x.max(1);
 * console.log(values, indices);
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number, options?: ReductionOptions) {
  return dim === undefined ? maxOfAll(x) : alongDim(x, dim, argmax, options);
}

/**
 * The smallest element; with dim, the smallest along it and its index, to which alone the gradient goes.
 * Mirrors `torch.min`.
 * @example
 * const { values, indices } = tensor([[1, 9], [4, 3]]).min(0);
 * console.log(values, indices);
 */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number, options?: ReductionOptions) {
  return dim === undefined ? minOfAll(x) : alongDim(x, dim, argmin, options);
}

/**
 * y = log Σ eˣ, dx = dy · eˣ⁻ʸ. Mirrors `torch.logsumexp`.
 * @example tensor([1000, 1000]).logsumexp(0)
 */
export const logsumexp = defineOp("logsumexp", (input: Tensor, dim: Dims, options?: ReductionOptions): Applied => {
  const x = floating(input);
  const { dims, kept, shape } = plan(x, dim, options);
  const y = reshaped(applyReduction(kernels.logsumexp, x, dims), shape);
  const grad = (dy: Tensor) => mul(spread(dy, kept, x.shape), exp(sub(x, spread(y, kept, x.shape))));
  return { y, saves: [x, y], grads: [[x, grad]] };
});

/**
 * y = eˣ / Σ eˣ along dim, dx = y · (dy - Σ dy · y). Mirrors `torch.softmax`.
 * @example tensor([1, 2, 3]).softmax(0)
 */
export const softmax = defineOp("softmax", (input: Tensor, dim: number): Applied => {
  const x = floating(input);
  const y = applyAlong(kernels.softmax, x, dim);
  return { y, saves: [y], grads: [[x, (dy) => mul(y, sub(dy, sum(mul(dy, y), dim, { keepdim: true })))]] };
});

/**
 * y = x - log Σ eˣ along dim, dx = dy - eʸ · Σ dy. Mirrors `torch.log_softmax`.
 * @example tensor([1, 2, 3]).logSoftmax(0)
 */
export const logSoftmax = defineOp("logSoftmax", (input: Tensor, dim: number): Applied => {
  const x = floating(input);
  const y = applyAlong(kernels.logSoftmax, x, dim);
  return { y, saves: [y], grads: [[x, (dy) => sub(dy, mul(exp(y), sum(dy, dim, { keepdim: true })))]] };
});
