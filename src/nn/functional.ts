/**
 * Every family of layers: its functions, layers and options. What a family's file exports is public, so adding to a family
 * touches that file alone. As `nn.functional` these are the functions of `torch.nn.functional`; `nn` has them all, too.
 */
export * from "./activation.ts";
export * from "./convolution.ts";
export * from "./dropout.ts";
export * from "./linear.ts";
export * from "./loss.ts";
export * from "./normalization.ts";
export * from "./pooling.ts";
