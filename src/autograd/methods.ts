/**
 * Tensor's methods: `x.mul(y)` for mul(x, y). This file is the index of what a tensor can do; what each operation
 * computes is said where it is defined, in ops/. A name that ends in an underscore changes the tensor in place.
 *
 * Every entry point of the package imports this file: tensors have their methods then, and the fastest kernels of the host.
 */
import "../tensor/kernels/wasm/backend.ts";
import { check } from "../tensor/check.ts";
import { empty, full, ones, type TensorData, type TensorOptions, tensor, zeros } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { type Int, listed, normalizeDim, numelOf, type Shape, type Sizes } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type BackwardOptions, backward } from "./engine.ts";
import { methods as filling } from "./filling.ts";
import { retainGrad } from "./history.ts";
import { type GradientHook, type HookHandle, registerHook } from "./hooks.ts";
import { addInPlace, inplace, lookAnew, resize, subInPlace } from "./inplace.ts";
import type { InPlaceMethods, Methods } from "./method-types.ts";
import { detach } from "./op.ts";
import type { AddOptions, Operand } from "./ops/elementwise.ts";
import * as ops from "./ops/methods.ts";
import { type FillDiagonalOptions, withDiagonal } from "./ops/shared/filled-diagonal.ts";

type Operations = typeof ops;

