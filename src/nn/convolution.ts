/**
 * Convolutions, as functions and as layers: the same small kernel at every place, so that a feature is found wherever it is.
 * Each first says its sizes as triples (depth, height, width), those of fewer dimensions with a depth and a height of 1, and
 * derives the rest from them. The operations are in src/autograd/ops/layers/convolution.ts and volumes.ts.
 */

import { add } from "../autograd/ops/elementwise.ts";
import { type PaddingMode, pad } from "../autograd/ops/layers/pad.ts";
import { convolve, convolveInput, type Triple } from "../autograd/ops/layers/volumes.ts";
import { view } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fanInAndOut, kaimingUniform_, uniform_ } from "./init.ts";
import type { LinearOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import {
  asImages,
  checkNotNegative,
  each,
  isEach,
  type Size,
  sidesOf,
  sizeOfEach,
  sizeText,
  tripleOf,
} from "./sizes.ts";

export type { PaddingMode };

interface SlidingOptions {
  /** How far the kernel moves from one output to the next, ≥ 1. Default: 1. */
  stride?: Size;
  /** How far the kernel's elements are apart, ≥ 1. Default: 1. */
  dilation?: Size;
  /** Into how many groups the channels fall, each convolved by itself. Default: 1. */
  groups?: Int;
}
const slidingDefaults = { stride: 1, dilation: 1, groups: 1 };

/** Options of convolutions. */
export interface ConvOptions extends SlidingOptions {
  /** Zeros on either side; "same": as many as keep the size, the odd one at the end; "valid": none. Default: 0. */
  padding?: Size | "same" | "valid";
}
const convDefaults: Required<ConvOptions> = { ...slidingDefaults, padding: 0 };

/** Options of transposed convolutions. */
export interface ConvTransposeOptions extends SlidingOptions {
  /** How much is cut off on either side. Default: 0. */
  padding?: Size;
  /** How much longer the output is at the end, less than the stride or the dilation. Default: 0. */
  outputPadding?: Size;
}
const convTransposeDefaults: Required<ConvTransposeOptions> = { ...slidingDefaults, padding: 0, outputPadding: 0 };

/**
 * y[n, o, t] = bias[o] + Σ over c and k of weight[o, c, k] · x[n, c, t · stride + k · dilation - padding].
 * Mirrors `torch.nn.functional.conv1d`.
 *
 * @param x (N, C, L) or (C, L) @param weight (O, C / groups, K) @param bias (O), or none
 * @returns (N, O, OL) or (O, OL), OL = ⌊(L + 2 · padding - dilation · (K - 1) - 1) / stride⌋ + 1
 * @throws if sizes do not fit each other, or the padded input is smaller than the kernel
 * @example nn.functional.conv1d(tensor([[1, 2, 4, 8]]), tensor([[[-1, 1]]]))
 */
function conv1d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor {
  return conv(x, weight, bias, options, 1);
}

/**
 * The same in two dimensions. Mirrors `torch.nn.functional.conv2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param weight (O, C / groups, KH, KW) @param bias (O), or none
 * @returns (N, O, OH, OW) or (O, OH, OW)
 * @example nn.functional.conv2d(arange(9).view(1, 1, 3, 3), ones([1, 1, 2, 2]), null, { padding: "same" })
 */
function conv2d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor {
  return conv(x, weight, bias, options, 2);
}

/**
 * The same in three dimensions. Mirrors `torch.nn.functional.conv3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W) @param weight (O, C / groups, KD, KH, KW) @param bias (O), or none
 * @returns (N, O, OD, OH, OW) or (O, OD, OH, OW)
 * @example nn.functional.conv3d(arange(8).view(1, 1, 2, 2, 2), ones([1, 1, 2, 2, 1]))
 */
function conv3d(x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: ConvOptions): Tensor {
  return conv(x, weight, bias, options, 3);
}

/**
 * Transposed convolution: what conv1d does to a gradient on its way back, used forward to make things larger.
 * Mirrors `torch.nn.functional.conv_transpose1d`.
 *
 * @param x (N, C, L) or (C, L) @param weight (C, O / groups, K) @param bias (O), or none
 * @returns (N, O, OL) or (O, OL), OL = (L - 1) · stride - 2 · padding + dilation · (K - 1) + outputPadding + 1
 * @throws if sizes do not fit each other, or nothing is left after the cut
 * @example nn.functional.convTranspose1d(tensor([[1, 2, 3]]), tensor([[[1, 0.5]]]), null, { stride: 2 })
 */
function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options?: ConvTransposeOptions,
): Tensor {
  return convTranspose(x, weight, bias, options, 1);
}

