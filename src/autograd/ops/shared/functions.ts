/**
 * How a function of one number becomes an operation: its kernel, of the same name in the table, and its pull-back, which is written
 * in x or in y = f(x). Whole numbers become float32.
 */
import { applyUnary } from "../../../tensor/apply.ts";
import { zerosLike } from "../../../tensor/create.ts";
import type { UnaryKernel } from "../../../tensor/kernels/elementwise.ts";
import { type KernelName, kernels } from "../../../tensor/kernels/index.ts";
import { mapped } from "../../../tensor/kernels/rows.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type Applied, defineOp } from "../../op.ts";
import { floating } from "./promotion.ts";

type Name = KernelName<UnaryKernel>;

export const functionOfX = (name: Name, pullBack: (dy: Tensor, x: Tensor) => Tensor) =>
  defineOp(name, (input: Tensor): Applied => {
    const x = floating(input);
    return { y: applyUnary(kernels[name], x), saves: [x], grads: [[x, (dy) => pullBack(dy, x)]] };
  });

export const functionOfY = (name: Name, pullBack: (dy: Tensor, y: Tensor) => Tensor) =>
  defineOp(name, (input: Tensor): Applied => {
    const x = floating(input);
    const y = applyUnary(kernels[name], x);
    return { y, saves: [y], grads: [[x, (dy) => pullBack(dy, y)]] };
  });

/** A function to whole numbers, a staircase: its gradient is 0. */
export const staircase = (name: Name) =>
  defineOp(name, (x: Tensor): Applied => {
    return { y: applyUnary(kernels[name], x), grads: [[x, (dy) => zerosLike(dy)]] };
  });

/** A function of a number, which is not in the table of kernels: what a program does not call, a bundle leaves out. */
export function functionOf(name: string, f: (x: number) => number, pullBack: (dy: Tensor, x: Tensor) => Tensor) {
  const kernel = mapped(f);
  return defineOp(name, (input: Tensor): Applied => {
    const x = floating(input);
    return { y: applyUnary(kernel, x), saves: [x], grads: [[x, (dy) => pullBack(dy, x)]] };
  });
}
