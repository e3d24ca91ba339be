/**
 * lucidgrad: what users import. This file names things and defines none.
 * `MNIST` and `FashionMNIST` are in "lucidgrad/datasets", PNG files in "lucidgrad/image", saving and loading in
 * "lucidgrad/files".
 */
import "./autograd/array-methods.ts";
import "./autograd/methods.ts";

export { detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./autograd/anomaly.ts";
export { type BackwardOptions, backward, type GradOptions, grad } from "./autograd/engine.ts";
export { defineFunction } from "./autograd/function.ts";
export { type DerivativeOptions, hessian, hvp, jacobian, jvp, vjp } from "./autograd/functional.ts";
export { enableGrad, isGradEnabled, noGrad } from "./autograd/grad-mode.ts";
export { type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck.ts";
export type { GradientHook, HookHandle } from "./autograd/hooks.ts";
export { einsum } from "./autograd/ops/einsum.ts";
export { maximum, minimum, where } from "./autograd/ops/elementwise.ts";
export { type Index, Slice } from "./autograd/ops/indexing.ts";
export { matmul } from "./autograd/ops/matmul.ts";
export { cat, stack } from "./autograd/ops/shape.ts";
export * from "./data/index.ts";
export * as nn from "./nn/index.ts";
export { toDot } from "./nn/seeing/dot.ts";
export { type LayerSummary, NetworkSummary, type SummaryOptions, summary } from "./nn/seeing/summary.ts";
export { toSvg } from "./nn/seeing/svg.ts";
export * as optim from "./optim/index.ts";
export * from "./tensor/create.ts";
export type { DType, TypedArray } from "./tensor/dtype.ts";
export { type Backend, getBackend, getNumThreads, setBackend, setNumThreads } from "./tensor/kernels/wasm/backend.ts";
export { Generator, type GeneratorState, getRngState, manualSeed, setRngState } from "./tensor/random/generator.ts";
export { type NestedArray, Tensor } from "./tensor/tensor.ts";
