/** The `nn` namespace: whatever layers and options the families' files export. Their functions are in `nn.functional`. */
import "../autograd/everyday-methods.ts";
import "./hooks.ts";

export * from "./activation.ts";
export * from "./adaptive-softmax.ts";
export * from "./attention.ts";
export * from "./container.ts";
export * from "./convolution.ts";
export * from "./distance.ts";
export * from "./dropout.ts";
export {
  Embedding,
  type EmbeddingLayerOptions,
  type EmbeddingOptions,
  type PretrainedOptions,
} from "./embedding.ts";
export * from "./embedding-bag.ts";
export * from "./folding.ts";
export { functional } from "./functional.ts";
export type { AffineGridOptions, GridSampleOptions } from "./grid-sample.ts";
export type { BackwardHook, ForwardHook, ForwardPreHook, LoadStateDictPostHook } from "./hooks.ts";
export * as init from "./init.ts";
export * from "./instance-norm.ts";
export * from "./lazy.ts";
export * from "./linear.ts";
export * from "./loss.ts";
export * from "./loss-ctc.ts";
export * from "./loss-embedding.ts";
export * from "./loss-likelihood.ts";
export * from "./loss-margin.ts";
export { Module } from "./module.ts";
export * from "./normalization.ts";
export * from "./padding.ts";
export { type BufferOptions, Parameter } from "./parameter.ts";
export * from "./piecewise.ts";
export * from "./pixel-shuffle.ts";
export * from "./pooling.ts";
export * from "./pooling-adaptive.ts";
export * from "./pooling-fractional.ts";
export type { Pooled, ReturnIndices } from "./pooling-windows.ts";
export * from "./pooling1d.ts";
export * from "./recurrent.ts";
export * from "./recurrent-cells.ts";
export * from "./response-norm.ts";
export * from "./rms-norm.ts";
export type { Size } from "./sizes.ts";
export type { IncompatibleKeys, LoadStateDictOptions, StateDict } from "./state-dict.ts";
export * from "./transformer.ts";
export * from "./unpooling.ts";
export * from "./upsampling.ts";
export * as utils from "./utils.ts";
export type { RecurseOptions } from "./walk.ts";
