/** Running sums and products, and the product of all. */
import { applyAlong, splitAt } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { ones } from "../../tensor/create.ts";
import { type DType, isFloatingPoint } from "../../tensor/dtype.ts";
import { orderings } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import { operandOf, Tensor } from "../../tensor/tensor.ts";
import { seen } from "../../tensor/watch.ts";
import { type Applied, defineOp } from "../op.ts";
import { add, mul } from "./elementwise.ts";
import { cat, narrow } from "./parts.ts";
import { flip } from "./rearrange.ts";
import { sum } from "./reduction.ts";
import { clone, flatten, squeeze, to } from "./shape.ts";
import { type ComputingOptions, computedIn, type ReductionOptions, type SumOptions } from "./shared/reducing.ts";

/** Whole numbers and bools are counted in int32. */
const counting = ({ dtype }: Tensor): DType => (isFloatingPoint(dtype) ? dtype : "int32");

/** x in what is counted in. @throws for truths, if the options say so */
function counted(name: string, x: Tensor, options?: ComputingOptions): Tensor {
  check(options?.dtype !== "bool", `"${name}_out_cpu" not implemented for 'Bool'`);
  const own = computedIn(x, options);
  return to(own, counting(own));
}

/** y[k] = Σ x[0…k] along dim, dx[k] = Σ dy[k…]. Mirrors `torch.cumsum`. @example tensor([1, 2, 3]).cumsum(0) */
export const cumsum = defineOp("cumsum", (input: Tensor, dim: Int, options?: ComputingOptions): Applied => {
  const x = counted("cumsum", input, options);
  const y = applyAlong(orderings.cumsum, x, dim);
  return { y, grads: [[x, (dy) => flip(cumsum(flip(dy, dim), dim), dim)]] };
});

/**
 * y[k] = x[0] · … · x[k] along dim. Mirrors `torch.cumprod`.
 *
 * dx[k] = y[k - 1] · s[k], where s[k] = dy[k] + x[k + 1] · s[k + 1] collects what this and the later products pass on. That is
 * right also where some x are 0, unlike y / x.
 * @example tensor([1, 2, 3]).cumprod(0)
 */
export const cumprod = defineOp("cumprod", (input: Tensor, dim: Int, options?: ComputingOptions): Applied => {
  const x = counted("cumprod", input, options);
  const d = normalizeDim(dim, x.ndim);
  const n = x.shape[d] ?? 1;
  const y = applyAlong(orderings.cumprod, x, d);
  const pullBack = (dy: Tensor) => {
    if (n < 2) return dy;
    const before = cat([ones(x.shape.with(d, 1), { dtype: y.dtype }), narrow(y, d, 0, n - 1)], d);
    return mul(before, carriedBack(dy, narrow(x, d, 1, n - 1), d));
  };
  return { y, saves: [x, y], grads: [[x, pullBack]] };
});

/** y[k] = x[k] + factors[k - 1] · y[k - 1] along dim: dx[k] = dy[k] + factors[k] · dx[k + 1], dfactors[k] = dx[k + 1] · y[k] */
const carry = defineOp("carry", (x: Tensor, factors: Tensor, dim: number): Applied => {
  const y = Tensor.empty(x.shape, x.dtype);
  orderings.carry(y.storage.operand, operandOf(x), operandOf(factors), ...splitAt(x.shape, dim));
  const n = x.shape[dim] - 1;
  const toFactors = (dy: Tensor) => mul(narrow(carriedBack(dy, factors, dim), dim, 1, n), narrow(y, dim, 0, n));
  return {
    y,
    saves: [factors],
    grads: [
      [x, (dy) => carriedBack(dy, factors, dim)],
      [factors, toFactors, [y]],
    ],
  };
});

/** The same from the end: y[k] = x[k] + factors[k] · y[k + 1] */
const carriedBack = (x: Tensor, factors: Tensor, dim: number): Tensor =>
  flip(carry(flip(x, dim), flip(factors, dim), dim), dim);

/**
 * The product of all elements, or of those along dim. Mirrors `torch.prod`.
 *
 * Each round multiplies the two halves of what is left, so the gradient is right also where some x are 0.
 * @example tensor([2, 3, 4]).prod()
 */
export function prod(x: Tensor, dim?: Int, options?: SumOptions): Tensor {
  return seen("prod", [x, dim, options], () => {
    const y = productOf(computedIn(x, options), dim, options);
    return options?.dtype === "bool" ? to(y, "bool") : y; // whether all are true
  });
}

function productOf(x: Tensor, dim?: number, options?: ReductionOptions): Tensor {
  const { keepdim } = readOptions(options, { keepdim: false });
  if (dim === undefined) return productOf(flatten(x), 0);
  const d = normalizeDim(dim, x.ndim);
  let y = to(x, counting(x));
  if (x.ndim === 0) return clone(y);
  if (x.shape[d] === 0) y = add(sum(y, d, { keepdim: true }), 1);
  while (y.shape[d] > 1) {
    const half = Math.floor(y.shape[d] / 2);
    const products = mul(narrow(y, d, 0, half), narrow(y, d, half, half));
    const rest = narrow(y, d, 2 * half, y.shape[d] - 2 * half);
    y = cat([products, rest], d);
  }
  return keepdim ? clone(y) : clone(squeeze(y, d));
}
