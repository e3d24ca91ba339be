/** VGG: nothing but small convolutions, many of them (Simonyan & Zisserman 2014, https://arxiv.org/abs/1409.1556). */
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

/** Options of VGG. */
export interface VGGOptions extends ModelOptions {
  /** Whether weights begin as in the paper's successors, not as those of layers do. Default: true. */
  initWeights?: boolean;
  /** How likely an element is dropped behind each hidden linear map. Default: 0.5. */
  dropout?: number;
}

const vggDefaults = { initWeights: true, dropout: 0.5 };

/**
 * Convolutions of 3 x 3, between which sizes are halved, and three linear maps. Mirrors `torchvision.models.VGG` (Simonyan & Zisserman
 * 2014, https://arxiv.org/abs/1409.1556).
 * @example
 * try {
 *   new VGG(new nn.Identity(), { pretrained: true });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export class VGG extends nn.Module {
  /** Convolutions and max pooling. */
  readonly features: nn.Module;
  /** Makes maps of 7 × 7 of any size. */
  readonly avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
  /** The linear maps; the last has a unit for each class. */
  readonly classifier: nn.Sequential;

  /** Draws its weights. @param features makes (N, 512, …) of pictures */
  constructor(features: nn.Module, options?: VGGOptions) {
    super();
    const { numClasses, initWeights, dropout } = readModelOptions(options, vggDefaults);
    this.features = features;
    this.classifier = new nn.Sequential(
      new nn.Linear(512 * 7 * 7, 4096),
      new nn.ReLU({ inplace: true }),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU({ inplace: true }),
      new nn.Dropout(dropout),
      new nn.Linear(4096, numClasses),
    );
    if (initWeights) initialize(this);
  }

  /** @param x (N, 3, H, W), at least 32 pixels each way @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    const y = this.avgpool.forward(this.features.forward(x)); // (N, 512, 7, 7)
    return this.classifier.forward(flatten(y, 1));
  }
}

/** He's weights for convolutions, small ones for linear maps. */
export function initialize(model: nn.Module): void {
  for (const module of model.modules()) {
    if (module instanceof nn.Conv2d) {
      nn.init.kaimingNormal_(module.weight, { mode: "fanOut", nonlinearity: "relu" });
      if (module.bias) nn.init.zeros_(module.bias);
    } else if (module instanceof nn.Linear) {
      nn.init.normal_(module.weight, 0, 0.01);
      if (module.bias) nn.init.zeros_(module.bias);
    }
  }
}

/** How many channels the convolutions have, "M" standing for the largest of 2 x 2: table 1 of the paper. */
const configurations = {
  A: "64 M 128 M 256 256 M 512 512 M 512 512 M",
  B: "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M",
  D: "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M",
  E: "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M",
};

/** The features of such a configuration, with or without batch normalization. */
export function makeLayers(configuration: keyof typeof configurations, batchNorm: boolean): nn.Sequential {
  let inChannels = 3;
  const layers = configurations[configuration].split(" ").flatMap((word): nn.Module[] => {
    if (word === "M") return [new nn.MaxPool2d(2, { stride: 2 })];
    const channels = Number(word);
    const convolution = new nn.Conv2d(inChannels, channels, 3, { padding: 1 });
    inChannels = channels;
    const normalization = batchNorm ? [new nn.BatchNorm2d(channels)] : [];
    return [convolution, ...normalization, new nn.ReLU({ inplace: true })];
  });
  return new nn.Sequential(...layers);
}

const vgg =
  (configuration: keyof typeof configurations, batchNorm: boolean) =>
  (options?: VGGOptions): VGG => {
    readModelOptions(options, vggDefaults); // what is refused is refused before millions of weights are drawn
    return new VGG(makeLayers(configuration, batchNorm), options);
  };

/**
 * VGG of 11 layers. Mirrors `torchvision.models.vgg11`.
 * @example
 * try {
 *   vgg11({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg11 = vgg("A", false);
/**
 * VGG of 11 layers, with batch normalization. Mirrors `torchvision.models.vgg11_bn`.
 * @example
 * try {
 *   vgg11Bn({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg11Bn = vgg("A", true);
/**
 * VGG of 13 layers. Mirrors `torchvision.models.vgg13`.
 * @example
 * try {
 *   vgg13({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg13 = vgg("B", false);
/**
 * VGG of 13 layers, with batch normalization. Mirrors `torchvision.models.vgg13_bn`.
 * @example
 * try {
 *   vgg13Bn({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg13Bn = vgg("B", true);
/**
 * VGG of 16 layers. Mirrors `torchvision.models.vgg16`.
 * @example
 * try {
 *   vgg16({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg16 = vgg("D", false);
/**
 * VGG of 16 layers, with batch normalization. Mirrors `torchvision.models.vgg16_bn`.
 * @example
 * try {
 *   vgg16Bn({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg16Bn = vgg("D", true);
/**
 * VGG of 19 layers. Mirrors `torchvision.models.vgg19`.
 * @example
 * try {
 *   vgg19({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg19 = vgg("E", false);
/**
 * VGG of 19 layers, with batch normalization. Mirrors `torchvision.models.vgg19_bn`.
 * @example
 * try {
 *   vgg19Bn({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vgg19Bn = vgg("E", true);
