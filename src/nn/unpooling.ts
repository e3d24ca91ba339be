/** The reverse of max pooling, as far as there is one: each largest element back where it was, and zeros around. */
import { owned } from "../autograd/op.ts";
import { scatter } from "../autograd/ops/scatter.ts";
import { reshape, squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int, numelOf, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { type Size, sizeOfEach } from "./sizes.ts";

/** Options of the layers of unpooling. */
export interface MaxUnpoolLayerOptions {
  /** What the pooling had; null for the window's size. Default: null. */
  stride?: Size | null;
  /** What the pooling had. Default: 0. */
  padding?: Size;
}

/** Options of unpooling. */
export interface MaxUnpoolOptions extends MaxUnpoolLayerOptions {
  /** The size of what was pooled, where several give one result: its last dimensions, or all; null for the smallest. Default: null. */
  outputSize?: readonly Int[] | null;
}
const unpoolDefaults: Required<MaxUnpoolOptions> = { stride: null, padding: 0, outputSize: null };

/** The size that is asked for, or that of which pooling makes this one. */
function unpooledSize(x: Tensor, kernelSize: Size, settings: Required<MaxUnpoolOptions>, ndim: number) {
  const kernel = sizeOfEach(kernelSize, ndim, "kernel_size");
  const stride = settings.stride === null ? kernel : sizeOfEach(settings.stride, ndim, "stride");
  const padding = sizeOfEach(settings.padding, ndim, "padding");
  const usual = kernel.map((k, d) => (x.shape[x.ndim - ndim + d] - 1) * stride[d] + k - 2 * padding[d]);
  const { outputSize } = settings;
  if (outputSize === null) return { size: usual, stride };
  const size = outputSize.length === ndim + 2 ? outputSize.slice(2) : outputSize;
  const otherLength = () =>
    `output_size should be a sequence containing ${ndim} or ${ndim + 2} elements, but it has a length of '${size.length}'`;
  check(size.length === ndim, otherLength);
  usual.forEach((length, d) => {
    const [least, most] = [length - stride[d], length + stride[d]];
    const outside = () => `invalid output_size "${pythonTuple(size)}" (dim ${d} must be between ${least} and ${most})`;
    check(size[d] > least && size[d] < most, outside);
  });
  return { size, stride };
}

/** Elements of x to their places among zeros, of so many spatial dimensions. */
function unpool(x: Tensor, indices: Tensor, size: readonly number[]): Tensor {
  const ndim = size.length;
  const name = `max_unpooling${ndim}d`;
  check(
    indices.dtype === "int32",
    () => `elements in indices should be type int32 but got: ${scalarName[indices.dtype]}`,
  );
  const otherRank = () =>
    `Input to ${name} should be a ${ndim + 1}d or ${ndim + 2}d Tensor, but got a tensor with ${x.ndim} dimensions.`;
  check(x.ndim === ndim + 1 || x.ndim === ndim + 2, otherRank);
  const otherShape = () =>
    `Expected shape of indices to be same as that of the input tensor (${formatShape(x.shape)}) ` +
    `but got indices tensor with shape: ${formatShape(indices.shape)}`;
  check(sameShape(x.shape, indices.shape), otherShape);
  const empty = x.shape.findIndex((length, d) => length === 0 && d > 0);
  const nothing = () =>
    `${name}_forward_out_cpu(): Expected input to have non-zero size for non-batch dimensions, ` +
    `but got ${formatShape(x.shape)} with dimension ${empty} being empty.`;
  check(empty < 0, nothing);
  check(isFloatingPoint(x.dtype), () => `"max_unpool${ndim}d" not implemented for '${scalarName[x.dtype]}'`);
  const outside = elementsOf(indices).find((index) => index < 0 || index >= numelOf(size));
  check(
    outside === undefined,
    () => `Found an invalid max index: ${outside} (output volumes are of size ${size.join("x")}`,
  );
  const outer = x.shape.slice(0, -ndim);
  const rows = [numelOf(outer), numelOf(x.shape.slice(-ndim))];
  const among = zeros([rows[0], numelOf(size)], { dtype: x.dtype });
  return owned(reshape(scatter(among, 1, reshape(indices, rows), reshape(x, rows)), [...outer, ...size]));
}

/**
 * Each element of x back at the place that maxPool1dWithIndices had it from, among zeros. Mirrors
 * `torch.nn.functional.max_unpool1d`.
 *
 * @param x (N, C, L) or (C, L) @param indices where each was, of x's shape
 * @throws if an index is outside, or the output size is not one that is pooled to this
 * @example
 * const { values, indices } = nn.functional.maxPool1dWithIndices(tensor([[1, 3, 2, 4]]), 2);
 * console.log(nn.functional.maxUnpool1d(values, indices, 2));
 */
function maxUnpool1d(x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor {
  const { size } = unpooledSize(x, kernelSize, readOptions(options, unpoolDefaults), 1);
  return owned(squeeze(unpool(unsqueeze(x, -1), unsqueeze(indices, -1), [...size, 1]), -1));
}

/**
 * The same of images. Mirrors `torch.nn.functional.max_unpool2d`.
 * @param x (N, C, H, W) or (C, H, W) @param indices counted through an image
 * @example
 * const { values, indices } = nn.functional.maxPool2dWithIndices(arange(16).view(1, 4, 4), 2);
 * console.log(nn.functional.maxUnpool2d(values, indices, 2));
 */
function maxUnpool2d(x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor {
  return unpool(x, indices, unpooledSize(x, kernelSize, readOptions(options, unpoolDefaults), 2).size);
}

/**
 * The same of volumes. Mirrors `torch.nn.functional.max_unpool3d`.
 * @param x (N, C, D, H, W) or (C, D, H, W) @param indices counted through a volume
 * @example
 * const { values, indices } = nn.functional.maxPool3dWithIndices(arange(8).view(1, 2, 2, 2), 2);
 * console.log(nn.functional.maxUnpool3d(values, indices, 2));
 */
function maxUnpool3d(x: Tensor, indices: Tensor, kernelSize: Size, options?: MaxUnpoolOptions): Tensor {
  const { size, stride } = unpooledSize(x, kernelSize, readOptions(options, unpoolDefaults), 3);
  check(Math.min(...stride) > 0, () => `strides should be greater than zero, but got stride: [${stride.join(", ")}]`);
  return unpool(x, indices, size);
}

abstract class MaxUnpool extends Module {
  /** How large a window was. */
  readonly kernelSize: readonly number[];
  /** How far windows were apart. */
  readonly stride: readonly number[];
  /** How far the first window began before the input. */
  readonly padding: readonly number[];

  /** How many dimensions the windows of a class have. */
  protected static readonly ndim: 1 | 2 | 3;

  constructor(kernelSize: Size, options?: MaxUnpoolLayerOptions) {
    super();
    const { ndim } = new.target;
    const { stride, padding } = readOptions<MaxUnpoolLayerOptions>(options, { stride: null, padding: 0 });
    this.kernelSize = sizeOfEach(kernelSize, ndim, "kernel_size");
    this.stride = stride === null ? this.kernelSize : sizeOfEach(stride, ndim, "stride");
    this.padding = sizeOfEach(padding, ndim, "padding");
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${pythonTuple(kernelSize)}, stride=${pythonTuple(stride)}, padding=${pythonTuple(padding)}`;
  }
}

/** Largest elements back at their places in sequences. Mirrors `torch.nn.MaxUnpool1d`. @example new nn.MaxUnpool1d(2).forward(ones([1, 2]), tensor([[1, 2]], { dtype: "int32" })) */
export class MaxUnpool1d extends MaxUnpool {
  protected static override readonly ndim = 1;

  override forward(x: Tensor, indices: Tensor, outputSize: readonly Int[] | null = null): Tensor {
    return maxUnpool1d(x, indices, this.kernelSize, { stride: this.stride, padding: this.padding, outputSize });
  }
}

/** Largest elements back at their places in images. Mirrors `torch.nn.MaxUnpool2d`. @example new nn.MaxUnpool2d(2).forward(ones([1, 1, 1]), tensor([[[3]]], { dtype: "int32" })) */
export class MaxUnpool2d extends MaxUnpool {
  protected static override readonly ndim = 2;

  override forward(x: Tensor, indices: Tensor, outputSize: readonly Int[] | null = null): Tensor {
    return maxUnpool2d(x, indices, this.kernelSize, { stride: this.stride, padding: this.padding, outputSize });
  }
}

/** Largest elements back at their places in volumes. Mirrors `torch.nn.MaxUnpool3d`. @example new nn.MaxUnpool3d(2).forward(ones([1, 1, 1, 1]), tensor([[[[7]]]], { dtype: "int32" })).shape */
export class MaxUnpool3d extends MaxUnpool {
  protected static override readonly ndim = 3;

  override forward(x: Tensor, indices: Tensor, outputSize: readonly Int[] | null = null): Tensor {
    return maxUnpool3d(x, indices, this.kernelSize, { stride: this.stride, padding: this.padding, outputSize });
  }
}

export default { maxUnpool1d, maxUnpool2d, maxUnpool3d };
