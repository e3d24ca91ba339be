/**
 * EfficientNet: the inverted residuals of MobileNet 2 with weighted channels, and one number for depth, width and resolution (Tan & Le
 * 2019, https://arxiv.org/abs/1905.11946). Read first: mobilenet-v2.ts.
 */
import { add } from "../autograd/ops/elementwise.ts";
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  type ActivationLayer,
  Conv2dNormActivation,
  type NormLayer,
  SqueezeExcitation,
  StochasticDepth,
} from "../vision/ops/index.ts";
import { divisible, wholeNumber } from "./divisible.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

const activationLayer: ActivationLayer = (options) => new nn.SiLU(options);

/** By how much a network is wider and deeper than EfficientNet B0. */
export interface MBConvOptions {
  /** What the numbers of channels are multiplied by. Default: 1. */
  widthMult?: number;
  /** What the numbers of layers are multiplied by. Default: 1. */
  depthMult?: number;
}

/**
 * What a row of equal blocks is like: table 1 of the paper. Mirrors `torchvision.models.efficientnet.MBConvConfig`.
 * @example new MBConvConfig(6, 3, 2, 16, 24, 2, { widthMult: 0.5 })
 */
export class MBConvConfig {
  /** By how much channels are more inside. */
  readonly expandRatio: number;
  /** How large the kernel is. */
  readonly kernel: number;
  /** The stride of the first block. */
  readonly stride: number;
  /** Channels of the input of the first block. */
  readonly inputChannels: number;
  /** Channels of what each block gives. */
  readonly outChannels: number;
  /** How many blocks there are. */
  readonly numLayers: number;

  constructor(
    expandRatio: number,
    kernel: Int,
    stride: Int,
    inputChannels: Int,
    outChannels: Int,
    numLayers: Int,
    options?: MBConvOptions,
  ) {
    const { widthMult, depthMult } = readOptions(options, { widthMult: 1, depthMult: 1 });
    this.expandRatio = expandRatio;
    this.kernel = kernel;
    this.stride = stride;
    this.inputChannels = divisible(inputChannels * widthMult, 8);
    this.outChannels = divisible(outChannels * widthMult, 8);
    this.numLayers = wholeNumber(numLayers * depthMult);
  }
}

/** An inverted residual with weighted channels, which is left out at random in training. */
export class MBConv extends nn.Module {
  readonly block: nn.Sequential;
  readonly stochasticDepth: StochasticDepth;
  /** How many channels y has. */
  readonly outChannels: number;
  /** Whether x is added. */
  readonly useResConnect: boolean;

  /** Draws its weights. @throws for a stride other than 1 and 2 */
  constructor(
    { expandRatio, kernel, outChannels }: MBConvConfig,
    inChannels: number,
    stride: number,
    stochasticDepthProb: number,
    normLayer: NormLayer,
  ) {
    super();
    check(stride === 1 || stride === 2, "illegal stride value");
    const hidden = divisible(inChannels * expandRatio, 8);
    const layers = { normLayer, activationLayer };
    const activation = () => new nn.SiLU({ inplace: true });
    this.block = new nn.Sequential(
      ...(hidden === inChannels ? [] : [new Conv2dNormActivation(inChannels, hidden, { ...layers, kernelSize: 1 })]),
      new Conv2dNormActivation(hidden, hidden, { ...layers, kernelSize: kernel, stride, groups: hidden }),
      new SqueezeExcitation(hidden, Math.max(1, Math.floor(inChannels / 4)), { activation }),
      new Conv2dNormActivation(hidden, outChannels, { kernelSize: 1, normLayer, activationLayer: null }),
    );
    this.stochasticDepth = new StochasticDepth(stochasticDepthProb, "row");
    this.outChannels = outChannels;
    this.useResConnect = stride === 1 && inChannels === outChannels;
  }

  override forward(x: Tensor): Tensor {
    const y = this.block.forward(x);
    return this.useResConnect ? add(this.stochasticDepth.forward(y), x) : y;
  }
}

