/**
 * Reductions over one dimension, several, or all of them, and the softmaxes.
 * A reduced dimension goes away, or stays as size 1 with keepdim.
 */
import { applyAlong, applyBinary, applyReduction, applyUnary } from "../../tensor/apply.ts";
import { full } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { normalizeDims, numelOf, type Shape } from "../../tensor/shape.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { argmax, argmin, eq, isnan } from "./compare.ts";
import { div, exp, floating, mul, sub, where } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { clone, expand, owned, reshape, squeeze } from "./shape.ts";

export type Dims = number | readonly number[] | undefined;

export interface ReductionOptions {
  /** Keep reduced dimensions as size 1. Default: false. */
  keepdim?: boolean;
}

export interface VarianceOptions extends ReductionOptions {
  /** Divide by n - correction: 1 (Bessel's) estimates the variance of what x is a sample of, 0 gives that of x. */
  correction?: number;
}

/** One reduction: the dimensions, the shape with them kept as 1, the result's shape, and how many elements each sum has. */
function plan(x: Tensor, dim: Dims, keepdim: boolean) {
  const dims = normalizeDims(dim, x.ndim);
  const kept = x.shape.map((size, d) => (dims.includes(d) ? 1 : size));
  return {
    dims,
    kept,
    shape: keepdim ? kept : x.shape.filter((_, d) => !dims.includes(d)),
    count: numelOf(dims.map((d) => x.shape[d])),
  };
}

/** y, whose reduced dimensions may be gone, repeated to the `shape` that it had. */
const spread = (y: Tensor, kept: Shape, shape: Shape): Tensor => expand(reshape(y, kept), shape);

const reshaped = (y: Tensor, shape: Shape): Tensor => new Tensor(y.storage, y.dtype, shape);

/** y = Σ x; whole numbers and bools give int32 */
export const sum = defineOp("sum", (x: Tensor, dim?: Dims, { keepdim = false }: ReductionOptions = {}): Applied => {
  const { dims, kept, shape } = plan(x, dim, keepdim);
  const sums = sumOver(x, dims);
  const from = x.shape;
  return { y: reshaped(sums, shape), grads: [[x, (dy) => spread(dy, kept, from)]] };
});

/** The sums over runs of neighbouring dimensions, one run after the other, the last first: that needs no other layout. */
function sumOver(x: Tensor, dims: readonly number[]): Tensor {
  const sorted = [...dims].sort((a, b) => a - b);
  const start = sorted.findLastIndex((d, i) => d !== sorted[i - 1] + 1);
  const sums = applyReduction(kernels.sum, x, sorted.slice(Math.max(start, 0)), x.dtype === "bool" ? "int32" : x.dtype);
  return start > 0 ? sumOver(sums, sorted.slice(0, start)) : sums;
}

/** y = Σ x / n */
export const mean = defineOp("mean", (x: Tensor, dim?: Dims, { keepdim = false }: ReductionOptions = {}): Applied => {
  if (!isFloatingPoint(x.dtype)) {
    throw new Error(
      "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. " +
        `Got: ${scalarName[x.dtype]}. Convert it first: x.to("float32")`,
    );
  }
  const { dims, kept, shape, count } = plan(x, dim, keepdim);
  const y = dividedBy(applyReduction(kernels.sum, x, dims), count);
  const from = x.shape;
  return { y: reshaped(y, shape), grads: [[x, (dy) => spread(div(dy, count), kept, from)]] };
});

/** y = Σ (x - mean x)² / (n - correction), dx = dy · 2 (x - mean x) / (n - correction) */
export const variance = defineOp("var", (x: Tensor, dim?: Dims, options: VarianceOptions = {}): Applied => {
  const { y, kept, factor } = forwardVariance(x, dim, options, "var");
  const grad = (dy: Tensor) => mul(spread(dy, kept, x.shape), mul(sub(x, mean(x, dim, { keepdim: true })), factor));
  return { y, saves: [x], grads: [[x, grad]] };
});

