// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../models/index.ts exports, as users get it. */
import * as engine from "../models/index.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  ops, AlexNet, alexnet, DenseNet, densenet121, EfficientNet, efficientnetB0, MBConvConfig, createFeatureExtractor,
  getGraphNodeNames, MobileNetV2, mobilenetV2, ResNet, resnet18, resnet34, resnet50, BasicBlock, Bottleneck, SqueezeNet,
  squeezenet1_0, squeezenet1_1, VGG, vgg11, vgg11Bn, vgg13, vgg13Bn, vgg16, vgg16Bn, vgg19, vgg19Bn, VisionTransformer,
  vitB16,
} = names;
