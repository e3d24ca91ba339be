/**
 * The vision transformer: a picture as a sequence of patches, which attend to each other (Dosovitskiy et al. 2020,
 * https://arxiv.org/abs/2010.11929). Its encoder is in vision-encoder.ts.
 */
import { cat, select } from "../autograd/ops/parts.ts";
import { expand, permute, reshape } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import { zeros } from "../tensor/create.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ActivationLayer, Conv2dNormActivation, type NormLayer } from "../vision/ops/index.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";
import { Encoder } from "./vision-encoder.ts";

/** A convolution of the stem that stands for the map of patches. */
export interface ConvStemConfig {
  /** Channels of what the convolution gives. */
  outChannels: Int;
  /** Its size. */
  kernelSize: Int;
  /** How far it moves. */
  stride: Int;
  /** Default: nn.BatchNorm2d. */
  normLayer?: NormLayer;
  /** Default: nn.ReLU. */
  activationLayer?: ActivationLayer;
}

/** Options of VisionTransformer. */
export interface VisionTransformerOptions extends ModelOptions {
  /** How likely an element is dropped in the encoder. Default: 0. */
  dropout?: number;
  /** How likely a weight of the attention is dropped. Default: 0. */
  attentionDropout?: number;
  /** How many numbers a hidden layer before the classes has; null for none. Default: null. */
  representationSize?: Int | null;
  /** Makes the normalizations. Default: nn.LayerNorm with eps of 1e-6. */
  normLayer?: NormLayer;
  /** Convolutions in the place of the map of patches (Xiao et al. 2021, https://arxiv.org/abs/2106.14881). Default: null. */
  convStemConfigs?: readonly ConvStemConfig[] | null;
}

const defaults = {
  dropout: 0,
  attentionDropout: 0,
  representationSize: null,
  normLayer: (channels: Int) => new nn.LayerNorm(channels, { eps: 1e-6 }),
  convStemConfigs: null,
};

/**
 * Patches of a picture, and a token that gathers what the classes are told from, through a transformer's encoder. Mirrors
 * `torchvision.models.VisionTransformer` (Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929).
 * @example new VisionTransformer(32, 8, 2, 2, 16, 32, { numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class VisionTransformer extends nn.Module {
  /** Height and width of a picture. */
  readonly imageSize: number;
  /** Height and width of a patch. */
  readonly patchSize: number;
  /** Elements of a token. */
  readonly hiddenDim: number;
  /** The embedding that each sequence begins with, (1, 1, hiddenDim). */
  classToken: nn.Parameter;
  /** Makes a token of each patch. */
  readonly convProj: nn.Module;
  /** The layers of attention. */
  readonly encoder: nn.Module;
  /** A unit for each class. */
  readonly heads: nn.Sequential;

  /**
   * Draws its weights.
   *
   * @param imageSize how many pixels a picture has each way @param patchSize how many a patch has @param numLayers of the encoder
   * @param hiddenDim how many numbers a patch becomes @param mlpDim how many there are in between, in each layer
   * @throws unless patches fill the picture
   */
  constructor(
    imageSize: Int,
    patchSize: Int,
    numLayers: Int,
    numHeads: Int,
    hiddenDim: Int,
    mlpDim: Int,
    options?: VisionTransformerOptions,
  ) {
    super();
    const settings = readModelOptions<VisionTransformerOptions>(options, defaults);
    const { numClasses, representationSize, convStemConfigs } = settings;
    check(imageSize % patchSize === 0, "Input shape indivisible by patch size!");
    this.imageSize = imageSize;
    this.patchSize = patchSize;
    this.hiddenDim = hiddenDim;
    this.convProj = convStemConfigs ? stem(convStemConfigs, hiddenDim) : patches(patchSize, hiddenDim);
    this.classToken = new nn.Parameter(zeros([1, 1, hiddenDim]));
    const length = (imageSize / patchSize) ** 2 + 1;
    this.encoder = new Encoder(length, numLayers, { ...settings, numHeads, hiddenDim, mlpDim });
    const hidden = representationSize ? new nn.Linear(hiddenDim, representationSize) : null;
    const head = new nn.Linear(representationSize ?? hiddenDim, numClasses);
    this.heads = new nn.Sequential(hidden ? { pre_logits: hidden, act: new nn.Tanh(), head } : { head });
    // What is drawn from here on is drawn after the layers' own first weights, as in torchvision.
    const last = convStemConfigs ? this.convProj.getSubmodule("conv_last") : this.convProj;
    if (last instanceof nn.Conv2d) initialize(last, convStemConfigs !== null);
    if (hidden) truncated(hidden, hiddenDim);
    for (const parameter of head.parameters()) nn.init.zeros_(parameter);
  }

  /** Reads the names of torchvision's older files, too: `mlp.linear_1` for `mlp.0`. */
  override loadStateDict(state: nn.StateDict, options?: nn.LoadStateDictOptions): nn.IncompatibleKeys {
    const renamed = Object.entries(state).map(([name, value]) => [
      name.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3."),
      value,
    ]);
    return super.loadStateDict(Object.fromEntries(renamed), options);
  }

  /** @param x (N, 3, imageSize, imageSize) @returns (N, numClasses) @throws for pictures of another size */
  override forward(x: Tensor): Tensor {
    const { imageSize, hiddenDim } = this;
    const [n, , height, width] = x.shape;
    check(height === imageSize, () => `Wrong image height! Expected ${imageSize} but got ${height}!`);
    check(width === imageSize, () => `Wrong image width! Expected ${imageSize} but got ${width}!`);
    const count = (imageSize / this.patchSize) ** 2;
    const projected = reshape(this.convProj.forward(x), [n, hiddenDim, count]);
    const patches = permute(projected, [0, 2, 1]); // (N, count, hiddenDim)
    const sequence = cat([expand(this.classToken, [n, -1, -1]), patches], 1);
    return this.heads.forward(select(this.encoder.forward(sequence), 1, 0));
  }
}

