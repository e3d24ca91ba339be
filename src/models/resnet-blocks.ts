/**
 * What residual networks consist of: blocks that add what they compute to their input (He et al. 2015,
 * https://arxiv.org/abs/1512.03385). Read next: resnet.ts.
 */
import { add } from "../autograd/ops/elementwise.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { NormLayer } from "../vision/ops/index.ts";

/** A convolution of 3 x 3 that keeps the size, at a stride of 1. */
const conv3x3 = (inPlanes: number, planes: number, stride = 1, groups = 1, dilation = 1): nn.Conv2d =>
  new nn.Conv2d(inPlanes, planes, 3, { stride, padding: dilation, groups, dilation, bias: false });

/** A linear map of the channels of each place. */
export const conv1x1 = (inPlanes: number, planes: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(inPlanes, planes, 1, { stride, bias: false });

/** Options of blocks. */
export interface BlockOptions {
  /** By how much the size is divided. Default: 1. */
  stride?: Int;
  /** What brings x to the size of what is added to it; null if it has it. Default: null. */
  downsample?: nn.Module | null;
  /** Into how many groups the channels of a Bottleneck fall. Default: 1. */
  groups?: Int;
  /** How many channels a group of a Bottleneck has, of 64 planes. Default: 64. */
  baseWidth?: Int;
  /** How far the kernel's elements are apart in a Bottleneck. Default: 1. */
  dilation?: Int;
  /** Makes the normalizations. Default: nn.BatchNorm2d. */
  normLayer?: NormLayer;
}

export const batchNorm: NormLayer = (channels) => new nn.BatchNorm2d(channels);

const blockDefaults: Required<BlockOptions> = {
  stride: 1,
  downsample: null,
  groups: 1,
  baseWidth: 64,
  dilation: 1,
  normLayer: batchNorm,
};

/**
 * y = relu(x + two convolutions of 3 x 3). Mirrors `torchvision.models.resnet.BasicBlock`.
 * @example new BasicBlock(8, 8)
 */
export class BasicBlock extends nn.Module {
  /** How many channels y has for each plane. */
  static readonly expansion: number = 1;
  /** The first convolution, which has the stride. */
  readonly conv1: nn.Conv2d;
  /** Its normalization. */
  readonly bn1: nn.Module;
  /** The activation, of all that have one. */
  readonly relu = new nn.ReLU({ inplace: true });
  /** The second convolution. */
  readonly conv2: nn.Conv2d;
  /** Its normalization. */
  readonly bn2: nn.Module;
  /** What makes the input as large as the output, where it is not. */
  readonly downsample: nn.Module | null;
  /** How far the first convolution moves. */
  readonly stride: number;

  /** Draws its weights. @throws with groups, another width or a dilation */
  constructor(inPlanes: Int, planes: Int, options?: BlockOptions) {
    super();
    const { stride, downsample, groups, baseWidth, dilation, normLayer } = readBlockOptions(options);
    check(groups === 1 && baseWidth === 64, "BasicBlock only supports groups=1 and base_width=64");
    check(dilation <= 1, "Dilation > 1 not supported in BasicBlock");
    this.conv1 = conv3x3(inPlanes, planes, stride);
    this.bn1 = normLayer(planes);
    this.conv2 = conv3x3(planes, planes);
    this.bn2 = normLayer(planes);
    this.downsample = downsample;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    const hidden = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const y: Tensor = this.bn2.forward(this.conv2.forward(hidden));
    return this.relu.forward(add(y, this.downsample?.forward(x) ?? x));
  }
}

/**
 * y = relu(x + convolutions of 1 x 1, 3 x 3 and 1 x 1), the one in the middle of fewer channels. The stride is there, not before,
 * which is known as ResNet 1.5. Mirrors `torchvision.models.resnet.Bottleneck`.
 * @example new Bottleneck(32, 8)
 */
export class Bottleneck extends nn.Module {
  /** How many channels y has for each plane. */
  static readonly expansion: number = 4;
  /** To fewer channels. */
  readonly conv1: nn.Conv2d;
  /** Its normalization. */
  readonly bn1: nn.Module;
  /** The convolution of 3 × 3, which has the stride. */
  readonly conv2: nn.Conv2d;
  /** Its normalization. */
  readonly bn2: nn.Module;
  /** To four times as many channels. */
  readonly conv3: nn.Conv2d;
  /** Its normalization. */
  readonly bn3: nn.Module;
  /** The activation, of all that have one. */
  readonly relu = new nn.ReLU({ inplace: true });
  /** What makes the input as large as the output, where it is not. */
  readonly downsample: nn.Module | null;
  /** How far the second convolution moves. */
  readonly stride: number;

  constructor(inPlanes: Int, planes: Int, options?: BlockOptions) {
    super();
    const { stride, downsample, groups, baseWidth, dilation, normLayer } = readBlockOptions(options);
    const width = Math.trunc(planes * (baseWidth / 64)) * groups;
    this.conv1 = conv1x1(inPlanes, width);
    this.bn1 = normLayer(width);
    this.conv2 = conv3x3(width, width, stride, groups, dilation);
    this.bn2 = normLayer(width);
    this.conv3 = conv1x1(width, planes * Bottleneck.expansion);
    this.bn3 = normLayer(planes * Bottleneck.expansion);
    this.downsample = downsample;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    let y: Tensor = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    y = this.relu.forward(this.bn2.forward(this.conv2.forward(y)));
    y = this.bn3.forward(this.conv3.forward(y));
    return this.relu.forward(add(y, this.downsample?.forward(x) ?? x));
  }
}

const readBlockOptions = (options?: BlockOptions): Required<BlockOptions> => readOptions(options, blockDefaults);
