/**
 * Residual networks: what a block computes is added to its input, so that gradients reach the first layers of deep networks (He et al.
 * 2015, https://arxiv.org/abs/1512.03385). The blocks are in resnet-blocks.ts.
 */
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import { pythonBool } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { NormLayer } from "../vision/ops/index.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";
import { BasicBlock, Bottleneck, batchNorm, conv1x1 } from "./resnet-blocks.ts";

/** Options of ResNet. */
export interface ResNetOptions extends ModelOptions {
  /** Whether each block begins as the identity (Goyal et al. 2017, https://arxiv.org/abs/1706.02677). Default: false. */
  zeroInitResidual?: boolean;
  /** Into how many groups the channels of a Bottleneck fall. Default: 1. */
  groups?: Int;
  /** How many channels a group has in the first layer. Default: 64. */
  widthPerGroup?: Int;
  /** Whether layers 2, 3 and 4 keep the size, and see as far by a dilation; null for no. Default: null. */
  replaceStrideWithDilation?: readonly boolean[] | null;
  /** Makes the normalizations. Default: nn.BatchNorm2d. */
  normLayer?: NormLayer;
}

const resnetDefaults = {
  zeroInitResidual: false,
  groups: 1,
  widthPerGroup: 64,
  replaceStrideWithDilation: null,
  normLayer: batchNorm,
};

type Block = typeof BasicBlock | typeof Bottleneck;

/**
 * A convolution, four layers of blocks, each of which doubles the channels and halves the size, and a linear map of the means. Mirrors
 * `torchvision.models.ResNet` (He et al. 2015, https://arxiv.org/abs/1512.03385).
 * @example new ResNet(BasicBlock, [1, 1, 1, 1], { numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class ResNet extends nn.Module {
  /** The first convolution, which halves the picture. */
  readonly conv1 = new nn.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
  /** Its normalization. */
  readonly bn1: nn.Module;
  /** The activation after it. */
  readonly relu = new nn.ReLU({ inplace: true });
  /** Halves the maps again. */
  readonly maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
  /** The first stage of blocks. */
  readonly layer1: nn.Sequential;
  /** The second, of half the size and twice the channels. */
  readonly layer2: nn.Sequential;
  /** The third, likewise. */
  readonly layer3: nn.Sequential;
  /** The fourth, likewise. */
  readonly layer4: nn.Sequential;
  /** The mean of each map. */
  readonly avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
  /** A unit for each class. */
  readonly fc: nn.Linear;

  /** Draws its weights. @param layers how many blocks each of the four has @throws unless there are four, and three are told whether to keep the size */
  constructor(block: Block, layers: readonly Int[], options?: ResNetOptions) {
    super();
    const settings = readModelOptions(options, resnetDefaults);
    const dilates = settings.replaceStrideWithDilation ?? [false, false, false];
    const otherLength = () =>
      `replace_stride_with_dilation should be None or a 3-element tuple, got [${dilates.map(pythonBool).join(", ")}]`;
    check(dilates.length === 3, otherLength);
    check(layers.length === 4, () => `a ResNet has four layers of blocks, but got [${layers.join(", ")}]`);
    check(block?.expansion > 0, "the blocks of a ResNet are of a class such as BasicBlock, which has an expansion");
    this.bn1 = settings.normLayer(64);
    const maker = new LayerMaker(block, settings);
    this.layer1 = maker.make(64, layers[0], 1, false);
    this.layer2 = maker.make(128, layers[1], 2, dilates[0]);
    this.layer3 = maker.make(256, layers[2], 2, dilates[1]);
    this.layer4 = maker.make(512, layers[3], 2, dilates[2]);
    this.fc = new nn.Linear(512 * block.expansion, settings.numClasses);
    this.#initialize(settings.zeroInitResidual);
  }

  #initialize(zeroInitResidual: boolean): void {
    const modules = this.modules();
    for (const module of modules) {
      if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight, { mode: "fanOut", nonlinearity: "relu" });
    }
    if (!zeroInitResidual) return;
    for (const module of modules) {
      const last = module instanceof Bottleneck ? module.bn3 : module instanceof BasicBlock ? module.bn2 : null;
      const weight = last && "weight" in last ? last.weight : null;
      if (weight instanceof nn.Parameter) nn.init.zeros_(weight);
    }
  }

  /** @param x (N, 3, H, W) @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    let y: Tensor = this.relu.forward(this.bn1.forward(this.conv1.forward(x))); // (N, 64, H / 2, W / 2)
    y = this.maxpool.forward(y); // (N, 64, H / 4, W / 4)
    y = this.layer1.forward(y);
    y = this.layer2.forward(y); // (N, 128, H / 8, W / 8), times block.expansion
    y = this.layer3.forward(y);
    y = this.layer4.forward(y); // (N, 512, H / 32, W / 32)
    return this.fc.forward(flatten(this.avgpool.forward(y), 1));
  }
}

/** Makes the four layers one after the other, each for the channels and the dilation that the last has left. */
class LayerMaker {
  readonly #block: Block;
  readonly #settings: Required<ResNetOptions>;
  #inPlanes = 64;
  #dilation = 1;

  constructor(block: Block, settings: Required<ResNetOptions>) {
    this.#block = block;
    this.#settings = settings;
  }

  make(planes: number, count: number, stride: number, dilates: boolean): nn.Sequential {
    const { groups, widthPerGroup: baseWidth, normLayer } = this.#settings;
    const Block = this.#block;
    const channels = planes * Block.expansion;
    const before = this.#dilation;
    const firstStride = dilates ? 1 : stride;
    if (dilates) this.#dilation *= stride;
    const changes = firstStride !== 1 || this.#inPlanes !== channels;
    const downsample = changes
      ? new nn.Sequential(conv1x1(this.#inPlanes, channels, firstStride), normLayer(channels))
      : null;
    const options = { groups, baseWidth, normLayer };
    const first = new Block(this.#inPlanes, planes, { ...options, stride: firstStride, downsample, dilation: before });
    this.#inPlanes = channels;
    const rest = Array.from(
      { length: count - 1 },
      () => new Block(channels, planes, { ...options, dilation: this.#dilation }),
    );
    return new nn.Sequential(first, ...rest);
  }
}

/** ResNet of 18 layers. Mirrors `torchvision.models.resnet18`. @example resnet18({ numClasses: 10 }).eval().forward(zeros([1, 3, 64, 64])).shape */
export const resnet18 = (options?: ResNetOptions): ResNet => new ResNet(BasicBlock, [2, 2, 2, 2], options);

/**
 * ResNet of 34 layers. Mirrors `torchvision.models.resnet34`.
 * @example
 * try {
 *   resnet34({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const resnet34 = (options?: ResNetOptions): ResNet => new ResNet(BasicBlock, [3, 4, 6, 3], options);

/**
 * ResNet of 50 layers. Mirrors `torchvision.models.resnet50`.
 * @example
 * try {
 *   resnet50({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const resnet50 = (options?: ResNetOptions): ResNet => new ResNet(Bottleneck, [3, 4, 6, 3], options);