/**
 * The same in two dimensions. Mirrors `torch.nn.functional.conv_transpose2d`.
 *
 * @param x (N, C, H, W) or (C, H, W) @param weight (C, O / groups, KH, KW) @param bias (O), or none
 * @example nn.functional.convTranspose2d(ones([1, 2, 2]), ones([1, 1, 2, 2]))
 */
function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options?: ConvTransposeOptions,
): Tensor {
  return convTranspose(x, weight, bias, options, 2);
}

/**
 * The same in three dimensions. Mirrors `torch.nn.functional.conv_transpose3d`.
 *
 * @param x (N, C, D, H, W) or (C, D, H, W) @param weight (C, O / groups, KD, KH, KW) @param bias (O), or none
 * @example nn.functional.convTranspose3d(ones([1, 1, 2, 2]), ones([1, 1, 2, 1, 1]))
 */
function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options?: ConvTransposeOptions,
): Tensor {
  return convTranspose(x, weight, bias, options, 3);
}

/** The convolutions of `ndim` dimensions. */
function checkSame(padding: ConvOptions["padding"], stride: readonly number[]): void {
  const strided = () =>
    `padding='same' is not supported for strided convolutions, but stride is ${formatShape(stride)}`;
  check(padding !== "same" || isEach(stride, 1), strided);
}

function conv(x: Tensor, weight: Tensor, bias: Tensor | null, options: ConvOptions | undefined, ndim: number): Tensor {
  const settings = readOptions(options, convDefaults);
  const { image, kernel, shape, restored } = asImages(x, weight, bias, settings, ndim, false);
  const { size, kernelSize, stride, dilation } = shape;
  const reach = each((d) => dilation[d] * (kernelSize[d] - 1));
  const [before, after] = sidesOf(settings.padding, reach, ndim);
  const padded = each((d) => size[d] + before[d] + after[d]);
  const outSize = each((d) => Math.floor((padded[d] - reach[d] - 1) / stride[d]) + 1);
  checkSame(settings.padding, stride.slice(-ndim));
  checkNotNegative(before, "padding");
  const tooLarge = () =>
    `Calculated padded input size per channel: ${sizeText(padded, ndim)}. Kernel size: ${sizeText(kernelSize, ndim)}. ` +
    "Kernel size can't be greater than actual input size";
  const fits = kernelSize.every((k, d) => k >= 1 && reach[d] < padded[d]);
  check(fits, tooLarge);
  return restored(convolve(image, kernel, bias, { ...shape, outSize, padding: before }));
}

function convTranspose(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTransposeOptions | undefined,
  ndim: number,
): Tensor {
  const settings = readOptions(options, convTransposeDefaults);
  const { image, kernel, shape, restored } = asImages(x, weight, bias, settings, ndim, true);
  const { size, kernelSize, stride, dilation } = shape;
  const cut = tripleOf(settings.padding, ndim, "padding", 0);
  const extra = tripleOf(settings.outputPadding, ndim, "output_padding", 0);
  const outSize = each(
    (d) => (size[d] - 1) * stride[d] - 2 * cut[d] + dilation[d] * (kernelSize[d] - 1) + extra[d] + 1,
  );
  checkNotNegative(cut, "padding");
  checkNotNegative(extra, "output_padding");
  const tooLong = () => {
    const listed = (name: string, sizes: Triple) =>
      sizes
        .map((size, d) => `${name}_${["depth", "height", "width"][d]}: ${size}`)
        .slice(-Math.max(2, ndim))
        .join(" ");
    const sizes = `${listed("output_padding", extra)} ${listed("stride", stride)} ${listed("dilation", dilation)}`;
    return `output padding must be smaller than either stride or dilation, but got ${sizes}`;
  };
  const fits = extra.every((more, d) => more < stride[d] || more < dilation[d]);
  check(fits, tooLong);
  const tooSmall = () =>
    `Given input size per channel: ${sizeText(size, ndim)}. Calculated output size per channel: ` +
    `${sizeText(outSize, ndim)}. Output size is too small`;
  check(Math.min(...outSize) >= 1, tooSmall);
  // The gradient of a convolution, so its input is what comes out here.
  const y = convolveInput(image, kernel, { ...shape, size: outSize, outSize: size, padding: cut });
  return restored(bias ? add(y, view(bias, [bias.numel, ...y.shape.slice(2).fill(1)])) : y);
}

