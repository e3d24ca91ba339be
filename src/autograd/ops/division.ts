/** Division to a whole number, and what it leaves over. (div itself is in elementwise.ts.) */
import { applyBinary } from "../../tensor/apply.ts";
import * as kernels from "../../tensor/kernels/division.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import type { AddOptions } from "./elementwise.ts";
import { div, mul, neg, sub } from "./elementwise.ts";
import { sumTo } from "./shared/broadcast.ts";
import { divisible } from "./shared/division.ts";
import { withoutDerivative } from "./shared/implemented.ts";
import type { Operand } from "./shared/promotion.ts";

/** y = a - q · b, where q is a / b rounded: da = dy, db = -dy · q */
const rest = (name: "fmod" | "remainder", kernel: BinaryKernel, roundingMode: "trunc" | "floor") =>
  defineOp(name, (input: Operand, other: Operand): Applied => {
    const [a, b] = divisible(input, other, name);
    const shape = a.shape;
    return {
      y: applyBinary(kernel, a, b, name),
      grads: [
        [a, (dy) => sumTo(dy, shape)],
        [b, (dy) => sumTo(neg(mul(dy, div(a, b, { roundingMode }))), b.shape), [a, b]],
      ],
    };
  });

const truncatedRest = rest("fmod", kernels.fmod, "trunc");

/**
 * What dividing a by b leaves over, with the sign of a: as C's and JavaScript's %. Mirrors `torch.fmod`.
 * @throws for truths, and for whole numbers and 0
 * @example tensor([-7, 7]).fmod(3)
 */
export const fmod = (x: Tensor, other: Operand): Tensor => truncatedRest(x, other);

/**
 * What dividing a by b leaves over, with the sign of b: as Python's %. Mirrors `torch.remainder`.
 * @throws for truths, and for whole numbers and 0
 * @example tensor([-7, 7]).remainder(3)
 */
export const remainder = rest("remainder", kernels.remainder, "floor");

/**
 * y = a / b, rounded down; it has no gradient, which div with roundingMode has. Mirrors `torch.floor_divide`.
 * @throws for truths, and for whole numbers and 0
 * @example tensor([-7, 7]).floorDivide(2)
 */
export function floorDivide(input: Operand, other: Operand): Tensor {
  const [a, b] = divisible(input, other, "div_floor");
  return withoutDerivative("floor_divide", applyBinary(kernels.divFloor, a, b, "floor_divide"), a, b);
}

/** y = a / b, never rounded: div without options. Mirrors `torch.true_divide`. @example tensor([7, 1]).trueDivide(2) */
export const trueDivide = (input: Operand, other: Operand): Tensor => div(input, other);

/** y = b - alpha · a. Mirrors `torch.rsub`. @example rsub(tensor([1, 2]), 10) */
export const rsub = (x: Tensor, other: Operand, options?: AddOptions): Tensor => sub(other, x, options);
