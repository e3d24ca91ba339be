/** The `linalg` namespace: solving, factorizing and measuring matrices, by plain algorithms in float64. Mirrors `torch.linalg`. */

export { matmul } from "../matmul.ts";
export {
  type CholeskyEx,
  type CholeskyExOptions,
  type CholeskyOptions,
  cholesky,
  choleskyEx,
  type QR,
  qr,
} from "./factorizations.ts";
export * from "./functions.ts";
export { householderProduct } from "./householder.ts";
export {
  type LUExOptions,
  type LUFactors,
  type LUFactorsEx,
  type LUOptions,
  type LUSolveOptions,
  lu,
  luFactor,
  luFactorEx,
  luSolve,
  type PLU,
} from "./lu.ts";
export { multiDot } from "./multi-dot.ts";
export * from "./norms.ts";
export {
  type CheckErrorsOptions,
  det,
  type InverseEx,
  inv,
  invEx,
  type SignAndLog,
  type SolutionEx,
  type SolveExOptions,
  type SolveOptions,
  type SolveTriangularOptions,
  slogdet,
  solve,
  solveEx,
  solveTriangular,
} from "./solving.ts";
export * from "./spectral.ts";
export * from "./tensor-equations.ts";
export * from "./vectors.ts";
