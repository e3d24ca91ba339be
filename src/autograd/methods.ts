/**
 * Tensor's methods: `x.mul(y)` for mul(x, y). This file is the index of what a tensor can do; what each operation
 * computes is said where it is defined, in ops/. A name that ends in an underscore changes the tensor in place.
 */
import { copyInto } from "../tensor/apply.ts";
import { full } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { fillBernoulli, fillNormal, fillUniform } from "../tensor/random/distributions.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type BackwardOptions, backward } from "./engine.ts";
import { retainGrad } from "./graph.ts";
import { type GradientHook, type HookHandle, registerHook } from "./hooks.ts";
import { addInPlace, copyInPlace, inplace, overwrite } from "./inplace.ts";
import { detach } from "./op.ts";
import * as compare from "./ops/compare.ts";
import * as e from "./ops/elementwise.ts";
import * as f from "./ops/functions.ts";
import * as indexing from "./ops/indexing.ts";
import { matmul } from "./ops/matmul.ts";
import * as r from "./ops/reduction.ts";
import * as s from "./ops/shape.ts";

type Operand = e.Operand;
type Keepdim = r.ReductionOptions;
type RandomSource = { generator?: typeof defaultGenerator };

/** `(2, 3)` or `([2, 3])` */
type Sizes = number[] | [Shape];
const listed = (sizes: Sizes): Shape => (Array.isArray(sizes[0]) ? sizes[0] : (sizes as number[]));

function max(this: Tensor): Tensor;
function max(this: Tensor, dim: number, options?: Keepdim): r.ValuesAndIndices;
function max(this: Tensor, dim?: number, options?: Keepdim) {
  return dim === undefined ? r.max(this) : r.max(this, dim, options);
}

function min(this: Tensor): Tensor;
function min(this: Tensor, dim: number, options?: Keepdim): r.ValuesAndIndices;
function min(this: Tensor, dim?: number, options?: Keepdim) {
  return dim === undefined ? r.min(this) : r.min(this, dim, options);
}

