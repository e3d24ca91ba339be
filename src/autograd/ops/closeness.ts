/** Whether tensors hold the same numbers, or nearly the same. */
import { check } from "../../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { detach } from "../op.ts";
import { eq, isnan, le } from "./compare.ts";
import { abs, add, mul, sub } from "./elementwise.ts";
import { all, isfinite, logicalAnd, logicalOr } from "./logical.ts";
import { floating } from "./shared/promotion.ts";

/** How far numbers may be apart. */
export interface ClosenessOptions {
  /** As a share of the second number. Default: 1e-5. */
  rtol?: number;
  /** And by this much more. Default: 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN. Default: false. */
  equalNan?: boolean;
}

/**
 * y = |a - b| ≤ atol + rtol · |b|, bool; an infinite number is close to itself alone. Mirrors `torch.isclose`.
 *
 * @param other of x's dtype, broadcast with x
 * @throws for two dtypes, and for tolerances below 0
 * @example tensor([1, 2, 3]).isclose(tensor([1.000001, 2.1, 3]))
 */
export function isclose(input: Tensor, other: Tensor, options?: ClosenessOptions): Tensor {
  const { rtol, atol, equalNan } = readOptions(options, { rtol: 1e-5, atol: 1e-8, equalNan: false });
  const otherType = () => `${scalarName[input.dtype]} did not match ${scalarName[other.dtype]}`;
  check(input.dtype === other.dtype, otherType);
  check(rtol >= 0, () => `rtol must be greater than or equal to zero, but got ${rtol}`);
  check(atol >= 0, () => `atol must be greater than or equal to zero, but got ${atol}`);
  const [a, b] = [input, other].map(detach);
  let close = eq(a, b);
  if (equalNan && isFloatingPoint(a.dtype)) close = logicalOr(close, logicalAnd(isnan(a), isnan(b)));
  if (rtol === 0 && atol === 0) return close;
  const [x, y] = [a, b].map(floating);
  const apart = abs(sub(x, y));
  const isWithin = le(apart, add(abs(mul(y, rtol)), atol));
  return logicalOr(close, logicalAnd(isfinite(apart), isWithin));
}

/**
 * Whether isclose holds everywhere. Mirrors `torch.allclose`.
 * @example tensor([1, 2]).allclose(tensor([1, 2.1]), { atol: 0.2 })
 */
export const allclose = (input: Tensor, other: Tensor, options?: ClosenessOptions): boolean =>
  all(isclose(input, other, options)).item() === 1;

/** Whether shapes and numbers are the same. Mirrors `torch.equal`. @example tensor([1, 2]).equal(tensor([1, 2])) */
export const equal = (input: Tensor, other: Tensor): boolean =>
  sameShape(input.shape, other.shape) && all(eq(detach(input), detach(other))).item() === 1;
