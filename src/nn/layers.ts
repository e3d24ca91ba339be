/** Whatever layers and options the families' files export. */
export * from "./activation.ts";
export * from "./container.ts";
export * from "./convolution.ts";
export * from "./dropout.ts";
export * from "./linear.ts";
export * from "./loss.ts";
export * from "./normalization.ts";
export * from "./pooling.ts";