/** Options of layers that convolve. */
export interface ConvLayerOptions extends ConvOptions, LinearOptions {
  /** What the padding is made of (see `functional.pad`). Default: "zeros". */
  paddingMode?: "zeros" | Exclude<PaddingMode, "constant">;
}

/** Options of layers of transposed convolution. */
export interface ConvTransposeLayerOptions extends ConvTransposeOptions, LinearOptions {}

const layerDefaults: Required<LinearOptions> = { bias: true, dtype: "float32" };

/** What convolutions and transposed convolutions share: sizes, weights, and how these begin. */
abstract class ConvolutionLayer extends Module implements SlidingOptions {
  /** How many channels x has, C. */
  readonly inChannels: number;
  /** How many channels y has, O. */
  readonly outChannels: number;
  /** How large the kernel is, in each dimension. */
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  /** How much is added to x on either side; in a transposed convolution, how much is cut off from y. */
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  /** How much longer the output of a transposed convolution is at the end. */
  readonly outputPadding: readonly number[];
  readonly groups: number;
  /** What the padding is made of. */
  readonly paddingMode: "zeros" | Exclude<PaddingMode, "constant">;
  /** (O, C / groups, …kernelSize), of a transposed convolution (C, O / groups, …kernelSize). */
  weight: Parameter;
  /** (O), or null. */
  bias: Parameter | null;

  /** How many dimensions a class slides along. */
  protected static readonly ndim: 1 | 2 | 3;

  /** @param transposed whether the weight has the input's channels first */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size,
    settings: Required<ConvLayerOptions> & { outputPadding: Size },
    transposed: boolean,
  ) {
    super();
    const { ndim } = new.target;
    const { stride, padding, dilation, outputPadding, groups, paddingMode, bias, dtype } = settings;
    check(groups >= 1, () => `groups must be a positive integer, but got ${groups}`);
    const got = () => `but got ${inChannels} and ${outChannels} channels and groups=${groups}`;
    check(inChannels % groups === 0, () => `in_channels must be divisible by groups, ${got()}`);
    check(outChannels % groups === 0, () => `out_channels must be divisible by groups, ${got()}`);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = sizeOfEach(kernelSize, ndim, "kernel_size");
    this.stride = sizeOfEach(stride, ndim, "stride");
    this.padding = typeof padding === "string" ? padding : sizeOfEach(padding, ndim, "padding");
    this.dilation = sizeOfEach(dilation, ndim, "dilation");
    this.outputPadding = sizeOfEach(outputPadding, ndim, "output_padding");
    this.groups = groups;
    this.paddingMode = paddingMode;
    const [rows, columns] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    this.weight = this.registerParameter(
      "weight",
      new Parameter(zeros([rows, columns / groups, ...this.kernelSize], { dtype })),
    );
    this.bias = this.registerParameter("bias", bias ? new Parameter(zeros([outChannels], { dtype })) : null);
    this.resetParameters();
  }

  /** Draws new weights, then a new bias, uniform on ±1/√fanIn. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const { fanIn } = fanInAndOut(this.weight);
    if (this.bias && fanIn > 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  }

  /** Those that are not the default, in PyTorch's order. */
  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, outputPadding, groups } = this;
    return [
      `${inChannels}, ${outChannels}, kernel_size=${pythonTuple(kernelSize)}, stride=${pythonTuple(stride)}`,
      typeof padding === "string" ? `padding=${padding}` : !isEach(padding, 0) && `padding=${pythonTuple(padding)}`,
      !isEach(dilation, 1) && `dilation=${pythonTuple(dilation)}`,
      !isEach(outputPadding, 0) && `output_padding=${pythonTuple(outputPadding)}`,
      groups !== 1 && `groups=${groups}`,
      !this.bias && "bias=False",
      this.paddingMode !== "zeros" && `padding_mode=${this.paddingMode}`,
    ]
      .filter(Boolean)
      .join(", ");
  }
}

