/**
 * MobileNet 2: convolutions of each channel by itself, between linear maps of the channels to many and back to few (Sandler et al. 2018,
 * https://arxiv.org/abs/1801.04381). Read next: efficientnet.ts.
 */
import { add } from "../autograd/ops/elementwise.ts";
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ActivationLayer, Conv2dNormActivation, type NormLayer } from "../vision/ops/index.ts";
import { divisible } from "./divisible.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

const activationLayer: ActivationLayer = (options) => new nn.ReLU6(options);
const batchNorm: NormLayer = (channels) => new nn.BatchNorm2d(channels);

/**
 * Channels are made many, convolved each by itself, and made few again; where sizes are the same, x is added: the residual is between
 * the narrow ends, the other way round than in a ResNet.
 */
export class InvertedResidual extends nn.Module {
  readonly stride: number;
  readonly conv: nn.Sequential;
  /** How many channels y has. */
  readonly outChannels: number;
  /** Whether x is added. */
  readonly useResConnect: boolean;

  /** Draws its weights. @throws for a stride other than 1 and 2 */
  constructor(inChannels: Int, outChannels: Int, stride: Int, expandRatio: number, normLayer: NormLayer = batchNorm) {
    super();
    check(stride === 1 || stride === 2, () => `stride should be 1 or 2 insted of ${stride}`);
    const hidden = Math.round(inChannels * expandRatio);
    const layers = { normLayer, activationLayer };
    this.stride = stride;
    this.conv = new nn.Sequential(
      ...(expandRatio === 1 ? [] : [new Conv2dNormActivation(inChannels, hidden, { ...layers, kernelSize: 1 })]),
      new Conv2dNormActivation(hidden, hidden, { ...layers, stride, groups: hidden }),
      new nn.Conv2d(hidden, outChannels, 1, { bias: false }),
      normLayer(outChannels),
    );
    this.outChannels = outChannels;
    this.useResConnect = stride === 1 && inChannels === outChannels;
  }

  override forward(x: Tensor): Tensor {
    const y = this.conv.forward(x);
    return this.useResConnect ? add(x, y) : y;
  }
}

/** A row of equal blocks: by how much channels are more inside, how many come out, how many blocks, and the stride of the first. */
export type InvertedResidualSetting = readonly [expandRatio: number, channels: Int, blocks: Int, stride: Int];

/** Table 2 of the paper. */
const settings: readonly InvertedResidualSetting[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

/** Options of MobileNetV2. */
export interface MobileNetV2Options extends ModelOptions {
  /** What the numbers of channels are multiplied by. Default: 1. */
  widthMult?: number;
  /** The blocks. Default: those of the paper. */
  invertedResidualSetting?: readonly InvertedResidualSetting[];
  /** Of what numbers of channels are multiples. Default: 8. */
  roundNearest?: Int;
  /** Makes a block. Default: InvertedResidual. */
  block?: (inChannels: Int, outChannels: Int, stride: Int, expandRatio: number, normLayer: NormLayer) => nn.Module;
  /** Makes the normalizations. Default: nn.BatchNorm2d. */
  normLayer?: NormLayer;
  /** How likely an element is dropped before the classifier. Default: 0.2. */
  dropout?: number;
}

const defaults = {
  widthMult: 1,
  invertedResidualSetting: settings,
  roundNearest: 8,
  block: (inChannels: Int, outChannels: Int, stride: Int, expandRatio: number, normLayer: NormLayer) =>
    new InvertedResidual(inChannels, outChannels, stride, expandRatio, normLayer),
  normLayer: batchNorm,
  dropout: 0.2,
};

/**
 * Inverted residuals between two convolutions. Mirrors `torchvision.models.MobileNetV2` (Sandler et al. 2018,
 * https://arxiv.org/abs/1801.04381).
 * @example new MobileNetV2({ widthMult: 0.25, numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class MobileNetV2 extends nn.Module {
  /** How many channels the classifier sees. */
  readonly lastChannel: number;
  /** A convolution, the inverted residual blocks, and a convolution. */
  readonly features: nn.Sequential;
  /** Dropout, and a unit for each class. */
  readonly classifier: nn.Sequential;

  /** Draws its weights. @throws unless each setting has four numbers */
  constructor(options?: MobileNetV2Options) {
    super();
    const { numClasses, widthMult, invertedResidualSetting, roundNearest, block, normLayer, dropout } =
      readModelOptions(options, defaults);
    const notFour = () =>
      `inverted_residual_setting should be non-empty or a 4-element list, got ${JSON.stringify(invertedResidualSetting)}`;
    check(invertedResidualSetting[0]?.length === 4, notFour);
    const widened = (channels: number, factor = widthMult) => divisible(channels * factor, roundNearest);
    const layers = { normLayer, activationLayer };
    this.lastChannel = widened(1280, Math.max(1, widthMult));
    let channels = widened(32);
    const first = new Conv2dNormActivation(3, channels, { ...layers, stride: 2 });
    const blocks = invertedResidualSetting.flatMap(([expandRatio, wanted, count, stride]) =>
      Array.from({ length: count }, (_, i) => {
        const inChannels = channels;
        channels = widened(wanted);
        return block(inChannels, channels, i === 0 ? stride : 1, expandRatio, normLayer);
      }),
    );
    const last = new Conv2dNormActivation(channels, this.lastChannel, { ...layers, kernelSize: 1 });
    this.features = new nn.Sequential(first, ...blocks, last);
    this.classifier = new nn.Sequential(new nn.Dropout(dropout), new nn.Linear(this.lastChannel, numClasses));
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight, { mode: "fanOut" });
      if (module instanceof nn.Linear) nn.init.normal_(module.weight, 0, 0.01);
      const bias = module instanceof nn.Conv2d || module instanceof nn.Linear ? module.bias : null;
      if (bias) nn.init.zeros_(bias);
    }
  }

  /** @param x (N, 3, H, W) @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    const y = nn.functional.adaptiveAvgPool2d(this.features.forward(x), [1, 1]); // (N, lastChannel, 1, 1)
    return this.classifier.forward(flatten(y, 1));
  }
}

/** MobileNet 2. Mirrors `torchvision.models.mobilenet_v2`. @example mobilenetV2({ numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape */
export const mobilenetV2 = (options?: MobileNetV2Options): MobileNetV2 => new MobileNetV2(options);
