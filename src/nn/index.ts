/** The `nn` namespace. */
import "./hooks.ts";

export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from "./batchnorm.ts";
export { ModuleDict, ModuleList, Sequential } from "./container.ts";
export * as functional from "./functional.ts";
export type { CrossEntropyOptions } from "./functions/cross-entropy.ts";
export type { BackwardHook, ForwardHook, ForwardPreHook } from "./hooks.ts";
export * as init from "./init.ts";
export * from "./layers/activation.ts";
export * from "./layers/convolution.ts";
export * from "./layers/dropout.ts";
export * from "./layers/embedding.ts";
export * from "./layers/normalization.ts";
export * from "./layers/pooling.ts";
export * from "./layers/shape.ts";
export { Linear, type LinearOptions } from "./linear.ts";
export * from "./loss.ts";
export { Module, type StateDict } from "./module.ts";
export { Parameter } from "./parameter.ts";
export * as utils from "./utils.ts";
