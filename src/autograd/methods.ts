/**
 * Tensor's other methods: with those of everyday-methods.ts, the index of what a tensor can do. What each operation computes is said where
 * it is defined, in ops/. A name that ends in an underscore changes the tensor in place.
 *
 * Every entry point of the package but "lucidgrad/core" imports this file.
 */
import "./everyday-methods.ts";
import { check } from "../tensor/check.ts";
import { empty, full, ones, type TensorData, type TensorOptions, tensor, zeros } from "../tensor/create.ts";
import { scalarName } from "../tensor/dtype.ts";
import { type Int, listed, numelOf, type Shape, type Sizes } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { methods as filling } from "./filling.ts";
import { inplace, lookAnew, resize } from "./inplace.ts";
import { install } from "./install.ts";
import type { InPlaceMethods, Methods } from "./method-types.ts";
import type { Operand } from "./ops/elementwise.ts";
import * as ops from "./ops/methods.ts";
import { type FillDiagonalOptions, withDiagonal } from "./ops/shared/filled-diagonal.ts";

type Operations = typeof ops;

/** The methods that are operations, each under the name that it has in ops/; `relu_` is relu in place. */
// biome-ignore format: an index, family by family
const table = [
  // arithmetic
  "trueDivide", "trueDivide_", "floorDivide", "floorDivide_", "fmod", "fmod_", "remainder", "remainder_", "fmax", "fmin",
  "clampMin", "clampMin_", "clampMax", "clampMax_", "lerp", "lerp_", "addcmul", "addcmul_", "addcdiv", "addcdiv_",
  "copysign", "copysign_", "heaviside", "heaviside_",
  // mathematical functions
  "tan", "tan_", "asin", "asin_", "acos", "acos_", "atan", "atan_", "atan2", "atan2_", "sinh", "sinh_", "cosh", "cosh_",
  "asinh", "asinh_", "acosh", "acosh_", "atanh", "atanh_", "hypot", "hypot_", "exp2", "exp2_", "expm1", "expm1_", "log1p",
  "log1p_", "log2", "log2_", "log10", "log10_",
  // special functions
  "erf", "erf_", "erfc", "erfc_", "erfinv", "erfinv_", "lgamma", "lgamma_", "digamma", "digamma_", "logit", "logit_",
  "sinc", "sinc_", "xlogy", "xlogy_", "logaddexp", "logaddexp2", "i0", "i0_", "igamma", "igamma_", "igammac", "igammac_",
  "mvlgamma", "mvlgamma_", "frexp", "ldexp", "ldexp_", "nextafter", "nextafter_", "floatPower",
  // rounding
  "trunc", "trunc_", "frac", "frac_", "nanToNum", "nanToNum_",
  // whole numbers
  "bitwiseAnd", "bitwiseAnd_", "bitwiseOr", "bitwiseOr_", "bitwiseXor", "bitwiseXor_", "bitwiseNot", "bitwiseNot_",
  "bitwiseLeftShift", "bitwiseLeftShift_", "bitwiseRightShift", "bitwiseRightShift_", "gcd", "gcd_", "lcm", "lcm_",
  // comparisons, which give bool and have no gradient
  "isclose", "allclose", "equal",
  // questions, whose answer has no gradient
  "logicalXor", "logicalXor_", "isinf", "isposinf", "isneginf", "isfinite", "isreal", "signbit", "countNonzero", "nonzero",
  "isNonzero", "isSameSize", "isSigned", "positive",
  // reductions
  "norm", "prod", "logsumexp", "sumToSize", "nansum", "nanmean", "amax", "amin", "aminmax", "cov", "corrcoef", "dist",
  "renorm", "renorm_",
  // running sums and products, order
  "cumsum", "cumsum_", "cumprod", "cumprod_", "cummax", "cummin", "logcumsumexp", "diff", "sort", "argsort", "msort",
  "topk", "median", "nanmedian", "kthvalue", "mode", "quantile", "nanquantile", "unique", "uniqueConsecutive",
  // counts
  "histc", "histogram", "bincount",
  // matrix products
  "outer", "inner", "vdot", "kron", "cross", "addmm", "addmm_", "addmv", "addmv_", "addr", "addr_", "baddbmm", "baddbmm_",
  "addbmm", "addbmm_",
  // linear algebra
  "det", "slogdet", "logdet", "inverse", "pinverse", "cholesky", "qr", "svd", "matrixExp", "matrixPower",
  "choleskyInverse", "choleskySolve", "lu", "luSolve", "geqrf", "orgqr", "ormqr",
  // shapes
  "ravel", "unflatten", "broadcastTo",
  // parts
  "diagonal", "diag", "trace", "unfold", "unbind", "tensorSplit", "hsplit", "vsplit", "dsplit", "diagEmbed", "diagflat",
  "asStrided",
  // other arrangements
  "flip", "repeat", "fliplr", "flipud", "rot90", "roll", "movedim", "tile", "repeatInterleave",
  // reading and writing at positions
  "index", "gather", "indexSelect", "scatter", "scatter_", "scatterAdd", "scatterAdd_", "take", "takeAlongDim", "put",
  "put_", "indexCopy", "indexCopy_", "argwhere", "indexPut", "indexPut_", "indexAdd", "indexAdd_", "indexFill", "indexFill_",
  "scatterReduce", "scatterReduce_", "indexReduce", "indexReduce_", "asStridedScatter", "selectScatter", "sliceScatter",
  "diagonalScatter",
  // masks
  "maskedSelect", "maskedScatter", "maskedScatter_", "tril", "tril_", "triu", "triu_",
  // second names
  "absolute", "absolute_", "arccos", "arccos_", "arccosh", "arccosh_", "arcsin", "arcsin_", "arcsinh", "arcsinh_",
  "arctan", "arctan_", "arctan2", "arctan2_", "arctanh", "arctanh_", "clip", "clip_", "divide", "divide_", "fix", "fix_",
  "ger", "greater", "greater_", "greaterEqual", "greaterEqual_", "less", "less_", "lessEqual", "lessEqual_", "moveaxis",
  "multiply", "multiply_", "negative", "negative_", "notEqual", "notEqual_", "sgn", "sgn_", "subtract", "subtract_",
  "swapaxes", "swapdims",
] as const satisfies readonly (keyof Operations | `${keyof Operations}_`)[];

