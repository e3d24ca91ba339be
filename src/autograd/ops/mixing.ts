/** What three tensors make together: steps from one to another, and products and quotients added. */
import { applyTernary } from "../../tensor/apply.ts";
import { check } from "../../tensor/check.ts";
import { full } from "../../tensor/create.ts";
import { cName, isFloatingPoint, resultType, type Typed } from "../../tensor/dtype.ts";
import { kernels } from "../../tensor/kernels/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp, detach } from "../op.ts";
import { add, div, mul, neg, square, sub } from "./elementwise.ts";
import { to } from "./shape.ts";
import { sumTo } from "./shared/broadcast.ts";
import { checkTakes, isNumber } from "./shared/implemented.ts";
import type { Operand } from "./shared/promotion.ts";

/**
 * y = x + weight · (end - x), dx = dy · (1 - weight), dend = dy · weight. Mirrors `torch.lerp`.
 *
 * @param end of x's dtype @param weight a number, or a tensor of x's dtype
 * @throws for whole numbers and bools
 * @example tensor([0, 10]).lerp(tensor([10, 20]), 0.25)
 */
export const lerp = defineOp("lerp", (x: Tensor, end: Tensor, weight: Operand): Applied => {
  const { dtype } = x;
  const isNamed = typeof weight === "number";
  const w = isNamed ? full([], weight, { dtype: isFloatingPoint(dtype) ? dtype : "float32" }) : weight;
  for (const [name, operand] of Object.entries(isNamed ? { end } : { end, weight: w })) {
    const otherType = () => `expected dtype ${cName[dtype]} for \`${name}\` but got dtype ${cName[operand.dtype]}`;
    check(operand.dtype === dtype, otherType);
  }
  checkTakes(isNamed ? "lerp_kernel_scalar" : "lerp_kernel_tensor", x, isFloatingPoint);
  const [shapeX, shapeEnd, shapeW] = [x.shape, end.shape, w.shape];
  return {
    y: applyTernary(kernels.lerp, w, x, end, "lerp"),
    grads: [
      [x, (dy) => sumTo(mul(dy, sub(1, w)), shapeX), [w]],
      [end, (dy) => sumTo(mul(dy, w), shapeEnd), [w]],
      [w, (dy) => sumTo(mul(dy, sub(end, x)), shapeW), [x, end]],
    ],
  };
});

/** Of what a product or quotient is added. */
export interface AddcOptions {
  /** A factor for it. Default: 1. */
  value?: number;
}

const typeOf = ({ dtype, shape }: Tensor): Typed => ({ dtype, shape });

/** The operands in their common dtype, and y = x + value · combine(a, b) of them, computed without a record. */
function addition(given: readonly Tensor[], combine: typeof mul, options?: AddcOptions) {
  const { value } = readOptions(options, { value: 1 });
  const { dtype } = given
    .map(typeOf)
    .reduce((a, b) => ({ dtype: resultType(a, b), shape: a.shape.length > 0 ? a.shape : b.shape }));
  const operands = given.map((operand) => to(operand, dtype));
  const [x, a, b] = operands.map(detach);
  const y = add(x, combine(a, b), { alpha: isFloatingPoint(dtype) ? value : Math.trunc(value) });
  return { y, value, operands };
}

/**
 * y = x + value · a · b, da = dy · value · b, db = dy · value · a. Mirrors `torch.addcmul`.
 * @throws for three bools
 * @example tensor([1, 2]).addcmul(tensor([3, 4]), tensor([10, 100]), { value: 0.5 })
 */
export const addcmul = defineOp(
  "addcmul",
  (input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: AddcOptions): Applied => {
    const { y, value, operands } = addition([input, tensor1, tensor2], mul, options);
    checkTakes("addcmul_cpu_out", y, isNumber);
    const [x, a, b] = operands;
    const [shapeX, shapeA, shapeB] = operands.map(({ shape }) => shape);
    return {
      y,
      grads: [
        [x, (dy) => sumTo(dy, shapeX)],
        [a, (dy) => sumTo(mul(dy, mul(b, value)), shapeA), [b]],
        [b, (dy) => sumTo(mul(dy, mul(a, value)), shapeB), [a]],
      ],
    };
  },
);

/**
 * y = x + value · a / b, da = dy · value / b, db = -dy · value · a / b². Mirrors `torch.addcdiv`.
 * @throws for whole a and b
 * @example tensor([1, 2]).addcdiv(tensor([3, 4]), tensor([10, 100]), { value: 0.5 })
 */
export const addcdiv = defineOp(
  "addcdiv",
  (input: Tensor, tensor1: Tensor, tensor2: Tensor, options?: AddcOptions): Applied => {
    check(
      isFloatingPoint(tensor1.dtype) || isFloatingPoint(tensor2.dtype),
      "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division " +
        'of tensor1 and tensor2. Convert them first: tensor1.to("float32")',
    );
    const { y, value, operands } = addition([input, tensor1, tensor2], div, options);
    const [x, a, b] = operands;
    const [shapeX, shapeA] = [x.shape, a.shape];
    return {
      y,
      grads: [
        [x, (dy) => sumTo(dy, shapeX)],
        [a, (dy) => sumTo(mul(dy, div(value, b)), shapeA), [b]],
        [b, (dy) => sumTo(neg(mul(dy, div(mul(a, value), square(b)))), b.shape), [a, b]],
      ],
    };
  },
);
