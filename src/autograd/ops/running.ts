/** What runs along a dimension: the extremes so far, logarithms of sums, differences of neighbours, and areas below points. */
import { applyAlong } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { orderings } from "../../tensor/kernels/index.ts";
import { finfo } from "../../tensor/limits.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Int, normalizeDim } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { gt, lt, ne } from "./compare.ts";
import { cumsum } from "./cumulative.ts";
import { add, div, exp, log, mul, neg, sub, where } from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { cat, narrow, select } from "./parts.ts";
import { flip } from "./rearrange.ts";
import { sum, type ValuesAndIndices } from "./reduction.ts";
import { clone, unsqueeze, view } from "./shape.ts";
import { floating } from "./shared/promotion.ts";

const runningExtreme =
  (name: "runningArgmax" | "runningArgmin") =>
  (x: Tensor, dim: Int): ValuesAndIndices => {
    const indices = applyAlong(orderings[name], x, dim, "int32");
    return { values: gather(x, dim, indices), indices };
  };

/**
 * y[k] = the largest of x[0 … k] along dim, and where it is, of several the last. Mirrors `torch.cummax`.
 * @example tensor([1, 3, 2, 3, 5]).cummax(0)
 */
export const cummax = runningExtreme("runningArgmax");

/** The smallest, likewise. Mirrors `torch.cummin`. @example tensor([4, 2, 3, 1]).cummin(0) */
export const cummin = runningExtreme("runningArgmin");

/**
 * y[k] = log Σ exp(x[0 … k]) along dim. Mirrors `torch.logcumsumexp`.
 *
 * dx[k] = Σ dy[j] · exp(x[k] - y[j]) over j ≥ k: such a sum of exponentials again, from the end, of log |dy| - y, of those dy
 * that are positive and of those that are negative. So nothing overflows.
 * @example tensor([1000, 1000, 1000]).logcumsumexp(0)
 */
export const logcumsumexp = defineOp("logcumsumexp", (x: Tensor, dim: Int): Applied => {
  const notFloating = () =>
    `"logcumsumexp_out_cpu" not implemented for '${scalarName[x.dtype]}': convert it to float32`;
  check(isFloatingPoint(x.dtype), notFloating);
  const y = applyAlong(orderings.logcumsumexp, x, dim);
  const share = (dy: Tensor, isOfSign: Tensor) => {
    const logs = where(isOfSign, log(where(isOfSign, dy, 1)), -finfo(x.dtype).max);
    return exp(add(flip(logcumsumexp(flip(sub(logs, y), dim), dim), dim), x));
  };
  const grad = (dy: Tensor) => sub(share(dy, gt(dy, 0)), share(neg(dy), lt(dy, 0)));
  return { y, saves: [x, y], grads: [[x, x.ndim > 0 ? grad : (dy) => dy]] };
});

/** What stands before and after the elements whose differences are taken. */
export interface DiffOptions {
  /** In front of them. Default: null, nothing. */
  prepend?: Tensor | null;
  /** Behind them. Default: null, nothing. */
  append?: Tensor | null;
}

/**
 * y[k] = x[k + 1] - x[k] along dim, n times; of truths, whether they differ. Mirrors `torch.diff`.
 * @example console.log(tensor([1, 4, 9, 16]).diff(), tensor([1, 4, 9, 16]).diff(2))
 */
export function diff(input: Tensor, n: Int = 1, dim: Int = -1, options?: DiffOptions): Tensor {
  const { prepend, append } = readOptions<DiffOptions>(options, { prepend: null, append: null });
  check(input.ndim > 0, "diff expects input to be at least one-dimensional");
  check(n >= 0, () => `order must be non-negative but got ${n}`);
  const d = normalizeDim(dim, input.ndim);
  if (n === 0) return clone(input);
  const parts = [prepend, input, append].filter((part) => part !== null);
  for (const part of parts) checkJoined(input, part, d);
  let y = parts.length > 1 ? cat(parts, d) : input;
  for (let times = Math.min(n, y.shape[d]); times > 0; times--) {
    const rest = Math.max(0, y.shape[d] - 1);
    const [later, earlier] = [narrow(y, d, y.shape[d] - rest, rest), narrow(y, d, 0, rest)];
    y = y.dtype === "bool" ? ne(later, earlier) : sub(later, earlier);
  }
  return y === input ? clone(y) : y;
}