/** The same elements in another shape. @throws if it has more, or fewer */
function resized(x: Tensor, shape: Shape): Tensor {
  const text = (sizes: Shape) => sizes.join("x");
  const otherNumber = () =>
    `requested resize to ${text(shape)} (${numelOf(shape)} elements in total), but the given tensor has a size of ${text(x.shape)} ` +
    `(${x.numel} elements). autograd's resize can only change the shape of a given tensor, while preserving the number of elements. `;
  check(numelOf(shape) === x.numel, otherNumber);
  return ops.reshape(x, shape);
}

/** What is no operation, or is called in another way. What gives a tensor new values is in filling.ts. */
const methods = {
  // operations, called in another way
  /**
   * y = the n-th derivative of digamma at x: `polygamma(n, x)`. Mirrors `torch.Tensor.polygamma`.
   * @example tensor([1, 2]).polygamma(1)
   */
  polygamma(this: Tensor, n: Int): Tensor {
    return ops.polygamma(n, this);
  },
  /** The same in place. @example tensor([1, 2]).polygamma_(1) */
  polygamma_(this: Tensor, n: Int): Tensor {
    return inplace(this, (x) => ops.polygamma(n, x));
  },

  /**
   * In place: xᵇ, for x in float64, in which it is computed. Mirrors `torch.Tensor.float_power_`.
   * @throws for another dtype
   * @example tensor([2, 3], { dtype: "float64" }).floatPower_(2)
   */
  floatPower_(this: Tensor, exponent: Operand): Tensor {
    const otherType = () =>
      `the base given to float_power_ has dtype ${scalarName[this.dtype]} but the operation's result requires dtype Double`;
    check(this.dtype === "float64", otherType);
    return inplace(this, (x) => ops.floatPower(x, exponent));
  },

  // another shape in place
  /** Swaps two dimensions of x itself. Mirrors `torch.Tensor.transpose_`. @example zeros([2, 3]).transpose_(0, 1).shape */
  transpose_(this: Tensor, dim0: Int, dim1: Int): Tensor {
    return lookAnew(this, (x) => ops.transpose(x, dim0, dim1));
  },
  /** The same. Mirrors `torch.Tensor.swapaxes_`. @example zeros([2, 3]).swapaxes_(0, 1).shape */
  swapaxes_(this: Tensor, dim0: Int, dim1: Int): Tensor {
    return this.transpose_(dim0, dim1);
  },
  /** The same. Mirrors `torch.Tensor.swapdims_`. @example zeros([2, 3]).swapdims_(0, 1).shape */
  swapdims_(this: Tensor, dim0: Int, dim1: Int): Tensor {
    return this.transpose_(dim0, dim1);
  },
  /** Transposes the matrix x itself. Mirrors `torch.Tensor.t_`. @example zeros([2, 3]).t_().shape */
  t_(this: Tensor): Tensor {
    return lookAnew(this, ops.t);
  },
  /** Drops dimension dim of x itself if its size is 1, or all such. Mirrors `torch.Tensor.squeeze_`. @example zeros([1, 3]).squeeze_().shape */
  squeeze_(this: Tensor, dim?: Int): Tensor {
    return lookAnew(this, (x) => ops.squeeze(x, dim));
  },
  /** Gives x itself a new dimension dim of size 1. Mirrors `torch.Tensor.unsqueeze_`. @example zeros([2, 3]).unsqueeze_(1).shape */
  unsqueeze_(this: Tensor, dim: Int): Tensor {
    return lookAnew(this, (x) => ops.unsqueeze(x, dim));
  },
  /**
   * Gives x that shape, with the elements in its memory row by row; where they are too few, the others are whatever was there.
   * Mirrors `torch.Tensor.resize_`.
   * @throws if x requires a gradient
   * @example arange(6).resize_(2, 2)
   */
  resize_(this: Tensor, ...shape: Sizes): Tensor {
    return resize(this, listed(shape));
  },
  /**
   * Gives x that size, those strides and that place in its memory. Mirrors `torch.Tensor.as_strided_`.
   * @example arange(6).asStrided_([2, 2], [3, 1])
   */
  asStrided_(this: Tensor, size: readonly Int[], stride: readonly Int[], storageOffset?: Int): Tensor {
    return lookAnew(this, (x) => ops.asStrided(x, size, stride, storageOffset));
  },
  /** x with that shape, of as many elements. Mirrors `torch.Tensor.resize`. @example arange(6).resize(2, 3) */
  resize(this: Tensor, ...shape: Sizes): Tensor {
    return resized(this, listed(shape));
  },
  /** x with the shape of `other`, which has as many elements. Mirrors `torch.Tensor.resize_as`. @example arange(4).resizeAs(zeros([2, 2])) */
  resizeAs(this: Tensor, other: Tensor): Tensor {
    return resized(this, other.shape);
  },
  /**
   * Puts `value` on the diagonal from the first element, a step further along all dimensions each. Mirrors `torch.Tensor.fill_diagonal_`.
   * @throws for a vector, or edges of several lengths where there are more than two
   * @example zeros([2, 3]).fillDiagonal_(5)
   */
  fillDiagonal_(this: Tensor, value: number, options?: FillDiagonalOptions): Tensor {
    return inplace(this, (x) => withDiagonal(x, value, options));
  },
  /** Gives x the shape of `other`, likewise. Mirrors `torch.Tensor.resize_as_`. @example arange(4).resizeAs_(zeros([2, 2])) */
  resizeAs_(this: Tensor, other: Tensor): Tensor {
    return resize(this, other.shape);
  },

  // new tensors of the same dtype
  /** Zeros of that size, of x's dtype unless the options say another. Mirrors `torch.Tensor.new_zeros`. @example tensor([1, 2], { dtype: "int32" }).newZeros([2, 2]) */
  newZeros(this: Tensor, size: Shape | Int, options?: TensorOptions): Tensor {
    return zeros(size, { dtype: this.dtype, ...options });
  },
  /** Ones, likewise. Mirrors `torch.Tensor.new_ones`. @example tensor([true]).newOnes(3) */
  newOnes(this: Tensor, size: Shape | Int, options?: TensorOptions): Tensor {
    return ones(size, { dtype: this.dtype, ...options });
  },
  /** All `value`, likewise. Mirrors `torch.Tensor.new_full`. @example tensor([1.5]).newFull([2, 2], 7) */
  newFull(this: Tensor, size: Shape | Int, value: number, options?: TensorOptions): Tensor {
    return full(size, value, { dtype: this.dtype, ...options });
  },
  /** Of whatever was in that memory, likewise. Mirrors `torch.Tensor.new_empty`. @example tensor([1.5]).newEmpty([2, 3]).shape */
  newEmpty(this: Tensor, size: Shape | Int, options?: TensorOptions): Tensor {
    return empty(size, { dtype: this.dtype, ...options });
  },
  /** A tensor of these values, likewise. Mirrors `torch.Tensor.new_tensor`. @example tensor([1], { dtype: "int32" }).newTensor([[2.5, 3]]) */
  newTensor(this: Tensor, data: TensorData, options?: TensorOptions): Tensor {
    return tensor(data, { dtype: this.dtype, ...options });
  },
};

type Listed = (typeof table)[number];
type WrittenOut = typeof methods;
type Filling = typeof filling;

declare module "../tensor/tensor.ts" {
  interface Tensor
    extends Methods<Operations, Listed & keyof Operations>,
      InPlaceMethods<Operations, Listed>,
      WrittenOut,
      Filling {}
}

install(ops, table, { ...methods, ...filling });
