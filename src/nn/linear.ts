/**
 * The layers of vectors: Linear maps them, Bilinear pairs of them, Flatten makes them of images and Unflatten undoes it, and Identity leaves them as they
 * are.
 */
import { add, mul } from "../autograd/ops/elementwise.ts";
import { linear } from "../autograd/ops/layers/linear.ts";
import { matmul } from "../autograd/ops/matmul.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { flatten, reshape, transpose } from "../autograd/ops/shape.ts";
import { unflatten } from "../autograd/ops/stacking.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool } from "../tensor/python-text.ts";
import { type Int, numelOf, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fanInAndOut, kaimingUniform_, uniform_ } from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** Options of Linear. */
export interface LinearOptions {
  /** Whether to add a bias. Needless before a batch norm, which subtracts the mean. Default: true. */
  bias?: boolean;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/**
 * y = x Wᵀ + b, for x (…, inFeatures) giving (…, outFeatures). Mirrors `torch.nn.Linear`.
 *
 * W (outFeatures, inFeatures) and b (outFeatures) start uniform on ±1/√inFeatures, PyTorch's numbers for the same seed.
 * @example
 * const layer = new nn.Linear(3, 2);
 * console.log(layer, layer.forward(ones([4, 3])).shape);
 * console.log(layer.weight);
 */
export class Linear extends Module {
  /** The size of x's last dimension. */
  readonly inFeatures: number;
  /** The size of y's last dimension. */
  readonly outFeatures: number;
  /** W, (outFeatures, inFeatures). */
  weight: Parameter;
  /** b, (outFeatures), or null. */
  bias: Parameter | null;

  constructor(inFeatures: Int, outFeatures: Int, options?: LinearOptions) {
    super();
    const { bias, dtype } = readOptions(options, { bias: true, dtype: "float32" });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = this.registerParameter("weight", new Parameter(zeros([outFeatures, inFeatures], { dtype })));
    this.bias = this.registerParameter("bias", bias ? new Parameter(zeros([outFeatures], { dtype })) : null);
    this.resetParameters();
  }

  /** Draws new weights, then a new bias. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (!this.bias) return;
    const { fanIn } = fanInAndOut(this.weight);
    const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${pythonBool(this.bias !== null)}`;
  }
}

/**
 * Merges dimensions startDim … endDim; by default all but the first, the batch. Mirrors `torch.nn.Flatten`.
 * @example new nn.Flatten().forward(zeros([16, 8, 7, 7])).shape
 */
export class Flatten extends Module {
  /** The first dimension to merge. */
  readonly startDim: number;
  /** The last dimension to merge; -1 is x's last. */
  readonly endDim: number;

  constructor(startDim: Int = 1, endDim: Int = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * Dimension dim as several of these sizes, one of which may be -1: the reverse of Flatten. Mirrors `torch.nn.Unflatten`.
 * @example new nn.Unflatten(1, [3, -1]).forward(zeros([2, 12])).shape
 */
export class Unflatten extends Module {
  /** The dimension that is taken apart. */
  readonly dim: number;
  /** The sizes that it becomes. */
  readonly unflattenedSize: Shape;

  constructor(dim: Int, unflattenedSize: Shape) {
    super();
    const noList = () => `unflattened_size must be a tuple of ints, but found type ${typeof unflattenedSize}`;
    check(Array.isArray(unflattenedSize), noList, TypeError);
    const fraction = unflattenedSize.findIndex((size) => !Number.isInteger(size));
    const notWhole = () =>
      `unflattened_size must be tuple of ints, but found element ${unflattenedSize[fraction]} at pos ${fraction}`;
    check(fraction < 0, notWhole, TypeError);
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }

  override forward(x: Tensor): Tensor {
    return unflatten(x, this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    const sizes = this.unflattenedSize.join(", ");
    return `dim=${this.dim}, unflattened_size=(${sizes}${this.unflattenedSize.length === 1 ? "," : ""})`;
  }
}

/** y = x, to stand where a layer may be. Mirrors `torch.nn.Identity`. @example new nn.Identity().forward(ones(2)) */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * y[…, o] = Σ x₁[…, i] · weight[o, i, j] · x₂[…, j] + bias[o]. Mirrors `torch.nn.functional.bilinear`.
 *
 * @param x1 (…, in1) @param x2 (…, in2) @param weight (out, in1, in2) @param bias (out), or none
 * @returns (…, out)
 * @throws if the shapes do not fit
 * @example nn.functional.bilinear(ones([4, 2]), ones([4, 3]), ones([5, 2, 3])).shape
 */
function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  check(x1.ndim === x2.ndim, () => `bilinear(): input dimensions do not match: got ${x1.ndim} and ${x2.ndim}`);
  const batch = x1.shape.slice(0, -1);
  const differing = batch.findIndex((size, d) => size !== x2.shape[d]);
  const otherBatch = () =>
    `bilinear(): input batch dimensions do not match at dim ${differing}: got ${x1.shape[differing]} and ${x2.shape[differing]}`;
  check(differing < 0, otherBatch);
  for (const [i, { shape }] of [x1, x2].entries()) {
    const [got, expected] = [shape.at(-1), weight.shape[i + 1]];
    const otherSize = () =>
      `bilinear(): input${i + 1} size does not match weight size: got ${got} but expected ${expected}`;
    check(got === expected, otherSize);
  }
  const otherBias = () =>
    `bilinear(): bias size does not match weight size: got ${bias?.numel} but expected ${weight.shape[0]}`;
  check(!bias || bias.shape[0] === weight.shape[0], otherBias);
  const [a, b] = [x1, x2].map((x) => reshape(x, [numelOf(batch), x.shape.at(-1) as number])); // (N, in1), (N, in2)
  const sums = sum(mul(matmul(a, weight), b), -1); // (out, N)
  const y = reshape(transpose(sums, 0, 1), [...batch, weight.shape[0]]);
  return bias ? add(y, bias) : y;
}

/**
 * y = x₁ᵀ W x₂ + b: each output weighs all products of a number of one input with a number of the other. Mirrors
 * `torch.nn.Bilinear`.
 *
 * W (outFeatures, in1Features, in2Features) and b start uniform on ±1/√in1Features.
 * @example new nn.Bilinear(2, 3, 4).forward(ones([5, 2]), ones([5, 3])).shape
 */
export class Bilinear extends Module {
  /** The size of x₁'s last dimension. */
  readonly in1Features: number;
  /** The size of x₂'s last dimension. */
  readonly in2Features: number;
  /** The size of y's last dimension. */
  readonly outFeatures: number;
  /** W, (outFeatures, in1Features, in2Features). */
  weight: Parameter;
  /** b, (outFeatures), or null. */
  bias: Parameter | null;

  constructor(in1Features: Int, in2Features: Int, outFeatures: Int, options?: LinearOptions) {
    super();
    const { bias, dtype } = readOptions(options, { bias: true, dtype: "float32" });
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    const weight = new Parameter(zeros([outFeatures, in1Features, in2Features], { dtype }));
    this.weight = this.registerParameter("weight", weight);
    this.bias = this.registerParameter("bias", bias ? new Parameter(zeros([outFeatures], { dtype })) : null);
    this.resetParameters();
  }

  /** Draws new weights, then a new bias. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    const sizes = `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}`;
    return `${sizes}, bias=${pythonBool(bias !== null)}`;
  }
}

export default {
  linear,
  bilinear,
};
