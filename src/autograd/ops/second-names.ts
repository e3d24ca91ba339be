/**
 * Names that PyTorch has beside the first, mostly NumPy's: `x.arcsin()` is `x.asin()`. Each is a line here and in the table of
 * methods; its types are those of the name that it stands for.
 */

export {
  /** The same as ge. */
  ge as greaterEqual,
  /** The same as gt. */
  gt as greater,
  /** The same as le. */
  le as lessEqual,
  /** The same as lt. */
  lt as less,
  /** The same as ne. */
  ne as notEqual,
} from "./compare.ts";
export {
  /** The same as abs. */
  abs as absolute,
  /** The same as clamp. */
  clamp as clip,
  /** The same as div. */
  div as divide,
  /** The same as mul. */
  mul as multiply,
  /** The same as neg. */
  neg as negative,
  /** The same as sign. */
  sign as sgn,
  /** The same as sub. */
  sub as subtract,
} from "./elementwise.ts";
export {
  /** The same as acos. */
  acos as arccos,
  /** The same as acosh. */
  acosh as arccosh,
  /** The same as asin. */
  asin as arcsin,
  /** The same as asinh. */
  asinh as arcsinh,
  /** The same as atan. */
  atan as arctan,
  /** The same as atan2. */
  atan2 as arctan2,
  /** The same as atanh. */
  atanh as arctanh,
} from "./functions.ts";
export {
  /** The same as outer. */
  outer as ger,
} from "./matmul.ts";
export {
  /** The same as cat. */
  cat as concat,
  /** The same as cat. */
  cat as concatenate,
} from "./parts.ts";
export {
  /** The same as movedim. */
  movedim as moveaxis,
} from "./rearrange.ts";
export {
  /** The same as trunc. */
  trunc as fix,
} from "./rounding.ts";
export {
  /** The same as transpose. */
  transpose as swapaxes,
  /** The same as transpose. */
  transpose as swapdims,
} from "./shape.ts";
