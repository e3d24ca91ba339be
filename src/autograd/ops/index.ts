/**
 * All operations, family by family. Each has a function form, `relu(x)`, under the name that it has here; which are methods
 * too, `x.relu()`, ../methods.ts says. Not here are those that only layers use, in layers/, and what operations share, in
 * shared/.
 */
export * from "./bessel.ts";
export * from "./bessel-functions.ts";
export * from "./binary-numbers.ts";
export * from "./bins.ts";
export * from "./closeness.ts";
export * from "./compare.ts";
export * from "./cumulative.ts";
export * from "./distance.ts";
export * from "./division.ts";
export * from "./einsum.ts";
export * from "./elementwise.ts";
export * from "./functions.ts";
export * from "./gamma.ts";
export * from "./gradient.ts";
export * from "./grids.ts";
export * from "./histogramdd.ts";
export * from "./indexing.ts";
export * from "./integers.ts";
export { type PCALowrankOptions, pcaLowrank, type SVDLowrankOptions, svdLowrank } from "./linalg/low-rank.ts";
export type { LUUnpackOptions } from "./linalg/lu.ts";
export { chainMatmul } from "./linalg/multi-dot.ts";
export * from "./linalg/reflections.ts";
export * from "./linalg/second-names.ts";
export {
  /** log det A: NaN where that is negative. Mirrors `torch.logdet`. @example tensor([[2, 0], [0, 3]]).logdet() */
  logdet,
} from "./linalg/solving.ts";
export * from "./logical.ts";
export * from "./masks.ts";
export * from "./matmul.ts";
export * from "./mixing.ts";
export * from "./normal-functions.ts";
export * from "./order-statistics.ts";
export * from "./orthogonal-polynomials.ts";
export * from "./parts.ts";
export * from "./picking.ts";
export * from "./products.ts";
export * from "./questions.ts";
export * from "./rearrange.ts";
export * from "./reduction.ts";
export * from "./rounding.ts";
export * from "./running.ts";
export * from "./scatter.ts";
export * from "./scatter-reduce.ts";
export * from "./second-names.ts";
export * from "./shape.ts";
export type { FillDiagonalOptions } from "./shared/filled-diagonal.ts";
export * from "./signs.ts";
export * from "./softmax.ts";
export * from "./sorting.ts";
export * from "./special.ts";
export * from "./stacking.ts";
export * from "./statistics.ts";
export * from "./strided.ts";
export * from "./turning.ts";
export * from "./unique.ts";
export * from "./windows.ts";
