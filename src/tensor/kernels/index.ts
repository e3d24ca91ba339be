/**
 * The kernels that operations call, in tables: those that all programs have in `kernels`, and those of some layers in tables of their
 * own, so that a bundle without these layers has neither their loops nor what replaces them. Kernels are free functions on typed
 * arrays and sizes; they know no Tensor. The plain loops are complete and for every dtype. Loops over rows (rows.ts) that nothing
 * replaces are in no table: their operations import them.
 */
import * as batchNorm from "./batch-norm.ts";
import { col2im, convolution, convolutionInput, convolutionWeight, im2col } from "./convolution.ts";
import * as crossEntropy from "./cross-entropy.ts";
import * as elementwise from "./elementwise.ts";
import * as functions from "./functions.ts";
import * as indexing from "./indexing.ts";
import * as layerNorm from "./layer-norm.ts";
import { matmul } from "./matmul.ts";
import { maxOfWindows } from "./max-of-windows.ts";
import * as optimizers from "./optimizers.ts";
import * as ordering from "./ordering.ts";
import { averagePool, averagePoolBackward, maxPool, maxPoolBackward } from "./pooling.ts";
import * as recurrent from "./recurrent.ts";
import * as reduction from "./reduction.ts";
import { resample } from "./resampling.ts";
import { sample, sampleInput, sampleWeights } from "./sampling.ts";
import { tableOf } from "./table.ts";
import { batchNormKernels } from "./wasm/batch-norm.ts";
import { convolutionKernels } from "./wasm/convolution.ts";
import { crossEntropyKernels } from "./wasm/cross-entropy.ts";
import { elementwiseKernels } from "./wasm/elementwise.ts";
import { indexingKernels } from "./wasm/indexing.ts";
import { layerNormKernels } from "./wasm/layer-norm.ts";
import { matmulKernel } from "./wasm/matmul.ts";
import { optimizerKernels } from "./wasm/optimizers.ts";
import { poolingKernels } from "./wasm/pooling.ts";
import { recurrentKernels } from "./wasm/recurrent.ts";
import { reductionKernels } from "./wasm/reduction.ts";

export const kernels = tableOf({ ...elementwise, ...functions, ...reduction, ...indexing, matmul }, (jobs, plain) => ({
  ...elementwiseKernels(jobs, plain),
  ...reductionKernels(jobs, plain),
  ...indexingKernels(jobs, plain),
  matmul: matmulKernel(jobs, plain.matmul),
}));

// Of layers, and of operations that few programs need: without a spread, which bundlers would keep for what it might do.
export const orderings = tableOf(ordering);
export const updates = tableOf(optimizers, optimizerKernels);
export const convolutions = tableOf(
  { convolution, convolutionInput, convolutionWeight, im2col, col2im },
  convolutionKernels,
);
export const poolings = tableOf(
  { maxPool, maxPoolBackward, averagePool, averagePoolBackward, maxOfWindows },
  poolingKernels,
);
export const samplings = tableOf({ sample, sampleInput, sampleWeights, resample });
export const batchNorms = tableOf(batchNorm, batchNormKernels);
export const layerNorms = tableOf(layerNorm, layerNormKernels);
export const crossEntropies = tableOf(crossEntropy, crossEntropyKernels);
export const recurrences = tableOf(recurrent, recurrentKernels);

/** The names in `kernels` of all of one kind: `KernelName<UnaryKernel>` is "neg" | "abs" | … */
export type KernelName<Kind> = {
  [Name in keyof typeof kernels]: [Kind, (typeof kernels)[Name]] extends [(typeof kernels)[Name], Kind] ? Name : never;
}[keyof typeof kernels];