/** The map of patches: they do not overlap. */
const patches = (patchSize: number, hiddenDim: number) => new nn.Conv2d(3, hiddenDim, patchSize, { stride: patchSize });

/** Convolutions of which each sees a little, and a map of what they find at each place. */
function stem(configs: readonly ConvStemConfig[], hiddenDim: number): nn.Sequential {
  const layers: Record<string, nn.Module> = {};
  let channels = 3;
  for (const [i, { outChannels, ...layer }] of configs.entries()) {
    layers[`conv_bn_relu_${i}`] = new Conv2dNormActivation(channels, outChannels, layer);
    channels = outChannels;
  }
  layers.conv_last = new nn.Conv2d(channels, hiddenDim, 1);
  return new nn.Sequential(layers);
}

function initialize(last: nn.Conv2d, isStem: boolean): void {
  const [height, width] = last.kernelSize;
  if (isStem) nn.init.normal_(last.weight, 0, Math.sqrt(2 / last.outChannels));
  else truncated(last, last.inChannels * height * width);
  if (last.bias) nn.init.zeros_(last.bias);
}

/** Weights that keep the variance of so many inputs, and no bias. */
function truncated({ weight, bias }: nn.Conv2d | nn.Linear, fanIn: number): void {
  nn.init.truncNormal_(weight, 0, Math.sqrt(1 / fanIn));
  if (bias) nn.init.zeros_(bias);
}

/** Options of the vision transformers of the paper. */
export interface ViTOptions extends VisionTransformerOptions {
  /** How many pixels a picture has each way. Default: 224. */
  imageSize?: Int;
}

/**
 * The vision transformer "base" with patches of 16 x 16. Mirrors `torchvision.models.vit_b_16`.
 * @example
 * try {
 *   vitB16({ weights: "DEFAULT" });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export const vitB16 = (options?: ViTOptions): VisionTransformer =>
  new VisionTransformer(options?.imageSize ?? 224, 16, 12, 12, 768, 3072, options);
