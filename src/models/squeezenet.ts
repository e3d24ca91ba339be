/** SqueezeNet: AlexNet's accuracy with a fiftieth of its weights (Iandola et al. 2016, https://arxiv.org/abs/1602.07360). */
import { cat } from "../autograd/ops/parts.ts";
import { flatten } from "../autograd/ops/shape.ts";
import * as nn from "../nn/index.ts";
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ModelOptions, readModelOptions } from "./options.ts";

/** Few channels, then convolutions of 1 x 1 and of 3 x 3 side by side. */
export class Fire extends nn.Module {
  readonly squeeze: nn.Conv2d;
  readonly squeezeActivation = new nn.ReLU({ inplace: true });
  readonly expand1x1: nn.Conv2d;
  readonly expand1x1Activation = new nn.ReLU({ inplace: true });
  readonly expand3x3: nn.Conv2d;
  readonly expand3x3Activation = new nn.ReLU({ inplace: true });

  constructor(inChannels: Int, squeezed: Int, expanded1x1: Int, expanded3x3: Int) {
    super();
    this.squeeze = new nn.Conv2d(inChannels, squeezed, 1);
    this.expand1x1 = new nn.Conv2d(squeezed, expanded1x1, 1);
    this.expand3x3 = new nn.Conv2d(squeezed, expanded3x3, 3, { padding: 1 });
  }

  override forward(x: Tensor): Tensor {
    const y = this.squeezeActivation.forward(this.squeeze.forward(x));
    const narrow = this.expand1x1Activation.forward(this.expand1x1.forward(y));
    const wide = this.expand3x3Activation.forward(this.expand3x3.forward(y));
    return cat([narrow, wide], 1);
  }
}

/** Options of SqueezeNet. */
export interface SqueezeNetOptions extends ModelOptions {
  /** How likely an element is dropped before the last convolution. Default: 0.5. */
  dropout?: number;
}

/**
 * Fires in a row, and a convolution that gives the classes at each place, which are averaged. Mirrors
 * `torchvision.models.SqueezeNet` (Iandola et al. 2016, https://arxiv.org/abs/1602.07360).
 * @example new SqueezeNet("1_1", { numClasses: 10 }).eval().forward(zeros([1, 3, 32, 32])).shape
 */
export class SqueezeNet extends nn.Module {
  /** How many classes there are. */
  readonly numClasses: number;
  /** A convolution, fire modules and max pooling. */
  readonly features: nn.Sequential;
  /** A map for each class, and its mean. */
  readonly classifier: nn.Sequential;

  /** Draws its weights. @throws for another version */
  constructor(version: "1_0" | "1_1" = "1_0", options?: SqueezeNetOptions) {
    super();
    const { numClasses, dropout } = readModelOptions(options, { dropout: 0.5 });
    check(
      version === "1_0" || version === "1_1",
      () => `Unsupported SqueezeNet version ${version}: 1_0 or 1_1 expected`,
    );
    this.numClasses = numClasses;
    this.features = new nn.Sequential(...(version === "1_0" ? layersOf1_0() : layersOf1_1()));
    const last = new nn.Conv2d(512, numClasses, 1);
    const average = new nn.AdaptiveAvgPool2d([1, 1]);
    this.classifier = new nn.Sequential(new nn.Dropout(dropout), last, new nn.ReLU({ inplace: true }), average);
    for (const module of this.modules()) {
      if (!(module instanceof nn.Conv2d)) continue;
      if (module === last) nn.init.normal_(module.weight, 0, 0.01);
      else nn.init.kaimingUniform_(module.weight);
      if (module.bias) nn.init.zeros_(module.bias);
    }
  }

  /** @param x (N, 3, H, W), at least 21 pixels each way, of version 1_1 17 @returns (N, numClasses) */
  override forward(x: Tensor): Tensor {
    return flatten(this.classifier.forward(this.features.forward(x)), 1);
  }
}

const pool = () => new nn.MaxPool2d(3, { stride: 2, ceilMode: true });

const layersOf1_0 = (): nn.Module[] => [
  new nn.Conv2d(3, 96, 7, { stride: 2 }),
  new nn.ReLU({ inplace: true }),
  pool(),
  new Fire(96, 16, 64, 64),
  new Fire(128, 16, 64, 64),
  new Fire(128, 32, 128, 128),
  pool(),
  new Fire(256, 32, 128, 128),
  new Fire(256, 48, 192, 192),
  new Fire(384, 48, 192, 192),
  new Fire(384, 64, 256, 256),
  pool(),
  new Fire(512, 64, 256, 256),
];

/** Sizes are halved sooner: as accurate, at two fifths of the work. */
const layersOf1_1 = (): nn.Module[] => [
  new nn.Conv2d(3, 64, 3, { stride: 2 }),
  new nn.ReLU({ inplace: true }),
  pool(),
  new Fire(64, 16, 64, 64),
  new Fire(128, 16, 64, 64),
  pool(),
  new Fire(128, 32, 128, 128),
  new Fire(256, 32, 128, 128),
  pool(),
  new Fire(256, 48, 192, 192),
  new Fire(384, 48, 192, 192),
  new Fire(384, 64, 256, 256),
  new Fire(512, 64, 256, 256),
];

/** SqueezeNet as in the paper. Mirrors `torchvision.models.squeezenet1_0`. @example squeezenet1_0({ numClasses: 10 }).parameters().length */
export const squeezenet1_0 = (options?: SqueezeNetOptions): SqueezeNet => new SqueezeNet("1_0", options);

/** SqueezeNet with less work. Mirrors `torchvision.models.squeezenet1_1`. @example squeezenet1_1({ numClasses: 10 }).parameters().length */
export const squeezenet1_1 = (options?: SqueezeNetOptions): SqueezeNet => new SqueezeNet("1_1", options);
