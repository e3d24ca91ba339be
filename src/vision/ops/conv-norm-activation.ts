/** A convolution, a normalization and an activation in a row: the step that most networks of pictures are made of. */
import * as nn from "../../nn/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";

/** Makes the normalization of so many channels. */
export type NormLayer = (channels: Int) => nn.Module;

/** Makes an activation. */
export type ActivationLayer = (options: nn.InplaceOptions) => nn.Module;

/** Options of Conv2dNormActivation. */
export interface ConvNormActivationOptions {
  /** Default: 3. */
  kernelSize?: nn.Size;
  /** How far the kernel moves from one output to the next. Default: 1. */
  stride?: nn.Size;
  /** Zeros on either side; null for as many as keep the size at a stride of 1 and an odd kernel. Default: null. */
  padding?: nn.Size | "same" | "valid" | null;
  /** Into how many groups the channels fall. Default: 1. */
  groups?: Int;
  /** Makes the normalization; null for none. Default: nn.BatchNorm2d, of a Conv3dNormActivation nn.BatchNorm3d. */
  normLayer?: NormLayer | null;
  /** Makes the activation; null for none. Default: nn.ReLU. */
  activationLayer?: ActivationLayer | null;
  /** How far the kernel's elements are apart. Default: 1. */
  dilation?: nn.Size;
  /** Whether the activation changes its input in place; null leaves it to the activation. Default: true. */
  inplace?: boolean | null;
  /** Whether the convolution has a bias; null for one where no normalization would take it away. Default: null. */
  bias?: boolean | null;
}

const defaults: Required<ConvNormActivationOptions> = {
  kernelSize: 3,
  stride: 1,
  padding: null,
  groups: 1,
  normLayer: null,
  activationLayer: (options) => new nn.ReLU(options),
  dilation: 1,
  inplace: true,
  bias: null,
};

type Convolution = new (
  inChannels: Int,
  outChannels: Int,
  kernelSize: nn.Size,
  options: nn.ConvLayerOptions,
) => nn.Module;

abstract class ConvNormActivation extends nn.Sequential {
  /** How many channels y has. */
  readonly outChannels: number;

  constructor(
    Conv: Convolution,
    norm: NormLayer,
    inChannels: Int,
    outChannels: Int,
    options: ConvNormActivationOptions | undefined,
  ) {
    const settings = readOptions(options, { ...defaults, normLayer: norm });
    const { kernelSize, stride, dilation, groups, normLayer, activationLayer, inplace } = settings;
    const padding = settings.padding ?? keeping(kernelSize, dilation);
    const bias = settings.bias ?? normLayer === null;
    super(
      new Conv(inChannels, outChannels, kernelSize, { stride, padding, dilation, groups, bias }),
      ...(normLayer ? [normLayer(outChannels)] : []),
      ...(activationLayer ? [activationLayer(inplace === null ? {} : { inplace })] : []),
    );
    this.outChannels = outChannels;
  }
}

/** The padding that keeps the size: ⌊(K - 1) / 2⌋ · dilation. */
function keeping(kernelSize: nn.Size, dilation: nn.Size): nn.Size {
  const padding = (size: number, step: number) => Math.floor((size - 1) / 2) * step;
  if (typeof kernelSize === "number" && typeof dilation === "number") return padding(kernelSize, dilation);
  const count = [kernelSize, dilation].flat().length;
  const each = (size: nn.Size) => (typeof size === "number" ? Array<number>(count).fill(size) : size);
  const steps = each(dilation);
  return each(kernelSize).map((size, d) => padding(size, steps[d]));
}

/**
 * A convolution of x (N, C, H, W), a normalization and an activation. Mirrors `torchvision.ops.Conv2dNormActivation`.
 * @example new ops.Conv2dNormActivation(3, 8, { stride: 2 })
 */
export class Conv2dNormActivation extends ConvNormActivation {
  constructor(inChannels: Int, outChannels: Int, options?: ConvNormActivationOptions) {
    super(nn.Conv2d, (channels) => new nn.BatchNorm2d(channels), inChannels, outChannels, options);
  }
}

/**
 * The same of x (N, C, D, H, W). Mirrors `torchvision.ops.Conv3dNormActivation`.
 * @example new ops.Conv3dNormActivation(3, 8, { kernelSize: [1, 3, 3] })
 */
export class Conv3dNormActivation extends ConvNormActivation {
  constructor(inChannels: Int, outChannels: Int, options?: ConvNormActivationOptions) {
    super(nn.Conv3d, (channels) => new nn.BatchNorm3d(channels), inChannels, outChannels, options);
  }
}
