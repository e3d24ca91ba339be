/** What `ops` is: the blocks that networks of pictures are made of. */
export {
  type ActivationLayer,
  Conv2dNormActivation,
  Conv3dNormActivation,
  type ConvNormActivationOptions,
  type NormLayer,
} from "./conv-norm-activation.ts";
export { MLP, type MLPOptions } from "./mlp.ts";
export { Permute } from "./permute.ts";
export { SqueezeExcitation, type SqueezeExcitationOptions } from "./squeeze-excitation.ts";
export { StochasticDepth, type StochasticDepthOptions, stochasticDepth } from "./stochastic-depth.ts";
