/** The `linalg` namespace: solving, factorizing and measuring matrices, by plain algorithms in float64. Mirrors `torch.linalg`. */

export { matmul } from "../matmul.ts";
export { type CholeskyOptions, cholesky, type QR, qr } from "./factorizations.ts";
export * from "./functions.ts";
export { multiDot } from "./multi-dot.ts";
export * from "./norms.ts";
export {
  det,
  inv,
  type SignAndLog,
  type SolveOptions,
  type SolveTriangularOptions,
  slogdet,
  solve,
  solveTriangular,
} from "./solving.ts";
export * from "./spectral.ts";
export * from "./vectors.ts";
