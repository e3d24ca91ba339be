/**
 * All operations, family by family. Each has a function form, `relu(x)`, under the name that it has here; which are methods
 * too, `x.relu()`, ../methods.ts says. Not here are those that only layers use, in layers/, and what operations share, in
 * shared/.
 */
export * from "./bessel-functions.ts";
export * from "./einsum.ts";
export * from "./gradient.ts";
export * from "./grids.ts";
export * from "./histogramdd.ts";
export { type PCALowrankOptions, pcaLowrank, type SVDLowrankOptions, svdLowrank } from "./linalg/low-rank.ts";
export { chainMatmul } from "./linalg/multi-dot.ts";
export * from "./methods.ts";
export * from "./normal-functions.ts";
export * from "./orthogonal-polynomials.ts";
