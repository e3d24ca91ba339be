/** Convolutional layers: the same small kernel at every place, so that a feature is found wherever it is. */
import { type PaddingMode, pad } from "../../autograd/ops/layers/pad.ts";
import { zeros } from "../../tensor/create.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ConvOptions, conv1d, conv2d, convTranspose1d, convTranspose2d } from "../functions/convolution.ts";
import { type Size, sizeForEach } from "../functions/sizes.ts";
import { fanInAndOut, kaimingUniform_, uniform_ } from "../init.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { pythonTuple } from "../python-text.ts";

interface LayerOptions {
  /** Whether to add a bias. Needless before a batch norm, which subtracts the mean. Default: true. */
  bias?: boolean;
  /** float32 unless said otherwise. */
  dtype?: DType;
}

export interface ConvLayerOptions extends ConvOptions, LayerOptions {
  /** What the padding is made of (see `functional.pad`). Default: "zeros". */
  paddingMode?: "zeros" | Exclude<PaddingMode, "constant">;
}

export interface ConvTransposeLayerOptions extends LayerOptions {
  /** As in `convTranspose2d`. */
  stride?: Size;
  padding?: Size;
  outputPadding?: Size;
  groups?: number;
  dilation?: Size;
}

/** What convolutions and transposed convolutions share: sizes, weights, and how these begin. */
abstract class ConvolutionLayer extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  /** @param ndim 1 or 2 @param transposed whether the weight has the input's channels first */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size,
    options: LayerOptions & { stride?: Size; dilation?: Size; groups?: number },
    ndim: number,
    transposed: boolean,
  ) {
    super();
    const { stride = 1, dilation = 1, groups = 1, bias = true, dtype = "float32" } = options;
    if (groups < 1) throw new Error("groups must be a positive integer");
    if (inChannels % groups !== 0) throw new Error("in_channels must be divisible by groups");
    if (outChannels % groups !== 0) throw new Error("out_channels must be divisible by groups");
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = sizeForEach(kernelSize, ndim, "kernel_size");
    this.stride = sizeForEach(stride, ndim, "stride");
    this.dilation = sizeForEach(dilation, ndim, "dilation");
    this.groups = groups;
    const [rows, columns] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    this.weight = new Parameter(zeros([rows, columns / groups, ...this.kernelSize], { dtype }));
    this.bias = bias ? new Parameter(zeros([outChannels], { dtype })) : null;
    this.resetParameters();
  }

  /** Draws new weights, then a new bias, uniform on ±1/√fanIn. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const { fanIn } = fanInAndOut(this.weight);
    if (this.bias && fanIn > 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
  }

  /** The settings as PyTorch prints them, those that are not the default; `before` the groups and `after` the bias. */
  protected describe(padding: string, before: string[], after: string[]): string {
    const { inChannels, outChannels, kernelSize, stride, dilation, groups } = this;
    return [
      `${inChannels}, ${outChannels}, kernel_size=${pythonTuple(kernelSize)}, stride=${pythonTuple(stride)}`,
      ...(/^\((0(, 0)?),?\)$/.test(padding) ? [] : [`padding=${padding}`]),
      ...(dilation.some((step) => step !== 1) ? [`dilation=${pythonTuple(dilation)}`] : []),
      ...before,
      ...(groups === 1 ? [] : [`groups=${groups}`]),
      ...(this.bias ? [] : ["bias=False"]),
      ...after,
    ].join(", ");
  }
}

abstract class Conv extends ConvolutionLayer {
  readonly padding: readonly number[] | "same" | "valid";
  readonly paddingMode: "zeros" | Exclude<PaddingMode, "constant">;

  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: ConvLayerOptions, ndim: number) {
    super(inChannels, outChannels, kernelSize, options, ndim, false);
    const { padding = 0, paddingMode = "zeros" } = options;
    if (typeof padding === "string" && padding !== "same" && padding !== "valid") {
      throw new Error(`Invalid padding string '${padding}', should be one of {'same', 'valid'}`);
    }
    if (padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new Error("padding='same' is not supported for strided convolutions");
    }
    if (!["zeros", "reflect", "replicate", "circular"].includes(paddingMode)) {
      throw new Error(
        "padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, " +
          `but got padding_mode='${paddingMode}'`,
      );
    }
    this.padding = typeof padding === "string" ? padding : sizeForEach(padding, ndim, "padding");
    this.paddingMode = paddingMode;
  }

  override forward(x: Tensor): Tensor {
    const convolve = this.kernelSize.length === 1 ? conv1d : conv2d;
    const { weight, bias, paddingMode } = this;
    if (paddingMode === "zeros") return convolve(x, weight, bias, this);
    return convolve(pad(x, this.#sides(), paddingMode), weight, bias, { ...this, padding: 0 });
  }

  /** The padding before and after, of the last dimension first. */
  #sides(): number[] {
    const { padding, kernelSize, dilation } = this;
    const sides = kernelSize.map((size, d) => {
      const same = dilation[d] * (size - 1);
      if (padding === "same") return [Math.floor(same / 2), Math.ceil(same / 2)];
      return padding === "valid" ? [0, 0] : [padding[d], padding[d]];
    });
    return sides.reverse().flat();
  }

  override extraRepr(): string {
    const padding = typeof this.padding === "string" ? this.padding : pythonTuple(this.padding);
    return this.describe(padding, [], this.paddingMode === "zeros" ? [] : [`padding_mode=${this.paddingMode}`]);
  }
}

/** Convolution of x (N, C, L) or (C, L). Mirrors `torch.nn.Conv1d`. Formula and shapes: `functional.conv1d`. */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: ConvLayerOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, 1);
  }
}

/** Convolution of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.Conv2d`. Formula and shapes: `functional.conv2d`. */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: ConvLayerOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, 2);
  }
}

abstract class ConvTranspose extends ConvolutionLayer {
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size,
    options: ConvTransposeLayerOptions,
    ndim: number,
  ) {
    super(inChannels, outChannels, kernelSize, options, ndim, true);
    this.padding = sizeForEach(options.padding ?? 0, ndim, "padding");
    this.outputPadding = sizeForEach(options.outputPadding ?? 0, ndim, "output_padding");
  }

  override forward(x: Tensor): Tensor {
    const convolve = this.kernelSize.length === 1 ? convTranspose1d : convTranspose2d;
    return convolve(x, this.weight, this.bias, this);
  }

  override extraRepr(): string {
    const extra = this.outputPadding.some((size) => size > 0)
      ? [`output_padding=${pythonTuple(this.outputPadding)}`]
      : [];
    return this.describe(pythonTuple(this.padding), extra, []);
  }
}

/** Transposed convolution of x (N, C, L) or (C, L). Mirrors `torch.nn.ConvTranspose1d`. See `functional.convTranspose1d`. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: ConvTransposeLayerOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, 1);
  }
}

/** Transposed convolution of x (N, C, H, W) or (C, H, W). Mirrors `torch.nn.ConvTranspose2d`. See `functional.convTranspose2d`. */
export class ConvTranspose2d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options: ConvTransposeLayerOptions = {}) {
    super(inChannels, outChannels, kernelSize, options, 2);
  }
}