/** The methods that are operations, each under the name that it has in ops/; `relu_` is relu in place. add_ and sub_ are below. */
// biome-ignore format: an index, family by family
const table = [
  // arithmetic
  "add", "sub", "mul", "mul_", "div", "div_", "trueDivide", "trueDivide_", "floorDivide", "floorDivide_", "fmod", "fmod_",
  "remainder", "remainder_", "pow", "pow_", "neg", "neg_", "abs", "abs_", "sign", "sign_", "square", "square_",
  "maximum", "minimum", "fmax", "fmin", "clamp", "clamp_", "clampMin", "clampMin_", "clampMax", "clampMax_",
  "lerp", "lerp_", "addcmul", "addcmul_", "addcdiv", "addcdiv_", "copysign", "copysign_", "heaviside", "heaviside_",
  // mathematical functions
  "exp", "exp_", "log", "log_", "sqrt", "sqrt_", "tanh", "tanh_", "sigmoid", "sigmoid_", "relu", "relu_",
  "sin", "sin_", "cos", "cos_", "tan", "tan_", "asin", "asin_", "acos", "acos_", "atan", "atan_", "atan2", "atan2_",
  "sinh", "sinh_", "cosh", "cosh_", "asinh", "asinh_", "acosh", "acosh_", "atanh", "atanh_", "hypot", "hypot_",
  "exp2", "exp2_", "expm1", "expm1_", "log1p", "log1p_", "log2", "log2_", "log10", "log10_", "rsqrt", "rsqrt_",
  "reciprocal", "reciprocal_",
  // special functions
  "erf", "erf_", "erfc", "erfc_", "erfinv", "erfinv_", "lgamma", "lgamma_", "digamma", "digamma_", "logit", "logit_",
  "sinc", "sinc_", "xlogy", "xlogy_", "logaddexp", "logaddexp2", "i0", "i0_", "igamma", "igamma_", "igammac", "igammac_",
  "mvlgamma", "mvlgamma_", "frexp", "ldexp", "ldexp_", "nextafter", "nextafter_", "floatPower",
  // rounding
  "floor", "floor_", "ceil", "ceil_", "trunc", "trunc_", "frac", "frac_", "round", "round_", "nanToNum", "nanToNum_",
  // whole numbers
  "bitwiseAnd", "bitwiseAnd_", "bitwiseOr", "bitwiseOr_", "bitwiseXor", "bitwiseXor_", "bitwiseNot", "bitwiseNot_",
  "bitwiseLeftShift", "bitwiseLeftShift_", "bitwiseRightShift", "bitwiseRightShift_", "gcd", "gcd_", "lcm", "lcm_",
  // comparisons, which give bool and have no gradient
  "eq", "eq_", "ne", "ne_", "lt", "lt_", "le", "le_", "gt", "gt_", "ge", "ge_", "isclose", "allclose", "equal", "isnan",
  // questions, whose answer has no gradient
  "logicalAnd", "logicalAnd_", "logicalOr", "logicalOr_", "logicalXor", "logicalXor_", "logicalNot", "logicalNot_",
  "any", "all", "isinf", "isposinf", "isneginf", "isfinite", "isreal", "signbit", "countNonzero", "nonzero",
  "isNonzero", "isSameSize", "isSigned", "positive",
  // reductions
  "sumToSize", "sum", "mean", "var", "std", "norm", "prod", "logsumexp", "max", "min", "argmax", "argmin", "softmax", "logSoftmax",
  "nansum", "nanmean", "amax", "amin", "aminmax", "cov", "corrcoef", "dist", "renorm", "renorm_",
  // running sums and products, order
  "cumsum", "cumsum_", "cumprod", "cumprod_", "cummax", "cummin", "logcumsumexp", "diff", "sort", "argsort", "msort", "topk",
  "median", "nanmedian", "kthvalue", "mode", "quantile", "nanquantile", "unique", "uniqueConsecutive",
  // counts
  "histc", "histogram", "bincount",
  // matrix products
  "matmul", "mm", "bmm", "mv", "dot", "outer", "inner", "vdot", "kron", "cross", "addmm", "addmm_", "addmv", "addmv_",
  "addr", "addr_", "baddbmm", "baddbmm_", "addbmm", "addbmm_",
  // linear algebra
  "det", "slogdet", "logdet", "inverse", "pinverse", "cholesky", "qr", "svd", "matrixExp", "matrixPower",
  "choleskyInverse", "choleskySolve", "lu", "luSolve", "geqrf", "orgqr", "ormqr",
  // shapes
  "view", "reshape", "expand", "permute", "transpose", "t", "flatten", "squeeze", "unsqueeze", "contiguous", "clone",
  "to", "ravel", "unflatten", "broadcastTo",
  // parts
  "narrow", "select", "slice", "split", "chunk", "diagonal", "diag", "trace", "unfold", "unbind", "tensorSplit", "hsplit",
  "vsplit", "dsplit", "diagEmbed", "diagflat", "asStrided",
  // other arrangements
  "flip", "fliplr", "flipud", "rot90", "roll", "movedim", "repeat", "tile", "repeatInterleave",
  // reading and writing at positions
  "take", "takeAlongDim", "put", "put_", "indexCopy", "indexCopy_", "argwhere",
  "index", "gather", "indexSelect", "indexPut", "indexPut_", "indexAdd", "indexAdd_", "scatter", "scatter_",
  "scatterAdd", "scatterAdd_", "indexFill", "indexFill_", "scatterReduce", "scatterReduce_", "indexReduce", "indexReduce_",
  "asStridedScatter", "selectScatter", "sliceScatter", "diagonalScatter",
  // masks
  "maskedFill", "maskedFill_", "maskedSelect", "maskedScatter", "maskedScatter_", "tril", "tril_", "triu", "triu_",
  // second names
  "absolute", "absolute_", "arccos", "arccos_", "arccosh", "arccosh_", "arcsin", "arcsin_", "arcsinh", "arcsinh_",
  "arctan", "arctan_", "arctan2", "arctan2_", "arctanh", "arctanh_", "clip", "clip_", "divide", "divide_", "fix", "fix_",
  "ger", "greater", "greater_", "greaterEqual", "greaterEqual_", "less", "less_", "lessEqual", "lessEqual_", "moveaxis",
  "multiply", "multiply_", "negative", "negative_", "notEqual", "notEqual_", "sgn", "sgn_", "subtract", "subtract_",
  "swapaxes", "swapdims",
] as const satisfies readonly (keyof Operations | `${keyof Operations}_`)[];

