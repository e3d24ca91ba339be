/** Which elements, or slices, of a parameter are pruned: by chance, by their size, or as one says. */
import { gt } from "../autograd/ops/compare.ts";
import { abs, mul } from "../autograd/ops/elementwise.ts";
import { kthvalue } from "../autograd/ops/order-statistics.ts";
import { norm } from "../autograd/ops/reduction.ts";
import { indexFill } from "../autograd/ops/scatter.ts";
import { expand, reshape, to } from "../autograd/ops/shape.ts";
import { topk } from "../autograd/ops/sorting.ts";
import { check } from "../tensor/check.ts";
import { rand, randLike, zerosLike } from "../tensor/create.ts";
import { formatShape, type Int, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BasePruningMethod } from "./pruning.ts";

/** @throws with PyTorch's words, unless this can be an amount */
function checkAmount(amount: number): void {
  check(typeof amount === "number", () => `Invalid type for amount: ${amount}. Must be int or float.`, TypeError);
  const outside = () => `amount=${amount} should either be a float in the range [0, 1] or a non-negative integer`;
  check(Number.isInteger(amount) ? amount >= 0 : amount >= 0 && amount <= 1, outside);
}

/** How many of `size` an amount is: a whole number, or a share, halves rounded to the even number. */
function countOf(amount: number, size: number): number {
  const share = amount * size;
  const nearest = Math.round(share);
  const rounded = share % 1 === 0.5 && nearest % 2 === 1 ? nearest - 1 : nearest;
  const count = Number.isInteger(amount) ? amount : rounded;
  check(count <= size, () => `amount=${count} should be smaller than the number of parameters to prune=${size}`);
  return count;
}

/** The mask without the elements of x at these places, counted row by row. */
const without = (mask: Tensor, places: Tensor): Tensor =>
  reshape(indexFill(reshape(mask, [mask.numel]), 0, places, 0), mask.shape);

/**
 * Prunes nothing: the parameter gets a mask. Mirrors `torch.nn.utils.prune.Identity`.
 * @example
 * const layer = new nn.Linear(2, 1);
 * nn.utils.prune.Identity.apply(layer, "weight");
 * console.log(layer.getBuffer("weight_mask"));
 */
export class Identity extends BasePruningMethod {
  readonly pruningType = "unstructured";

  override computeMask(_: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
}

/** Prunes elements of which `chosen` says which count least. */
abstract class Unstructured extends BasePruningMethod {
  readonly pruningType = "unstructured";
  /** How many elements, as a whole number, or which share of them, below 1. */
  readonly amount: number;

  constructor(amount: number) {
    super();
    checkAmount(amount);
    this.amount = amount;
  }

  /** The places of so many elements. */
  protected abstract chosen(x: Tensor, count: number): Tensor;

  override computeMask(x: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, x.numel);
    return count === 0 ? defaultMask : without(defaultMask, this.chosen(x, count));
  }
}

/**
 * Prunes elements by chance. Mirrors `torch.nn.utils.prune.RandomUnstructured`.
 * @param amount how many elements, as a whole number, or which share of them, below 1
 * @example new nn.utils.prune.RandomUnstructured(1).prune(ones([2, 2])).sum()
 */
export class RandomUnstructured extends Unstructured {
  protected override chosen(x: Tensor, count: number): Tensor {
    return topk(reshape(randLike(x), [x.numel]), count).indices;
  }
}

/**
 * Prunes the elements that are nearest to 0. Mirrors `torch.nn.utils.prune.L1Unstructured`.
 * @param amount how many elements, as a whole number, or which share of them, below 1
 * @example new nn.utils.prune.L1Unstructured(0.5).prune(tensor([1, -4, 2, -3]))
 */
export class L1Unstructured extends Unstructured {
  protected override chosen(x: Tensor, count: number): Tensor {
    return topk(reshape(abs(x), [x.numel]), count, 0, { largest: false }).indices;
  }
}

