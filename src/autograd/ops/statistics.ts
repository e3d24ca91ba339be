/** Reductions made of others: without NaN, of both kinds at once, and covariances. */
import { applyReduction } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { zerosLike } from "../../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import { elementsOf, Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp, detach, owned } from "../op.ts";
import { eq, isnan } from "./compare.ts";
import { clamp, div, mul, sqrt, sub, where } from "./elementwise.ts";
import { logicalNot } from "./logical.ts";
import { matmul } from "./matmul.ts";
import { mean, std, sum, type VarianceOptions, var as variance } from "./reduction.ts";
import { reshape, squeeze, t, to, unsqueeze, view } from "./shape.ts";
import { floating } from "./shared/promotion.ts";
import { type Dims, plan, type ReductionOptions, spread } from "./shared/reducing.ts";
import { diagonal } from "./windows.ts";

/** y = Σ x over those that are not NaN, which get dy, the others 0. Mirrors `torch.nansum`. @example tensor([1, Number.NaN]).nansum() */
export const nansum = defineOp("nansum", (x: Tensor, dim?: Dims, options?: ReductionOptions): Applied => {
  const { kept } = plan(x, dim, options);
  const own = detach(x);
  const y = sum(isFloatingPoint(x.dtype) ? where(isnan(own), 0, own) : own, dim, options);
  const grad = (dy: Tensor) => mul(spread(dy, kept, x.shape), logicalNot(isnan(x)));
  return { y, saves: [x], grads: [[x, grad]] };
});

/** Their mean. Mirrors `torch.nanmean`. @example tensor([1, Number.NaN, 2]).nanmean() */
export function nanmean(x: Tensor, dim?: Dims, options?: ReductionOptions): Tensor {
  const notFloating = () =>
    `nanmean(): expected input to have floating point dtype but got ${scalarName[x.dtype]}: ` +
    'convert it first, with x.to("float32")';
  check(isFloatingPoint(x.dtype), notFloating);
  return div(nansum(x, dim, options), sum(logicalNot(isnan(x)), dim, options));
}

/** y = the largest or the smallest x, dy shared evenly among those equal to it */
const extreme = (name: "amax" | "amin") =>
  defineOp(name, (x: Tensor, dim?: Dims, options?: ReductionOptions): Applied => {
    const { dims, kept, shape } = plan(x, dim, options);
    const empty = dims.find((d) => x.shape[d] === 0);
    const isEmpty = () =>
      dim === undefined
        ? `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`
        : `${name}(): Expected reduction dim ${empty} to have non-zero size.`;
    check(empty === undefined, isEmpty, dim === undefined ? Error : RangeError);
    const found = applyReduction(kernels[name], x, dims);
    const y = new Tensor(found.storage, found.dtype, shape);
    const grad = (dy: Tensor) => {
      const ties = eq(x, spread(y, kept, x.shape));
      return div(mul(spread(dy, kept, x.shape), ties), sum(ties, dim, { keepdim: true }));
    };
    return { y, saves: [x, y], grads: [[x, grad]] };
  });

/**
 * The largest elements over one dimension, several, or all; dy is shared evenly by those equal to it, which `max` along a
 * dimension gives to the first. Mirrors `torch.amax`.
 * @example tensor([[1, 9], [4, 9]]).amax([0, 1])
 */
export const amax = extreme("amax");

/** The smallest, likewise. Mirrors `torch.amin`. @example tensor([[1, 9], [4, 3]]).amin(0) */
export const amin = extreme("amin");

/** Over what the extremes are. */
export interface AminmaxOptions extends ReductionOptions {
  /** Along which dimension. Default: null, of all. */
  dim?: Int | null;
}

/** Both extremes. */
export interface MinAndMax {
  /** The smallest elements. */
  min: Tensor;
  /** The largest elements. */
  max: Tensor;
}

/** Both, of all elements or along dim. Mirrors `torch.aminmax`. @example tensor([[1, 9], [4, 3]]).aminmax({ dim: 1 }) */
export function aminmax(x: Tensor, options?: AminmaxOptions): MinAndMax {
  const { dim, keepdim } = readOptions(options, { dim: null, keepdim: false });
  const over = dim ?? undefined;
  return { min: amin(x, over, { keepdim }), max: amax(x, over, { keepdim }) };
}

const withMean =
  (name: string, spreadOf: typeof std) =>
  (x: Tensor, dim?: Dims, options?: VarianceOptions): [spread: Tensor, mean: Tensor] => {
    const notFloating = () => `${name} only support floating point and complex dtypes, but got ${x.dtype}`;
    check(isFloatingPoint(x.dtype), notFloating);
    return [spreadOf(x, dim, options), mean(x, dim, { keepdim: options?.keepdim ?? false })];
  };

