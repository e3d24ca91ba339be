/** The operations that are everyday methods: whoever has a tensor has these. */
export { argmax, argmin, eq, ge, gt, isnan, le, lt, ne } from "./compare.ts";
export {
  abs,
  add,
  clamp,
  div,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  sqrt,
  square,
  sub,
  tanh,
  where,
} from "./elementwise.ts";
export { cos, reciprocal, rsqrt, sin } from "./functions.ts";
export { all, any, logicalAnd, logicalNot, logicalOr } from "./logical.ts";
export { maskedFill } from "./masks.ts";
export { bmm, dot, matmul, mm, mv } from "./matmul.ts";
export { chunk, narrow, select, slice, split } from "./parts.ts";
export { max, mean, min, std, sum, var } from "./reduction.ts";
export { ceil, floor, round } from "./rounding.ts";
export {
  clone,
  contiguous,
  expand,
  flatten,
  permute,
  reshape,
  squeeze,
  t,
  to,
  transpose,
  unsqueeze,
  view,
} from "./shape.ts";
export { logSoftmax, softmax } from "./softmax.ts";