// biome-ignore format: an index, one line a method
const methods = {
  // autograd
  backward(this: Tensor, gradient?: Tensor, options?: BackwardOptions): void { backward(this, gradient, options); },
  detach(this: Tensor): Tensor { return detach(this); },
  /** Sets requiresGrad, and returns the tensor. */
  requiresGrad_(this: Tensor, value = true): Tensor { this.requiresGrad = value; return this; },
  retainGrad(this: Tensor): void { retainGrad(this); },
  registerHook(this: Tensor, hook: GradientHook): HookHandle { return registerHook(this, hook); },

  // arithmetic
  add(this: Tensor, other: Operand, options?: e.AddOptions): Tensor { return e.add(this, other, options); },
  sub(this: Tensor, other: Operand, { alpha = 1 }: e.AddOptions = {}): Tensor { return alpha === 1 ? e.sub(this, other) : e.add(this, other, { alpha: -alpha }); },
  mul(this: Tensor, other: Operand): Tensor { return e.mul(this, other); },
  div(this: Tensor, other: Operand): Tensor { return e.div(this, other); },
  pow(this: Tensor, other: Operand): Tensor { return e.pow(this, other); },
  maximum(this: Tensor, other: Operand): Tensor { return e.maximum(this, other); },
  minimum(this: Tensor, other: Operand): Tensor { return e.minimum(this, other); },
  neg(this: Tensor): Tensor { return e.neg(this); },
  abs(this: Tensor): Tensor { return e.abs(this); },
  exp(this: Tensor): Tensor { return e.exp(this); },
  log(this: Tensor): Tensor { return e.log(this); },
  sqrt(this: Tensor): Tensor { return e.sqrt(this); },
  tanh(this: Tensor): Tensor { return e.tanh(this); },
  sigmoid(this: Tensor): Tensor { return e.sigmoid(this); },
  relu(this: Tensor): Tensor { return e.relu(this); },
  sin(this: Tensor): Tensor { return f.sin(this); },
  cos(this: Tensor): Tensor { return f.cos(this); },
  tan(this: Tensor): Tensor { return f.tan(this); },
  asin(this: Tensor): Tensor { return f.asin(this); },
  acos(this: Tensor): Tensor { return f.acos(this); },
  atan(this: Tensor): Tensor { return f.atan(this); },
  atan2(this: Tensor, other: Tensor): Tensor { return f.atan2(this, other); },
  sinh(this: Tensor): Tensor { return f.sinh(this); },
  cosh(this: Tensor): Tensor { return f.cosh(this); },
  asinh(this: Tensor): Tensor { return f.asinh(this); },
  acosh(this: Tensor): Tensor { return f.acosh(this); },
  atanh(this: Tensor): Tensor { return f.atanh(this); },
  erf(this: Tensor): Tensor { return f.erf(this); },
  erfc(this: Tensor): Tensor { return f.erfc(this); },
  expm1(this: Tensor): Tensor { return f.expm1(this); },
  log1p(this: Tensor): Tensor { return f.log1p(this); },
  log2(this: Tensor): Tensor { return f.log2(this); },
  log10(this: Tensor): Tensor { return f.log10(this); },
  rsqrt(this: Tensor): Tensor { return f.rsqrt(this); },
  reciprocal(this: Tensor): Tensor { return f.reciprocal(this); },
  floor(this: Tensor): Tensor { return f.floor(this); },
  ceil(this: Tensor): Tensor { return f.ceil(this); },
  trunc(this: Tensor): Tensor { return f.trunc(this); },
  round(this: Tensor): Tensor { return f.round(this); },
  /** y = x² */
  square(this: Tensor): Tensor { return e.mul(this, this); },
  clamp(this: Tensor, min: number | null, max: number | null = null): Tensor { return e.clamp(this, min, max); },
  where(this: Tensor, condition: Tensor, other: Operand): Tensor { return e.where(condition, this, other); },
  matmul(this: Tensor, other: Tensor): Tensor { return matmul(this, other); },

  // arithmetic in place
  add_(this: Tensor, other: Operand, { alpha = 1 }: e.AddOptions = {}): Tensor { return addInPlace(this, other, alpha); },
  sub_(this: Tensor, other: Operand, { alpha = 1 }: e.AddOptions = {}): Tensor { return addInPlace(this, other, -alpha); },
  mul_(this: Tensor, other: Operand): Tensor { return inplace(this, (x) => e.mul(x, other)); },
  div_(this: Tensor, other: Operand): Tensor { return inplace(this, (x) => e.div(x, other)); },
  pow_(this: Tensor, other: Operand): Tensor { return inplace(this, (x) => e.pow(x, other)); },
  neg_(this: Tensor): Tensor { return inplace(this, e.neg); },
  abs_(this: Tensor): Tensor { return inplace(this, e.abs); },
  exp_(this: Tensor): Tensor { return inplace(this, e.exp); },
  log_(this: Tensor): Tensor { return inplace(this, e.log); },
  sqrt_(this: Tensor): Tensor { return inplace(this, e.sqrt); },
  tanh_(this: Tensor): Tensor { return inplace(this, e.tanh); },
  sigmoid_(this: Tensor): Tensor { return inplace(this, e.sigmoid); },
  relu_(this: Tensor): Tensor { return inplace(this, e.relu); },
  sin_(this: Tensor): Tensor { return inplace(this, f.sin); },
  cos_(this: Tensor): Tensor { return inplace(this, f.cos); },
  tan_(this: Tensor): Tensor { return inplace(this, f.tan); },
  asin_(this: Tensor): Tensor { return inplace(this, f.asin); },
  acos_(this: Tensor): Tensor { return inplace(this, f.acos); },
  atan_(this: Tensor): Tensor { return inplace(this, f.atan); },
  atan2_(this: Tensor, other: Tensor): Tensor { return inplace(this, (x) => f.atan2(x, other)); },
  sinh_(this: Tensor): Tensor { return inplace(this, f.sinh); },
  cosh_(this: Tensor): Tensor { return inplace(this, f.cosh); },
  asinh_(this: Tensor): Tensor { return inplace(this, f.asinh); },
  acosh_(this: Tensor): Tensor { return inplace(this, f.acosh); },
  atanh_(this: Tensor): Tensor { return inplace(this, f.atanh); },
  erf_(this: Tensor): Tensor { return inplace(this, f.erf); },
  erfc_(this: Tensor): Tensor { return inplace(this, f.erfc); },
  expm1_(this: Tensor): Tensor { return inplace(this, f.expm1); },
  log1p_(this: Tensor): Tensor { return inplace(this, f.log1p); },
  log2_(this: Tensor): Tensor { return inplace(this, f.log2); },
  log10_(this: Tensor): Tensor { return inplace(this, f.log10); },
  rsqrt_(this: Tensor): Tensor { return inplace(this, f.rsqrt); },
  reciprocal_(this: Tensor): Tensor { return inplace(this, f.reciprocal); },
  floor_(this: Tensor): Tensor { return inplace(this, f.floor); },
  ceil_(this: Tensor): Tensor { return inplace(this, f.ceil); },
  trunc_(this: Tensor): Tensor { return inplace(this, f.trunc); },
  round_(this: Tensor): Tensor { return inplace(this, f.round); },
  square_(this: Tensor): Tensor { return inplace(this, (x) => e.mul(x, x)); },
  clamp_(this: Tensor, min: number | null, max: number | null = null): Tensor { return inplace(this, (x) => e.clamp(x, min, max)); },
  copy_(this: Tensor, source: Tensor): Tensor { return copyInPlace(this, source); },
  /** Every element becomes `value`. */
  fill_(this: Tensor, value: number): Tensor { return overwrite(this, () => copyInto(this, full([], value, { dtype: this.dtype }))); },
  /** Every element becomes 0. */
  zero_(this: Tensor): Tensor { return this.fill_(0); },
  /** Every element becomes uniform on [from, to). */
  uniform_(this: Tensor, from = 0, to = 1, { generator = defaultGenerator }: RandomSource = {}): Tensor { return overwrite(this, () => fillUniform(this, from, to, generator)); },
  /** Every element becomes normal with that mean and standard deviation. */
  normal_(this: Tensor, mean = 0, std = 1, { generator = defaultGenerator }: RandomSource = {}): Tensor { return overwrite(this, () => fillNormal(this, mean, std, generator)); },
  /** Every element becomes 1 with probability p, else 0. */
  bernoulli_(this: Tensor, p = 0.5, { generator = defaultGenerator }: RandomSource = {}): Tensor { return overwrite(this, () => fillBernoulli(this, p, generator)); },

  // comparisons, which give bool and have no gradient
  eq(this: Tensor, other: Operand): Tensor { return compare.eq(this, other); },
  ne(this: Tensor, other: Operand): Tensor { return compare.ne(this, other); },
  lt(this: Tensor, other: Operand): Tensor { return compare.lt(this, other); },
  le(this: Tensor, other: Operand): Tensor { return compare.le(this, other); },
  gt(this: Tensor, other: Operand): Tensor { return compare.gt(this, other); },
  ge(this: Tensor, other: Operand): Tensor { return compare.ge(this, other); },
  isnan(this: Tensor): Tensor { return compare.isnan(this); },
  sign(this: Tensor): Tensor { return compare.sign(this); },

  // reductions
  sum(this: Tensor, dim?: r.Dims, options?: Keepdim): Tensor { return r.sum(this, dim, options); },
  mean(this: Tensor, dim?: r.Dims, options?: Keepdim): Tensor { return r.mean(this, dim, options); },
  var(this: Tensor, dim?: r.Dims, options?: r.VarianceOptions): Tensor { return r.variance(this, dim, options); },
  std(this: Tensor, dim?: r.Dims, options?: r.VarianceOptions): Tensor { return r.std(this, dim, options); },
  logsumexp(this: Tensor, dim: r.Dims, options?: Keepdim): Tensor { return r.logsumexp(this, dim, options); },
  max,
  min,
  argmax(this: Tensor, dim?: number, options?: Keepdim): Tensor { return compare.argmax(this, dim, options); },
  argmin(this: Tensor, dim?: number, options?: Keepdim): Tensor { return compare.argmin(this, dim, options); },
  softmax(this: Tensor, dim: number): Tensor { return r.softmax(this, dim); },
  logSoftmax(this: Tensor, dim: number): Tensor { return r.logSoftmax(this, dim); },

  // shape
  view(this: Tensor, ...shape: Sizes): Tensor { return s.view(this, listed(shape)); },
  reshape(this: Tensor, ...shape: Sizes): Tensor { return s.reshape(this, listed(shape)); },
  expand(this: Tensor, ...shape: Sizes): Tensor { return s.expand(this, listed(shape)); },
  permute(this: Tensor, ...dims: Sizes): Tensor { return s.permute(this, listed(dims)); },
  transpose(this: Tensor, dim0: number, dim1: number): Tensor { return s.transpose(this, dim0, dim1); },
  t(this: Tensor): Tensor { return s.t(this); },
  flatten(this: Tensor, startDim = 0, endDim = -1): Tensor { return s.flatten(this, startDim, endDim); },
  squeeze(this: Tensor, dim?: number): Tensor { return s.squeeze(this, dim); },
  unsqueeze(this: Tensor, dim: number): Tensor { return s.unsqueeze(this, dim); },
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor { return s.narrow(this, dim, start, length); },
  select(this: Tensor, dim: number, index: number): Tensor { return s.select(this, dim, index); },
  slice(this: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor { return s.slice(this, dim, start, end, step); },
  index(this: Tensor, ...indices: indexing.Index[]): Tensor { return indexing.index(this, ...indices); },
  gather(this: Tensor, dim: number, index: Tensor): Tensor { return indexing.gather(this, dim, index); },
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor { return indexing.indexSelect(this, dim, index); },
  contiguous(this: Tensor): Tensor { return s.contiguous(this); },
  clone(this: Tensor): Tensor { return s.clone(this); },
  to(this: Tensor, dtype: DType): Tensor { return s.to(this, dtype); },
};

type TensorMethods = typeof methods;

declare module "../tensor/tensor.ts" {
  interface Tensor extends TensorMethods {}
}

Object.assign(Tensor.prototype, methods);