abstract class Conv extends ConvolutionLayer {
  constructor(inChannels: Int, outChannels: Int, kernelSize: Size, options?: ConvLayerOptions) {
    const settings = readOptions(options, { ...convDefaults, ...layerDefaults, paddingMode: "zeros" });
    super(inChannels, outChannels, kernelSize, { ...settings, outputPadding: 0 }, false);
    const { padding, paddingMode } = settings;
    const otherWord = () => `Invalid padding string '${padding}', should be one of {'same', 'valid'}`;
    check(typeof padding !== "string" || padding === "same" || padding === "valid", otherWord);
    checkSame(padding, this.stride);
    const otherMode = () =>
      "padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, " +
      `but got padding_mode='${paddingMode}'`;
    check(["zeros", "reflect", "replicate", "circular"].includes(paddingMode), otherMode);
  }

  override forward(x: Tensor): Tensor {
    const { weight, bias, padding, paddingMode, dilation, kernelSize } = this;
    const ndim = kernelSize.length;
    if (paddingMode === "zeros") return conv(x, weight, bias, this, ndim);
    const reach = kernelSize.map((size, d) => dilation[d] * (size - 1));
    const [before, after] = sidesOf(padding, tripleOf(reach, ndim, "kernel_size", 0), ndim);
    const sides = [2, 1, 0].slice(0, ndim).flatMap((d) => [before[d], after[d]]);
    return conv(pad(x, sides, paddingMode), weight, bias, { ...this, padding: 0 }, ndim);
  }
}

/**
 * Convolution of x (N, C, L) or (C, L). Mirrors `torch.nn.Conv1d`. Formula and shapes: `functional.conv1d`.
 * @example new nn.Conv1d(2, 4, 3, { padding: 1 }).forward(zeros([1, 2, 10])).shape
 */
export class Conv1d extends Conv {
  protected static override readonly ndim = 1;
}

/**
 * Convolution of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.Conv2d`. Formula and shapes: `functional.conv2d`.
 * @example
 * const layer = new nn.Conv2d(1, 8, 3, { stride: 2, padding: 1 });
 * console.log(layer, layer.forward(zeros([16, 1, 28, 28])).shape);
 */
export class Conv2d extends Conv {
  protected static override readonly ndim = 2;
}

/**
 * Convolution of x (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.Conv3d`. Formula and shapes: `functional.conv3d`.
 * @example new nn.Conv3d(1, 8, 3, { stride: 2, padding: 1 }).forward(zeros([2, 1, 8, 16, 16])).shape
 */
export class Conv3d extends Conv {
  protected static override readonly ndim = 3;
}

abstract class ConvTranspose extends ConvolutionLayer {
  declare readonly padding: readonly number[];

  constructor(inChannels: Int, outChannels: Int, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    const settings = readOptions(options, { ...convTransposeDefaults, ...layerDefaults });
    super(inChannels, outChannels, kernelSize, { ...settings, paddingMode: "zeros" }, true);
  }

  override forward(x: Tensor): Tensor {
    return convTranspose(x, this.weight, this.bias, this, this.kernelSize.length);
  }
}

/**
 * Transposed convolution of x (N, C, L) or (C, L). Mirrors `torch.nn.ConvTranspose1d`. See `functional.convTranspose1d`.
 * @example new nn.ConvTranspose1d(2, 1, 4, { stride: 2, padding: 1 }).forward(zeros([1, 2, 10])).shape
 */
export class ConvTranspose1d extends ConvTranspose {
  protected static override readonly ndim = 1;
}

/**
 * Transposed convolution of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.ConvTranspose2d`. See `functional.convTranspose2d`.
 * @example new nn.ConvTranspose2d(8, 1, 2, { stride: 2 }).forward(zeros([1, 8, 14, 14])).shape
 */
export class ConvTranspose2d extends ConvTranspose {
  protected static override readonly ndim = 2;
}

/**
 * Transposed convolution of x (N, C, D, H, W) or (C, D, H, W). Mirrors `torch.nn.ConvTranspose3d`. See `functional.convTranspose3d`.
 * @example new nn.ConvTranspose3d(8, 1, 2, { stride: 2 }).forward(zeros([1, 8, 4, 7, 7])).shape
 */
export class ConvTranspose3d extends ConvTranspose {
  protected static override readonly ndim = 3;
}

export default { pad, conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, convTranspose3d };