/** Prunes slices along a dimension. */
abstract class Structured extends BasePruningMethod {
  readonly pruningType = "structured";
  /** How many slices, as a whole number, or which share of them, below 1. */
  readonly amount: number;
  /** Along which dimension they lie one after the other. */
  override readonly dim: Int;

  constructor(amount: number, dim: Int = -1) {
    super();
    checkAmount(amount);
    this.amount = amount;
    this.dim = dim;
  }

  /** Which slices along dimension d are kept where so many are pruned, (shape[d]). */
  protected abstract kept(x: Tensor, d: number, count: number): Tensor;

  override computeMask(x: Tensor, defaultMask: Tensor): Tensor {
    const { ndim, shape } = x;
    const size = `torch.Size(${formatShape(shape)})`;
    const flat = () =>
      `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape ${size} with ${ndim} dims`;
    check(ndim > 1, flat);
    const outside = () => `Invalid index ${this.dim} for tensor of size ${size}`;
    check(this.dim < ndim && this.dim >= -ndim, outside, RangeError);
    const d = (this.dim + ndim) % ndim;
    const count = countOf(this.amount, shape[d]);
    if (count === 0) return defaultMask;
    const kept = reshape(
      to(this.kept(x, d, count), x.dtype),
      shape.map((length, k) => (k === d ? length : 1)),
    );
    return mul(expand(kept, shape), to(defaultMask, x.dtype));
  }
}

/**
 * Prunes slices by chance. Mirrors `torch.nn.utils.prune.RandomStructured`.
 * @param amount how many slices, as a whole number, or which share of them, below 1
 * @param dim along which they lie one after the other
 * @example new nn.utils.prune.RandomStructured(1, 0).prune(ones([3, 2])).sum()
 */
export class RandomStructured extends Structured {
  protected override kept(x: Tensor, d: number, count: number): Tensor {
    const chances = rand([x.shape[d]]);
    return gt(chances, kthvalue(chances, count).values);
  }
}

/**
 * Prunes the slices that are the smallest by a norm. Mirrors `torch.nn.utils.prune.LnStructured`.
 * @param amount how many slices, as a whole number, or which share of them, below 1
 * @param n of which norm, as of `norm`
 * @param dim along which they lie one after the other
 * @example new nn.utils.prune.LnStructured(1, 2, 0).prune(tensor([[1, 2], [0, 3], [4, 1]]))
 */
export class LnStructured extends Structured {
  /** By which norm slices are compared. */
  readonly n: number | "fro";

  constructor(amount: number, n: number | "fro", dim: Int = -1) {
    super(amount, dim);
    this.n = n;
  }

  protected override kept(x: Tensor, d: number, count: number): Tensor {
    const sizes = norm(
      x,
      this.n,
      x.shape.map((_, k) => k).filter((k) => k !== d),
    );
    return indexFill(zerosLike(sizes), 0, topk(sizes, sizes.numel - count).indices, 1);
  }
}

/**
 * Prunes where a mask is 0. Mirrors `torch.nn.utils.prune.CustomFromMask`.
 * @param mask of ones and zeros, of the parameter's shape
 * @example new nn.utils.prune.CustomFromMask(tensor([1, 0, 1])).prune(tensor([5, 6, 7]))
 */
export class CustomFromMask extends BasePruningMethod {
  readonly pruningType = "global";
  /** Ones where the parameter is kept, zeros where not. */
  readonly mask: Tensor;

  constructor(mask: Tensor) {
    super();
    this.mask = mask;
  }

  override computeMask(_: Tensor, defaultMask: Tensor): Tensor {
    const other = () =>
      `a mask has to have the shape of what it prunes, ${formatShape(defaultMask.shape)}, but its is ${formatShape(this.mask.shape)}`;
    check(sameShape(defaultMask.shape, this.mask.shape), other);
    return mul(defaultMask, to(this.mask, defaultMask.dtype));
  }
}