/** Options of EfficientNet. */
export interface EfficientNetOptions extends ModelOptions {
  /** How likely an element is dropped before the classifier. Default: 0.2. */
  dropout?: number;
  /** How likely the last block is left out in training; those before less so, the first never. Default: 0.2. */
  stochasticDepthProb?: number;
  /** Makes the normalizations. Default: nn.BatchNorm2d. */
  normLayer?: NormLayer;
  /** How many channels the classifier sees; null for four times those of the last block. Default: null. */
  lastChannel?: Int | null;
}

/**
 * Blocks between two convolutions. Mirrors `torchvision.models.EfficientNet` (Tan & Le 2019, https://arxiv.org/abs/1905.11946).
 * @example new EfficientNet([new MBConvConfig(1, 3, 1, 8, 16, 1)], { numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class EfficientNet extends nn.Module {
  /** A convolution, the stages of blocks, and a convolution. */
  readonly features: nn.Sequential;
  /** The mean of each map. */
  readonly avgpool = new nn.AdaptiveAvgPool2d(1);
  /** Dropout, and a unit for each class. */
  readonly classifier: nn.Sequential;

  /** Draws its weights. @throws without blocks */
  constructor(invertedResidualSetting: readonly MBConvConfig[], options?: EfficientNetOptions) {
    super();
    const { numClasses, dropout, stochasticDepthProb, normLayer, lastChannel } = readModelOptions(options, {
      dropout: 0.2,
      stochasticDepthProb: 0.2,
      normLayer: (channels) => new nn.BatchNorm2d(channels),
      lastChannel: null,
    });
    check(invertedResidualSetting.length > 0, "The inverted_residual_setting should not be empty");
    const layers = { normLayer, activationLayer };
    const depth = invertedResidualSetting.reduce((sum, { numLayers }) => sum + numLayers, 0);
    let count = 0;
    let channels = invertedResidualSetting[0].inputChannels;
    const first = new Conv2dNormActivation(3, channels, { ...layers, stride: 2 });
    const stages = invertedResidualSetting.map((config) => {
      channels = config.inputChannels;
      const blocks = Array.from({ length: config.numLayers }, (_, i) => {
        const block = new MBConv(
          config,
          channels,
          i === 0 ? config.stride : 1,
          (stochasticDepthProb * count) / depth,
          normLayer,
        );
        channels = config.outChannels;
        count++;
        return block;
      });
      return new nn.Sequential(...blocks);
    });
    const wide = lastChannel ?? 4 * channels;
    const last = new Conv2dNormActivation(channels, wide, { ...layers, kernelSize: 1 });
    this.features = new nn.Sequential(first, ...stages, last);
    this.classifier = new nn.Sequential(new nn.Dropout(dropout, { inplace: true }), new nn.Linear(wide, numClasses));
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight, { mode: "fanOut" });
      if (module instanceof nn.Linear) {
        const bound = 1 / Math.sqrt(module.outFeatures);
        nn.init.uniform_(module.weight, -bound, bound);
      }
      const bias = module instanceof nn.Conv2d || module instanceof nn.Linear ? module.bias : null;
      if (bias) nn.init.zeros_(bias);
    }
  }

  /** @param x (N, 3, H, W) @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    const y = this.avgpool.forward(this.features.forward(x)); // (N, C, 1, 1)
    return this.classifier.forward(flatten(y, 1));
  }
}

/** The blocks of an EfficientNet that is so much wider and deeper than B0. */
const blocks = (options: Required<MBConvOptions>): MBConvConfig[] => [
  new MBConvConfig(1, 3, 1, 32, 16, 1, options),
  new MBConvConfig(6, 3, 2, 16, 24, 2, options),
  new MBConvConfig(6, 5, 2, 24, 40, 2, options),
  new MBConvConfig(6, 3, 2, 40, 80, 3, options),
  new MBConvConfig(6, 5, 1, 80, 112, 3, options),
  new MBConvConfig(6, 5, 2, 112, 192, 4, options),
  new MBConvConfig(6, 3, 1, 192, 320, 1, options),
];

/** EfficientNet B0, the smallest. Mirrors `torchvision.models.efficientnet_b0`. @example efficientnetB0({ numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape */
export const efficientnetB0 = (options?: EfficientNetOptions): EfficientNet =>
  new EfficientNet(blocks({ widthMult: 1, depthMult: 1 }), options);
