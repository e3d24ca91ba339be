/** The windows of an image as columns of a matrix, and images as sums of such columns: what convolutions are made of. */

import { owned } from "../autograd/op.ts";
import type { Pair } from "../autograd/ops/layers/convolution.ts";
import { col2im, im2col } from "../autograd/ops/layers/im2col.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonSize } from "../tensor/python-text.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { both, oneOrEach, type Size } from "./sizes.ts";

/** Where windows are. */
export interface FoldOptions {
  /** How far a window's elements are apart, ≥ 1. Default: 1. */
  dilation?: Size;
  /** How many zeros are around the image. Default: 0. */
  padding?: Size;
  /** How far it is from one window to the next, ≥ 1. Default: 1. */
  stride?: Size;
}
const foldDefaults: Required<FoldOptions> = { dilation: 1, padding: 0, stride: 1 };

/** A size for height and width. @throws if there are other numbers of them than one or two */
function pairOf(size: Size, name: string): Pair {
  const [y, x] = oneOrEach(size, 2, (given) => `It is expected ${name} equals to 2, but got size ${given.length}`);
  return [y, x];
}

/** The window's sizes, and how many places there are for it along each dimension of an image. */
function windowsOf(size: Pair, kernelSize: Size, options: FoldOptions | undefined) {
  const settings = readOptions(options, foldDefaults);
  const kernel = pairOf(kernelSize, "kernel_size");
  const dilation = pairOf(settings.dilation, "dilation");
  const padding = pairOf(settings.padding, "padding");
  const stride = pairOf(settings.stride, "stride");
  const positive = (what: string, name: string, [h, w]: Pair) =>
    check(
      h > 0 && w > 0,
      () => `${what} should be greater than zero, but got ${name}_height: ${h} ${name}_width: ${w}`,
    );
  positive("kernel size", "kernel", kernel);
  positive("dilation", "dilation", dilation);
  const negative = () => `padding should be non-negative, but got pad_height: ${padding[0]} pad_width: ${padding[1]}`;
  check(Math.min(...padding) >= 0, negative);
  positive("stride", "stride", stride);
  const outSize = both((d) =>
    Math.floor((size[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1),
  );
  return { size, kernelSize: kernel, outSize, dilation, padding, stride };
}

const text = ([y, x]: Pair): string => `(${y}, ${x})`;

/**
 * All windows of an image, each as a column of C · KH · KW elements. Mirrors `torch.nn.functional.unfold`.
 *
 * @param x (N, C, H, W) or (C, H, W)
 * @returns (N, C · KH · KW, L) or (C · KH · KW, L), L being the number of windows, counted along rows
 * @throws if no window fits
 * @example nn.functional.unfold(arange(9).view(1, 3, 3), 2)
 */
function unfold(x: Tensor, kernelSize: Size, options?: FoldOptions): Tensor {
  const isImage = (x.ndim === 4 || x.ndim === 3) && x.shape.slice(-3).every((length) => length > 0);
  const [h, w] = x.shape.slice(-2);
  const windows = windowsOf([h, w], kernelSize, options);
  const { outSize, dilation, padding } = windows;
  const noImage = () =>
    "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, " +
    `but got: ${formatShape(x.shape)}`;
  check(isImage, noImage);
  const none = () =>
    `Given input with spatial size (${h}, ${w}), kernel_size=${text(windows.kernelSize)}, dilation=${text(dilation)}, ` +
    `padding=${text(padding)}, calculated shape of the array of sliding blocks as ${text(outSize)}, ` +
    "but its components must be at least one.";
  check(Math.min(...outSize) >= 1, none);
  check(isFloatingPoint(x.dtype), () => `"im2col_out_cpu" not implemented for '${scalarName[x.dtype]}'`);
  const batch = x.ndim === 4 ? x : unsqueeze(x, 0);
  const [n, c] = batch.shape;
  const shape = { ...windows, images: n * c, channels: 1 };
  const [kh, kw] = windows.kernelSize;
  const columns = im2col(batch, shape, [n, c * kh * kw, outSize[0] * outSize[1]]);
  return x.ndim === 4 ? columns : owned(squeeze(columns, 0));
}

/**
 * The reverse of unfold, but that elements which are in several windows are added up. Mirrors `torch.nn.functional.fold`.
 *
 * @param x (N, C · KH · KW, L) or (C · KH · KW, L) @param outputSize height and width of the image
 * @returns (N, C, H, W) or (C, H, W)
 * @throws unless x has as many columns as an image of this size has windows
 * @example nn.functional.fold(ones([1, 4, 4]), 3, 2)
 */
function fold(x: Tensor, outputSize: Size, kernelSize: Size, options?: FoldOptions): Tensor {
  const size = pairOf(outputSize, "output_size");
  const windows = windowsOf(size, kernelSize, options);
  const { outSize, dilation, padding, stride } = windows;
  const noColumns = () =>
    "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, " +
    `but got: ${formatShape(x.shape)}`;
  check((x.ndim === 2 || x.ndim === 3) && x.shape.slice(-2).every((length) => length > 0), noColumns);
  const [kh, kw] = windows.kernelSize;
  const [rows, columns] = x.shape.slice(-2);
  const at = x.ndim - 2;
  const notDivisible = () =>
    `Expected size of input's dimension ${at} to be divisible by the product of kernel_size, ` +
    `but got input.size(${at})=${rows} and kernel_size=${text(windows.kernelSize)}.`;
  check(rows % (kh * kw) === 0, notDivisible);
  const otherCount = () =>
    `Given output_size=${text(size)}, kernel_size=${text(windows.kernelSize)}, dilation=${text(dilation)}, ` +
    `padding=${text(padding)}, stride=${text(stride)}, expected size of input's dimension ${at + 1} to match the calculated ` +
    `number of sliding blocks ${outSize[0]} * ${outSize[1]} = ${outSize[0] * outSize[1]}, but got input.size(${at + 1})=${columns}.`;
  check(Math.min(...outSize) >= 1 && outSize[0] * outSize[1] === columns, otherCount);
  check(isFloatingPoint(x.dtype), () => `"col2im_out_cpu" not implemented for '${scalarName[x.dtype]}'`);
  const batch = x.ndim === 3 ? x : unsqueeze(x, 0);
  const [n, c] = [batch.shape[0], rows / (kh * kw)];
  const image = col2im(batch, { ...windows, images: n * c, channels: 1 }, [n, c, ...size]);
  return x.ndim === 3 ? image : owned(squeeze(image, 0));
}

/** What Fold and Unfold are told of their windows. */
abstract class Windows extends Module implements Required<FoldOptions> {
  /** How large a window is. */
  readonly kernelSize: Size;
  readonly dilation: Size;
  readonly padding: Size;
  readonly stride: Size;

  constructor(kernelSize: Size, options?: FoldOptions) {
    super();
    const { dilation, padding, stride } = readOptions(options, foldDefaults);
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    const sizes = `kernel_size=${pythonSize(kernelSize)}, dilation=${pythonSize(dilation)}`;
    return `${sizes}, padding=${pythonSize(padding)}, stride=${pythonSize(stride)}`;
  }
}

/** The windows of images, as columns. Mirrors `torch.nn.Unfold`. See `functional.unfold`. @example new nn.Unfold(2).forward(zeros([1, 3, 4, 4])).shape */
export class Unfold extends Windows {
  override forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this);
  }
}

/** Images of their windows. Mirrors `torch.nn.Fold`. See `functional.fold`. @example new nn.Fold(4, 2).forward(zeros([1, 12, 9])).shape */
export class Fold extends Windows {
  /** Height and width of the image. */
  readonly outputSize: Size;

  constructor(outputSize: Int | readonly Int[], kernelSize: Size, options?: FoldOptions) {
    super(kernelSize, options);
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this);
  }

  override extraRepr(): string {
    return `output_size=${pythonSize(this.outputSize)}, ${super.extraRepr()}`;
  }
}

export default { unfold, fold };
