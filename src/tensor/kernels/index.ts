/**
 * The table of kernels that operations call. Kernels are free functions on typed arrays and sizes; they know no Tensor.
 * The plain loops are complete and for every dtype. A faster implementation, in wasm/ under the same name, replaces an entry
 * of `kernels`, never an operation: so operations ask the table when they run. wasm/backend.ts does the replacing.
 */
import * as batchNorm from "./batch-norm.ts";
import { col2im, convolution, convolutionInput, convolutionWeight, im2col } from "./convolution.ts";
import * as crossEntropy from "./cross-entropy.ts";
import * as division from "./division.ts";
import * as elementwise from "./elementwise.ts";
import * as functions from "./functions.ts";
import * as indexing from "./indexing.ts";
import * as integers from "./integers.ts";
import * as layerNorm from "./layer-norm.ts";
import { matmul } from "./matmul.ts";
import { maxOfWindows } from "./max-of-windows.ts";
import * as optimizers from "./optimizers.ts";
import * as ordering from "./ordering.ts";
import * as pooling from "./pooling.ts";
import * as recurrent from "./recurrent.ts";
import * as reduction from "./reduction.ts";
import { resample } from "./resampling.ts";
import * as sampling from "./sampling.ts";

const images = {
  convolution,
  convolutionInput,
  convolutionWeight,
  im2col,
  col2im,
  resample,
  maxOfWindows,
  ...sampling,
  ...pooling,
};

export const plainKernels = {
  ...elementwise,
  ...division,
  ...integers,
  ...functions,
  ...reduction,
  ...batchNorm,
  ...crossEntropy,
  ...layerNorm,
  ...indexing,
  ...ordering,
  ...optimizers,
  ...recurrent,
  ...images,
  matmul,
};

export type Kernels = typeof plainKernels;

export const kernels: Kernels = { ...plainKernels };

/** The names in the table of all kernels of one kind: `KernelName<UnaryKernel>` is "neg" | "abs" | … */
export type KernelName<Kind> = {
  [Name in keyof Kernels]: [Kind, Kernels[Name]] extends [Kernels[Name], Kind] ? Name : never;
}[keyof Kernels];