/** The size of each dimension. */
function size(this: Tensor): Shape;
/** The size of dimension dim, -1 being the last. */
function size(this: Tensor, dim: Int): number;
function size(this: Tensor, dim?: number): number | Shape {
  if (dim === undefined) return this.shape;
  check(this.ndim > 0, () => `Dimension specified as ${dim} but tensor has no dimensions`, RangeError);
  return this.shape[normalizeDim(dim, this.ndim)];
}

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
  // autograd
  /**
   * Adds the gradient of this tensor to `.grad` of every leaf it was computed from. Mirrors `torch.Tensor.backward`.
   *
   * @param gradient dLoss/dx, of this tensor's shape; 1 for a scalar if left out
   * @throws if x needs no gradient, is not a scalar and has no gradient given, or its graph was already freed
   * @example
   * const x = tensor([1, 2, 3], { requiresGrad: true });
   * x.pow(2).sum().backward();
   * console.log(x.grad);
   */
  backward(this: Tensor, gradient?: Tensor, options?: BackwardOptions): void {
    backward(this, gradient, options);
  },
  /**
   * The same values in the same memory, without history. Mirrors `torch.Tensor.detach`.
   * @example
   * const x = tensor([1, 2], { requiresGrad: true });
   * console.log(x.mul(2), x.mul(2).detach());
   */
  detach(this: Tensor): Tensor {
    return detach(this);
  },
  /** Sets requiresGrad, and returns the tensor. */
  requiresGrad_(this: Tensor, value = true): Tensor {
    this.requiresGrad = value;
    return this;
  },
  /**
   * Keeps the gradient of a tensor that is not a leaf in its `.grad`, too. Mirrors `torch.Tensor.retain_grad`.
   * @example
   * const x = tensor([1, 2], { requiresGrad: true });
   * const y = x.mul(3);
   * y.retainGrad();
   * y.pow(2).sum().backward();
   * console.log(y.grad, x.grad);
   */
  retainGrad(this: Tensor): void {
    retainGrad(this);
  },
  /**
   * Calls `hook` in every backward pass with the whole gradient of this tensor. Its hooks run in the order in which they
   * were registered, before the gradient is used or kept. Mirrors `torch.Tensor.register_hook`.
   * @throws if x needs no gradient
   * @example
   * const x = tensor([1, 2], { requiresGrad: true });
   * const handle = x.registerHook((gradient) => gradient.mul(10));
   * x.sum().backward();
   * console.log(x.grad);
   * handle.remove();
   */
  registerHook(this: Tensor, hook: GradientHook): HookHandle {
    return registerHook(this, hook);
  },

  // operations, called in another way
  /** In place: x + alpha · other. Without recording, it needs no new memory: this is the update of every optimizer. */
  add_(this: Tensor, other: Operand, options?: AddOptions): Tensor {
    return addInPlace(this, other, options);
  },
  /** In place: x - alpha · other, likewise. */
  sub_(this: Tensor, other: Operand, options?: AddOptions): Tensor {
    return subInPlace(this, other, options);
  },
  /**
   * y = condition ? x : other, element by element: `where(condition, x, other)`. Mirrors `torch.Tensor.where`.
   * @example tensor([-2, 3]).where(tensor([false, true]), 0)
   */
  where(this: Tensor, condition: Tensor, other: Operand): Tensor {
    return ops.where(condition, this, other);
  },

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

  // shapes like another's, and other ways to ask for them
  /** The same memory in the shape of `other`: x.view(other.shape). Mirrors `torch.Tensor.view_as`. @example arange(4).viewAs(zeros([2, 2])) */
  viewAs(this: Tensor, other: Tensor): Tensor {
    return ops.view(this, other.shape);
  },
  /** Repeated to the shape of `other`: x.expand(other.shape). Mirrors `torch.Tensor.expand_as`. @example tensor([1, 2]).expandAs(zeros([2, 2])) */
  expandAs(this: Tensor, other: Tensor): Tensor {
    return ops.expand(this, other.shape);
  },
  /** The dtype of `other`: x.to(other.dtype). Mirrors `torch.Tensor.type_as`. @example tensor([1.5]).typeAs(tensor([1], { dtype: "int32" })) */
  typeAs(this: Tensor, other: Tensor): Tensor {
    return ops.to(this, other.dtype);
  },
  /** The number of dimensions, as x.ndim. Mirrors `torch.Tensor.dim`. @example zeros([2, 3]).dim() */
  dim(this: Tensor): number {
    return this.ndim;
  },
  /** The size of dimension dim, -1 being the last; or x.shape. Mirrors `torch.Tensor.size`. @example zeros([2, 3]).size(-1) */
  size,

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

  // other dtypes, and what moves nothing here
  /** x in float32: x.to("float32"). Mirrors `torch.Tensor.float`. @example tensor([1, 2], { dtype: "int32" }).float() */
  float(this: Tensor): Tensor {
    return ops.to(this, "float32");
  },
  /** x in float64. Mirrors `torch.Tensor.double`. @example tensor([1, 2]).double() */
  double(this: Tensor): Tensor {
    return ops.to(this, "float64");
  },
  /** x in int32, cut to whole numbers. Mirrors `torch.Tensor.int`. @example tensor([1.5, -1.5]).int() */
  int(this: Tensor): Tensor {
    return ops.to(this, "int32");
  },
  /** x as truths: whether it is not 0. Mirrors `torch.Tensor.bool`. @example tensor([0, 0.5]).bool() */
  bool(this: Tensor): Tensor {
    return ops.to(this, "bool");
  },
  /** x itself, which is on the CPU as all tensors are. Mirrors `torch.Tensor.cpu`. @example tensor([1, 2]).cpu() */
  cpu(this: Tensor): Tensor {
    return this;
  },
  /** Whether x has fractions: float32 or float64. Mirrors `torch.Tensor.is_floating_point`. @example tensor([1, 2]).isFloatingPoint() */
  isFloatingPoint(this: Tensor): boolean {
    return isFloatingPoint(this.dtype);
  },
};

