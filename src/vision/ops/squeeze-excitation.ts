/** Channels that are weighted by what is seen in all of them. */
import { mul } from "../../autograd/ops/elementwise.ts";
import * as nn from "../../nn/index.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Options of SqueezeExcitation. */
export interface SqueezeExcitationOptions {
  /** Makes δ, between the two maps. Default: nn.ReLU. */
  activation?: () => nn.Module;
  /** Makes σ, which gives the factors. Default: nn.Sigmoid. */
  scaleActivation?: () => nn.Module;
}

/**
 * y = x · σ(W₂ δ(W₁ mean x)), a factor for each channel of x (N, C, H, W), found from the means of all channels. Mirrors
 * `torchvision.ops.SqueezeExcitation` (Hu et al. 2017, https://arxiv.org/abs/1709.01507, figure 1).
 * @example new ops.SqueezeExcitation(8, 2).forward(ones([1, 8, 4, 4])).shape
 */
export class SqueezeExcitation extends nn.Module {
  /** The mean of each map. */
  readonly avgpool: nn.Module;
  /** To fewer channels. */
  readonly fc1: nn.Conv2d;
  /** Back to all of them. */
  readonly fc2: nn.Conv2d;
  /** The activation between them. */
  readonly activation: nn.Module;
  /** Makes factors of what they give. */
  readonly scaleActivation: nn.Module;

  constructor(inputChannels: Int, squeezeChannels: Int, options?: SqueezeExcitationOptions) {
    super();
    const { activation, scaleActivation } = readOptions(options, {
      activation: () => new nn.ReLU(),
      scaleActivation: () => new nn.Sigmoid(),
    });
    this.avgpool = new nn.AdaptiveAvgPool2d(1);
    this.fc1 = new nn.Conv2d(inputChannels, squeezeChannels, 1);
    this.fc2 = new nn.Conv2d(squeezeChannels, inputChannels, 1);
    this.activation = activation();
    this.scaleActivation = scaleActivation();
  }

  override forward(x: Tensor): Tensor {
    const squeezed = this.activation.forward(this.fc1.forward(this.avgpool.forward(x)));
    return mul(this.scaleActivation.forward(this.fc2.forward(squeezed)), x);
  }
}