/** [std, mean] of all elements, or over dimensions. Mirrors `torch.std_mean`. @example stdMean(tensor([1, 2, 3, 6])) */
export const stdMean = withMean("std_mean", std);

/** [var, mean] of all elements, or over dimensions. Mirrors `torch.var_mean`. @example varMean(tensor([1, 2, 3, 6])) */
export const varMean = withMean("var_mean", variance);

/** How observations are weighed. */
export interface CovOptions {
  /** Divide by n - correction. Default: 1. */
  correction?: Int;
  /** How often each observation was made: a vector of int32. Default: null, once. */
  fweights?: Tensor | null;
  /** How important each is: a vector of floats. Default: null, all alike. */
  aweights?: Tensor | null;
}

/**
 * The covariances of variables, which are the rows of x; their observations are its columns. A vector is one variable.
 * cᵢⱼ = Σ w (xᵢ - mean xᵢ) (xⱼ - mean xⱼ) / (Σ w - correction), w = fweights · aweights. Mirrors `torch.cov`.
 *
 * With aweights, the correction is multiplied by Σ w · aweights / Σ w.
 * @example tensor([[0, 1, 2], [2, 1, 0]]).cov()
 */
export function cov(input: Tensor, options?: CovOptions): Tensor {
  const { correction, fweights, aweights } = readOptions<CovOptions>(options, {
    correction: 1,
    fweights: null,
    aweights: null,
  });
  check(
    input.ndim <= 2,
    () => `cov(): expected input to have two or fewer dimensions but got an input with ${input.ndim} dimensions`,
  );
  check(input.dtype !== "bool", 'cov(): bool dtype is not supported for input: convert it first, with x.to("int32")');
  const x = floating(input.ndim < 2 ? reshape(input, 1, -1) : input);
  const n = x.shape[1];
  if (fweights) checkWeights("fweights", fweights, n, "integral", 1);
  if (aweights) checkWeights("aweights", aweights, n, "floating point", 2);
  const w = fweights && aweights ? mul(fweights, aweights) : (fweights ?? aweights);
  const weighted = (x: Tensor) => (w ? mul(x, w) : x);
  const total = w ? sum(w) : n;
  check(!w || (total as Tensor).item() !== 0, "cov(): weights sum to zero, can't be normalized");
  const deviations = sub(x, unsqueeze(div(sum(weighted(x), 1), total), 1));
  const share = w && aweights && correction !== 0 ? div(sum(mul(w, aweights)), total) : 1;
  const divisor = sub(total, mul(correction, share));
  const products = matmul(deviations, t(weighted(deviations)));
  return owned(squeeze(div(products, to(divisor.item() > 0 ? divisor : zerosLike(divisor), x.dtype))));
}

function checkWeights(name: string, w: Tensor, n: number, kind: string, category: 1 | 2): void {
  const manyDimensions = () =>
    `cov(): expected ${name} to have one or fewer dimensions but got ${name} with ${w.ndim} dimensions`;
  check(w.ndim <= 1, manyDimensions);
  const otherType = () =>
    `cov(): expected ${name} to have ${kind} dtype but got ${name} with ${scalarName[w.dtype]} dtype`;
  check((isFloatingPoint(w.dtype) ? 2 : w.dtype === "bool" ? 0 : 1) === category, otherType);
  const otherNumber = () =>
    `cov(): expected ${name} to have the same numel as there are observations in the input but got ${w.numel} != ${n}`;
  check(w.numel === n, otherNumber);
  check(
    elementsOf(w).every((weight) => !(weight < 0)),
    `cov(): ${name} cannot be negative`,
  );
}

/**
 * The correlations of variables: cᵢⱼ / √(cᵢᵢ cⱼⱼ) of their covariances, within [-1, 1]. Mirrors `torch.corrcoef`.
 * @example tensor([[0, 1, 2], [2, 1, 1]]).corrcoef()
 */
export function corrcoef(x: Tensor): Tensor {
  check(
    x.ndim <= 2,
    () => `corrcoef(): expected input to have two or fewer dimensions but got an input with ${x.ndim} dimensions`,
  );
  const c = cov(x);
  if (c.ndim === 0) return div(c, c);
  const deviations = sqrt(diagonal(c));
  return clamp(div(div(c, view(deviations, -1, 1)), view(deviations, 1, -1)), -1, 1);
}
