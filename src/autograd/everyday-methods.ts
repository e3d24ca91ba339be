/**
 * Tensor's everyday methods: `x.mul(y)` for mul(x, y). "lucidgrad/core" has these alone, so that a program that needs no others does
 * not ship them; "lucidgrad" has those of methods.ts, too. What each operation computes is said where it is defined, in ops/.
 *
 * Every entry point of the package imports this file: tensors have these methods then, and the fastest kernels of the host.
 */
import "../tensor/kernels/wasm/backend.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { fillNormal, fillUniform } from "../tensor/random/distributions.ts";
import { type Int, normalizeDim, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type BackwardOptions, backward } from "./engine.ts";
import { retainGrad } from "./history.ts";
import { type GradientHook, type HookHandle, registerHook } from "./hooks.ts";
import { addInPlace, copyInPlace, overwrite, subInPlace } from "./inplace.ts";
import { install } from "./install.ts";
import type { InPlaceMethods, Methods } from "./method-types.ts";
import { detach } from "./op.ts";
import type { AddOptions, Operand } from "./ops/elementwise.ts";
import * as ops from "./ops/everyday.ts";
import type * as families from "./ops/methods.ts";
import { type RandomSource, sourceOf } from "./random.ts";

/** Their types are those of the families, where an editor finds their documentation. */
type Operations = Pick<typeof families, keyof typeof ops>;

/** The methods that are operations, each under the name that it has in ops/; `relu_` is relu in place. add_ and sub_ are below. */
// biome-ignore format: an index, family by family
const table = [
  // arithmetic
  "add", "sub", "mul", "mul_", "div", "div_", "pow", "pow_", "neg", "neg_", "abs", "abs_", "sign", "sign_", "square",
  "square_", "maximum", "minimum", "clamp", "clamp_",
  // mathematical functions
  "exp", "exp_", "log", "log_", "sqrt", "sqrt_", "tanh", "tanh_", "sigmoid", "sigmoid_", "relu", "relu_", "sin", "sin_",
  "cos", "cos_", "rsqrt", "rsqrt_", "reciprocal", "reciprocal_",
  // rounding
  "floor", "floor_", "ceil", "ceil_", "round", "round_",
  // comparisons, which give bool and have no gradient
  "eq", "eq_", "ne", "ne_", "lt", "lt_", "le", "le_", "gt", "gt_", "ge", "ge_", "isnan",
  // questions, whose answer has no gradient
  "logicalAnd", "logicalAnd_", "logicalOr", "logicalOr_", "logicalNot", "logicalNot_", "any", "all",
  // reductions
  "sum", "mean", "var", "std", "max", "min", "argmax", "argmin", "softmax", "logSoftmax",
  // matrix products
  "matmul", "mm", "bmm", "mv", "dot",
  // shapes
  "view", "reshape", "expand", "permute", "transpose", "t", "flatten", "squeeze", "unsqueeze", "contiguous", "clone", "to",
  // parts
  "narrow", "select", "slice", "split", "chunk",
  // masks
  "maskedFill", "maskedFill_",
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

/** What is no operation, or is called in another way. */
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

  // new values in place
  /** x = source, broadcast to x's shape and converted to its dtype. @example zeros([2, 2]).copy_(tensor([1, 2])) */
  copy_(this: Tensor, source: Tensor): Tensor {
    return copyInPlace(this, source);
  },
  /** Every element becomes `value`. @example zeros(3).fill_(7) */
  fill_(this: Tensor, value: number): Tensor {
    return overwrite(this, () => copyInto(this, full([], value, { dtype: this.dtype })));
  },
  /** Every element becomes 0. @example ones(3).zero_() */
  zero_(this: Tensor): Tensor {
    return this.fill_(0);
  },
  /** Every element becomes uniform on [from, to). @example zeros(3).uniform_(-1, 1) */
  uniform_(this: Tensor, from = 0, to = 1, options?: RandomSource): Tensor {
    return overwrite(this, () => fillUniform(this, from, to, sourceOf(options)));
  },
  /** Every element becomes normal with that mean and standard deviation. @example zeros(3).normal_(10, 2) */
  normal_(this: Tensor, mean = 0, std = 1, options?: RandomSource): Tensor {
    return overwrite(this, () => fillNormal(this, mean, std, sourceOf(options)));
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
type WrittenOut = typeof methods;

declare module "../tensor/tensor.ts" {
  interface Tensor
    extends Methods<Operations, Listed & keyof Operations>,
      InPlaceMethods<Operations, Listed>,
      WrittenOut,
      Transposed {}
}

install(ops, table, methods);
Object.defineProperties(Tensor.prototype, Object.getOwnPropertyDescriptors(transposed));
