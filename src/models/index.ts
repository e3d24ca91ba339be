/** What "lucidgrad/models" gives: torchvision's networks for pictures, an entry point of its own. This file names things and defines none. */
import "../autograd/methods.ts";

export * as ops from "../vision/ops/index.ts";
export { AlexNet, type AlexNetOptions, alexnet } from "./alexnet.ts";
export { DenseNet, type DenseNetOptions, densenet121 } from "./densenet.ts";
export {
  EfficientNet,
  type EfficientNetOptions,
  efficientnetB0,
  MBConvConfig,
  type MBConvOptions,
} from "./efficientnet.ts";
export {
  createFeatureExtractor,
  type FeatureExtractor,
  type FeatureExtractorOptions,
  getGraphNodeNames,
  type ReturnNodes,
} from "./feature-extraction.ts";
export {
  type InvertedResidualSetting,
  MobileNetV2,
  type MobileNetV2Options,
  mobilenetV2,
} from "./mobilenet-v2.ts";
export type { ModelOptions } from "./options.ts";
export { ResNet, type ResNetOptions, resnet18, resnet34, resnet50 } from "./resnet.ts";
export { BasicBlock, type BlockOptions, Bottleneck } from "./resnet-blocks.ts";
export { SqueezeNet, type SqueezeNetOptions, squeezenet1_0, squeezenet1_1 } from "./squeezenet.ts";
export { VGG, type VGGOptions, vgg11, vgg11Bn, vgg13, vgg13Bn, vgg16, vgg16Bn, vgg19, vgg19Bn } from "./vgg.ts";
export {
  type ConvStemConfig,
  VisionTransformer,
  type VisionTransformerOptions,
  type ViTOptions,
  vitB16,
} from "./vision-transformer.ts";
