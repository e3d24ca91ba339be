/** Functions of the normal distribution: its share below x, the logarithm of that, the reverse, and the scaled share beyond. */
import { applyUnary } from "../../tensor/apply.ts";
import { mapped } from "../../tensor/kernels/rows.ts";
import * as special from "../../tensor/kernels/special.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Applied, defineOp } from "../op.ts";
import { div, exp, mul, square, sub } from "./elementwise.ts";
import { erfc } from "./functions.ts";
import { functionOf } from "./shared/functions.ts";
import { floating } from "./shared/promotion.ts";

/** y = e^(x²) · erfc x; erfcx' = 2 x · erfcx x - 2/√π. Mirrors `torch.special.erfcx`. @example erfcx(tensor([0, 1, 100])) */
export const erfcx = functionOf("erfcx", special.erfcx, (dy, x) =>
  mul(dy, sub(mul(mul(x, erfcx(x)), 2), 2 / Math.sqrt(Math.PI))),
);

/** y = erfc (-x/√2) / 2, the share of the normal distribution below x. Mirrors `torch.special.ndtr`. @example ndtr(tensor([-2, 0, 2])) */
export const ndtr = (x: Tensor): Tensor => div(erfc(mul(floating(x), -Math.SQRT1_2)), 2);

/**
 * y = the logarithm of that share, also where it is too small; its slope is √(2/π) / erfcx (-x/√2). Mirrors `torch.special.log_ndtr`.
 * @example logNdtr(tensor([-100, 0, 2]))
 */
export const logNdtr = functionOf("logNdtr", special.logNdtr, (dy, x) =>
  div(mul(dy, Math.sqrt(2 / Math.PI)), erfcx(mul(x, -Math.SQRT1_2))),
);

/** y of which ndtr is x; ndtri' = √2π · e^(y²/2). Mirrors `torch.special.ndtri`. @example ndtri(tensor([0.025, 0.5, 1])) */
export const ndtri = defineOp("ndtri", (input: Tensor): Applied => {
  const x = floating(input);
  const y = applyUnary(mapped(special.ndtri), x);
  return { y, saves: [y], grads: [[x, (dy) => mul(dy, mul(exp(div(square(y), 2)), Math.sqrt(2 * Math.PI)))]] };
});
