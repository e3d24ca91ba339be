/**
 * Names that PyTorch has beside the first, mostly NumPy's: `x.arcsin()` is `x.asin()`. Each is a line here and in the table of
 * methods; types, documentation and editors follow the name that it stands for.
 */

export { ge as greaterEqual, gt as greater, le as lessEqual, lt as less, ne as notEqual } from "./compare.ts";
export {
  abs as absolute,
  clamp as clip,
  div as divide,
  mul as multiply,
  neg as negative,
  sign as sgn,
  sub as subtract,
} from "./elementwise.ts";
export {
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atan2 as arctan2,
  atanh as arctanh,
} from "./functions.ts";
export { outer as ger } from "./matmul.ts";
export { cat as concat, cat as concatenate } from "./parts.ts";
export { movedim as moveaxis } from "./rearrange.ts";
export { trunc as fix } from "./rounding.ts";
export { transpose as swapaxes, transpose as swapdims } from "./shape.ts";