function checkJoined(input: Tensor, part: Tensor, dim: number): void {
  check(part.ndim === input.ndim, "diff expects prepend or append to be the same dimension as input");
  const differs = input.shape.findIndex((size, d) => d !== dim && size !== part.shape[d]);
  const otherShape = () =>
    "diff expects the shape of tensor to prepend or append to match that of input except along the differencing dimension; " +
    `input.size(${differs}) = ${input.shape[differs]}, but got tensor.size(${differs}) = ${part.shape[differs]}`;
  check(differs < 0, otherShape);
}

/** Where points lie. */
export interface TrapezoidOptions {
  /** How far apart they are, where no x says it. Default: 1. */
  dx?: number;
  /** Along which dimension. Default: -1. */
  dim?: Int;
}

/**
 * The area below the points y along dim, by the trapezoidal rule: Σ (x[k + 1] - x[k]) (y[k] + y[k + 1]) / 2.
 * Mirrors `torch.trapezoid`.
 *
 * @param x where the points are: a vector, or a tensor that broadcasts with y
 * @example console.log(trapezoid(tensor([1, 5, 10])), trapezoid(tensor([1, 5, 10]), tensor([0, 2, 3])))
 */
export function trapezoid(y: Tensor, x: Tensor | null = null, options?: TrapezoidOptions): Tensor {
  const { dx, dim } = readOptions(options, { dx: 1, dim: -1 });
  const { d, widths } = checked("trapezoid", y, x, dim);
  if (widths) return div(sum(mul(heights(y, d), widths), d), 2);
  if (y.shape[d] === 0) return mul(sum(y, d), 1);
  return mul(sub(sum(y, d), mul(add(select(y, d, 0), select(y, d, -1)), 0.5)), dx);
}

/**
 * The same up to each point. Mirrors `torch.cumulative_trapezoid`.
 * @example cumulativeTrapezoid(tensor([1, 5, 10]))
 */
export function cumulativeTrapezoid(y: Tensor, x: Tensor | null = null, options?: TrapezoidOptions): Tensor {
  const { dx, dim } = readOptions(options, { dx: 1, dim: -1 });
  const { d, widths } = checked("cumulative_trapezoid", y, x, dim);
  if (widths) return div(cumsum(mul(heights(y, d), widths), d), 2);
  return mul(cumsum(floating(heights(y, d)), d), dx / 2);
}

/** y[k] + y[k + 1] */
function heights(y: Tensor, dim: number): Tensor {
  const rest = Math.max(0, y.shape[dim] - 1);
  return add(narrow(y, dim, 0, rest), narrow(y, dim, y.shape[dim] - rest, rest));
}

/** The dimension counted from the front, and how far apart points are, if x says it. */
function checked(name: string, y: Tensor, x: Tensor | null, dim: number) {
  const d = normalizeDim(dim, y.ndim);
  check(y.ndim > 0, () => `Dimension specified as ${x ? d : dim} but tensor has no dimensions`, RangeError);
  check(y.dtype !== "bool", `${name}: received a bool input for \`y\`, but bool is not supported`);
  if (!x) return { d, widths: null };
  check(x.dtype !== "bool", `${name}: received a bool input for \`x\`, but bool is not supported`);
  const otherNumber = `${name}: There must be one \`x\` value for each sample point`;
  check(x.ndim !== 1 || x.numel === y.shape[d], otherNumber);
  if (x.ndim === 1) {
    const along = y.shape.map((_, k) => (k === d ? x.numel - 1 : 1));
    return { d, widths: view(diff(x), along) };
  }
  let padded = x;
  while (padded.ndim < y.ndim) padded = unsqueeze(padded, 0);
  return { d, widths: diff(padded, 1, d) };
}
