/**
 * Densely connected networks: a layer sees what all layers before it have found, and adds a few channels (Huang et al. 2016,
 * https://arxiv.org/abs/1608.06993).
 */
import { checkpoint } from "../autograd/checkpoint.ts";
import { inplace } from "../autograd/inplace.ts";
import { relu } from "../autograd/ops/elementwise.ts";
import { cat } from "../autograd/ops/parts.ts";
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

/** Options of DenseNet. */
export interface DenseNetOptions extends ModelOptions {
  /** How many times growthRate channels the convolution of 3 x 3 in a layer sees. Default: 4. */
  bnSize?: Int;
  /** How likely an element of what a layer adds is dropped. Default: 0. */
  dropRate?: number;
  /** Whether layers are computed again in the backward pass, instead of kept (https://arxiv.org/abs/1707.06990). Default: false. */
  memoryEfficient?: boolean;
}

type LayerSettings = Pick<Required<DenseNetOptions>, "bnSize" | "dropRate" | "memoryEfficient"> & {
  readonly growthRate: number;
};

/** The channels that a layer adds. */
export class _DenseLayer extends nn.Module {
  readonly norm1: nn.BatchNorm2d;
  readonly relu1 = new nn.ReLU({ inplace: true });
  readonly conv1: nn.Conv2d;
  readonly norm2: nn.BatchNorm2d;
  readonly relu2 = new nn.ReLU({ inplace: true });
  readonly conv2: nn.Conv2d;
  readonly dropRate: number;
  readonly memoryEfficient: boolean;

  constructor(inChannels: number, settings: LayerSettings) {
    super();
    const { bnSize, growthRate } = settings;
    this.norm1 = new nn.BatchNorm2d(inChannels);
    this.conv1 = new nn.Conv2d(inChannels, bnSize * growthRate, 1, { bias: false });
    this.norm2 = new nn.BatchNorm2d(bnSize * growthRate);
    this.conv2 = new nn.Conv2d(bnSize * growthRate, growthRate, 3, { padding: 1, bias: false });
    this.dropRate = settings.dropRate;
    this.memoryEfficient = settings.memoryEfficient;
  }

  override forward(features: readonly Tensor[]): Tensor {
    const bottleneck = (...xs: Tensor[]): Tensor =>
      this.conv1.forward(this.relu1.forward(this.norm1.forward(cat(xs, 1))));
    const isComputedAgain = this.memoryEfficient && features.some(({ requiresGrad }) => requiresGrad);
    const hidden = isComputedAgain ? checkpoint(bottleneck, ...features) : bottleneck(...features);
    const y = this.conv2.forward(this.relu2.forward(this.norm2.forward(hidden)));
    return this.dropRate > 0 ? nn.functional.dropout(y, this.dropRate, this) : y;
  }
}

/** Layers of which each sees the input and what all before it have added. */
export class _DenseBlock extends nn.ModuleDict {
  constructor(layers: number, inChannels: number, settings: LayerSettings) {
    super();
    for (let i = 0; i < layers; i++)
      this.set(`denselayer${i + 1}`, new _DenseLayer(inChannels + i * settings.growthRate, settings));
  }

  override forward(x: Tensor): Tensor {
    const features = [x];
    for (const [, layer] of this) features.push(layer.forward(features));
    return cat(features, 1); // (N, C + layers · growthRate, H, W)
  }
}

/** Halves channels and sizes. */
export class _Transition extends nn.Sequential {
  constructor(inChannels: number, outChannels: number) {
    super({
      norm: new nn.BatchNorm2d(inChannels),
      relu: new nn.ReLU({ inplace: true }),
      conv: new nn.Conv2d(inChannels, outChannels, 1, { bias: false }),
      pool: new nn.AvgPool2d(2, { stride: 2 }),
    });
  }
}

/**
 * Dense blocks, between which channels and sizes are halved. Mirrors `torchvision.models.DenseNet` (Huang et al. 2016,
 * https://arxiv.org/abs/1608.06993).
 * @example new DenseNet(8, [2, 2], 16, { numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class DenseNet extends nn.Module {
  /** Blocks in which each layer sees all before it, and transitions between them. */
  readonly features: nn.Sequential;
  /** A unit for each class. */
  readonly classifier: nn.Linear;

  /**
   * Draws its weights.
   *
   * @param growthRate how many channels a layer adds, k in the paper @param blockConfig how many layers each block has
   * @param numInitFeatures how many channels the first convolution makes
   */
  constructor(
    growthRate: Int = 32,
    blockConfig: readonly Int[] = [6, 12, 24, 16],
    numInitFeatures: Int = 64,
    options?: DenseNetOptions,
  ) {
    super();
    const settings = readModelOptions(options, { bnSize: 4, dropRate: 0, memoryEfficient: false });
    const layers: Record<string, nn.Module> = {
      conv0: new nn.Conv2d(3, numInitFeatures, 7, { stride: 2, padding: 3, bias: false }),
      norm0: new nn.BatchNorm2d(numInitFeatures),
      relu0: new nn.ReLU({ inplace: true }),
      pool0: new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
    };
    let channels = numInitFeatures;
    for (const [i, count] of blockConfig.entries()) {
      layers[`denseblock${i + 1}`] = new _DenseBlock(count, channels, { ...settings, growthRate });
      channels += count * growthRate;
      if (i === blockConfig.length - 1) break;
      layers[`transition${i + 1}`] = new _Transition(channels, Math.floor(channels / 2));
      channels = Math.floor(channels / 2);
    }
    layers.norm5 = new nn.BatchNorm2d(channels);
    this.features = new nn.Sequential(layers);
    this.classifier = new nn.Linear(channels, settings.numClasses);
    for (const module of this.modules()) if (module instanceof nn.Conv2d) nn.init.kaimingNormal_(module.weight);
    if (this.classifier.bias) nn.init.zeros_(this.classifier.bias);
  }

  /** @param x (N, 3, H, W), at least 29 pixels each way @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    const features = inplace(this.features.forward(x), relu);
    const y = nn.functional.adaptiveAvgPool2d(features, [1, 1]); // (N, C, 1, 1)
    return this.classifier.forward(flatten(y, 1));
  }

  /** Reads the names of torchvision's older files, too: `norm.1` for `norm1`. */
  override loadStateDict(state: nn.StateDict, options?: nn.LoadStateDictOptions): nn.IncompatibleKeys {
    const older = /(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)/;
    const renamed = Object.entries(state).map(([name, value]) => [name.replace(older, "$1$2"), value]);
    return super.loadStateDict(Object.fromEntries(renamed), options);
  }
}

/** DenseNet of 121 layers. Mirrors `torchvision.models.densenet121`. @example densenet121({ numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape */
export const densenet121 = (options?: DenseNetOptions): DenseNet => new DenseNet(32, [6, 12, 24, 16], 64, options);