/** y = √var, dx = dy · (x - mean x) / ((n - correction) · y), 0 where y = 0 */
export const std = defineOp("std", (x: Tensor, dim?: Dims, options: VarianceOptions = {}): Applied => {
  const { y: squared, kept, factor } = forwardVariance(x, dim, options, "std");
  const y = applyUnary(kernels.sqrt, squared);
  const grad = (dy: Tensor) => {
    const scale = spread(where(eq(y, 0), 0, div(dy, mul(y, 2))), kept, x.shape);
    return mul(scale, mul(sub(x, mean(x, dim, { keepdim: true })), factor));
  };
  return { y, saves: [x, y], grads: [[x, grad]] };
});

function forwardVariance(x: Tensor, dim: Dims, { correction = 1, keepdim = false }: VarianceOptions, name: string) {
  if (!isFloatingPoint(x.dtype)) {
    throw new Error(`std and var only support floating point and complex dtypes, but got ${name} of ${x.dtype}`);
  }
  const { dims, kept, shape, count } = plan(x, dim, keepdim);
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
  if (x.numel === 0) {
    throw new Error(
      `${name}(): Expected reduction dim to be specified for input.numel() == 0. ` +
        "Specify the reduction dim with the 'dim' argument.",
    );
  }
  const y = full([], x.data[find(x).item()], { dtype: x.dtype });
  const grad = (dy: Tensor) => {
    const ties = Number.isNaN(y.item()) ? isnan(x) : eq(x, y);
    return where(ties, div(dy, sum(ties)), 0);
  };
  return { y, saves: [x, y], grads: [[x, grad]] };
}

/** Largest or smallest elements along one dimension, and where they are. */
export interface ValuesAndIndices {
  values: Tensor;
  /** int32; the first, if there are several */
  indices: Tensor;
}

function alongDim(x: Tensor, dim: number, find: typeof argmax, keepdim: boolean): ValuesAndIndices {
  if (x.ndim === 0) return { values: clone(x), indices: find(x) };
  const indices = find(x, dim, { keepdim: true });
  const values = gather(x, dim, indices);
  return keepdim ? { values, indices } : { values: owned(squeeze(values, dim)), indices: squeeze(indices, dim) };
}

/** The largest element; with dim, the largest along it and its index, to which alone the gradient goes. */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number, { keepdim = false }: ReductionOptions = {}) {
  return dim === undefined ? maxOfAll(x) : alongDim(x, dim, argmax, keepdim);
}

/** The smallest element; with dim, the smallest along it and its index, to which alone the gradient goes. */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number, { keepdim = false }: ReductionOptions = {}) {
  return dim === undefined ? minOfAll(x) : alongDim(x, dim, argmin, keepdim);
}

/** y = log Σ eˣ, dx = dy · eˣ⁻ʸ */
export const logsumexp = defineOp(
  "logsumexp",
  (input: Tensor, dim: Dims, { keepdim = false }: ReductionOptions = {}): Applied => {
    const x = floating(input);
    const { dims, kept, shape } = plan(x, dim, keepdim);
    const y = reshaped(applyReduction(kernels.logsumexp, x, dims), shape);
    return {
      y,
      saves: [x, y],
      grads: [[x, (dy) => mul(spread(dy, kept, x.shape), exp(sub(x, spread(y, kept, x.shape))))]],
    };
  },
);

/** y = eˣ / Σ eˣ along dim, dx = y · (dy - Σ dy · y) */
export const softmax = defineOp("softmax", (input: Tensor, dim: number): Applied => {
  const x = floating(input);
  const y = applyAlong(kernels.softmax, x, dim);
  return { y, saves: [y], grads: [[x, (dy) => mul(y, sub(dy, sum(mul(dy, y), dim, { keepdim: true })))]] };
});

/** y = x - log Σ eˣ along dim, dx = dy - eʸ · Σ dy */
export const logSoftmax = defineOp("logSoftmax", (input: Tensor, dim: number): Applied => {
  const x = floating(input);
  const y = applyAlong(kernels.logSoftmax, x, dim);
  return { y, saves: [y], grads: [[x, (dy) => sub(dy, mul(exp(y), sum(dy, dim, { keepdim: true })))]] };
});