/** What is read without a call. */
interface Transposed {
  /**
   * The dimensions in reverse order: the transpose of a matrix. Mirrors `torch.Tensor.T`.
   * @example tensor([[1, 2], [3, 4]]).T
   */
  readonly T: Tensor;
  /**
   * The last two dimensions swapped: each matrix of a batch transposed. Mirrors `torch.Tensor.mT`.
   * @throws for fewer than two dimensions
   * @example zeros([5, 2, 3]).mT.shape
   */
  readonly mT: Tensor;
}

const transposed: Transposed & ThisType<Tensor> = {
  get T() {
    return ops.permute(this, [...this.shape.keys()].reverse());
  },
  get mT() {
    const noMatrix = () => `tensor.mT is only supported on matrices or batches of matrices. Got ${this.ndim}-D tensor.`;
    check(this.ndim >= 2, noMatrix);
    return ops.transpose(this, -2, -1);
  },
};

type Listed = (typeof table)[number];
/** The names that are also there with an underscore. */
type Twinned<Name> = Name extends `${infer Base extends keyof Operations}_` ? Base : never;
type WrittenOut = typeof methods;
type Filling = typeof filling;

declare module "../tensor/tensor.ts" {
  interface Tensor
    extends Methods<Operations, Listed & keyof Operations>,
      InPlaceMethods<Operations, Twinned<Listed>>,
      WrittenOut,
      Filling,
      Transposed {}
}

const operations = ops as unknown as Record<string, (x: Tensor, ...rest: unknown[]) => Tensor>;

function methodOf(name: string) {
  const operation = operations[name.replace(/_$/, "")];
  return name.endsWith("_")
    ? function (this: Tensor, ...rest: unknown[]) {
        return inplace(this, (x) => operation(x, ...rest));
      }
    : function (this: Tensor, ...rest: unknown[]) {
        return operation(this, ...rest);
      };
}

Object.defineProperties(Tensor.prototype, Object.getOwnPropertyDescriptors(transposed));
Object.assign(Tensor.prototype, Object.fromEntries(table.map((name) => [name, methodOf(name)])), methods, filling);
