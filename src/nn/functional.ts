/** Layers and losses as functions. This file names them and defines none. Mirrors `torch.nn.functional`. */
export { relu, sigmoid, tanh } from "../autograd/ops/elementwise.ts";
export { linear } from "../autograd/ops/layers/linear.ts";
export { type PaddingMode, pad } from "../autograd/ops/layers/pad.ts";
export { logSoftmax, softmax } from "../autograd/ops/reduction.ts";
export * from "./functions/activation.ts";
export * from "./functions/batch-norm.ts";
export * from "./functions/convolution.ts";
export * from "./functions/cross-entropy.ts";
export * from "./functions/dropout.ts";
export * from "./functions/elementwise-losses.ts";
export * from "./functions/embedding.ts";
export * from "./functions/normalization.ts";
export * from "./functions/pooling.ts";
export type { Reduction } from "./functions/reduction.ts";
