/**
 * What "lucidgrad/core" gives: all that "lucidgrad" does but distributions, and tensors with everyday methods alone, so that a bundle has
 * only the operations that its program imports beside them: `gather(x, 1, i)`, not `x.gather(1, i)`. This file names things and defines none.
 */
import "./autograd/everyday-methods.ts";

export { detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./autograd/anomaly.ts";
export { type CheckpointOptions, checkpoint, checkpointSequential, type Step } from "./autograd/checkpoint.ts";
export { type BackwardOptions, backward, type GradOptions, grad } from "./autograd/engine.ts";
export { defineFunction } from "./autograd/function.ts";
export { type DerivativeOptions, hessian, hvp, jacobian, jvp, vhp, vjp } from "./autograd/functional.ts";
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from "./autograd/grad-mode.ts";
export { type GradcheckOptions, gradcheck, gradgradcheck, type TensorFunction } from "./autograd/gradcheck.ts";
export type { PullBack } from "./autograd/graph.ts";
export type { GradientHook, HookHandle } from "./autograd/hooks.ts";
export type { Applied } from "./autograd/op.ts";
export * from "./autograd/ops/index.ts";
export * as linalg from "./autograd/ops/linalg/index.ts";
export {
  bernoulli,
  binomial,
  type MultinomialOptions,
  multinomial,
  normal,
  poisson,
  type RandomSource,
} from "./autograd/random.ts";
export * from "./data/index.ts";
export * as func from "./nn/func.ts";
export * as nn from "./nn/index.ts";
export * as optim from "./optim.ts";
export { toDot } from "./seeing/dot.ts";
export type { Names } from "./seeing/picture.ts";
export { type LayerSummary, NetworkSummary, type SummaryOptions, summary } from "./seeing/summary.ts";
export { toSvg } from "./seeing/svg.ts";
export * from "./tensor/create.ts";
export type { DType, TypedArray } from "./tensor/dtype.ts";
export { type Backend, getBackend, getNumThreads, setBackend, setNumThreads } from "./tensor/kernels/wasm/backend.ts";
export { type FloatLimits, finfo, type IntegerLimits, iinfo } from "./tensor/limits.ts";
export { type PrintOptions, setPrintoptions } from "./tensor/print.ts";
export {
  Generator,
  type GeneratorState,
  getRngState,
  initialSeed,
  manualSeed,
  seed,
  setRngState,
} from "./tensor/random/generator.ts";
export type { Int, Shape, Sizes } from "./tensor/shape.ts";
export { type GradFn, type NestedArray, Tensor } from "./tensor/tensor.ts";
export * from "./tensor/window-functions.ts";
export * as transforms from "./vision/index.ts";
