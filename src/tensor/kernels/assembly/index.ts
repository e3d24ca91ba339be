export * from "./batch-norm";
export {
  centerAndScaleColumns,
  centerAndScaleRows,
  inputGradientColumns,
  inputGradientRows,
  scaleAndShiftColumns,
  scaleAndShiftRows,
} from "./channels";
export { convolution, convolutionWeight, flipWeights } from "./convolution";
export * from "./compare";
export * from "./copies";
export * from "./elementwise";
export * from "./layer-norm";
export { multiply, multiplyColumns, pack } from "./matmul";
export * from "./optimizers";
export { averagePool, maxPool, maxPoolBackward } from "./pooling";
export * from "./pooling-by-two";
export * from "./positions";
export * from "./recurrent";
export * from "./softmax";
export {
  deviationsOfColumns,
  deviationsOfRows,
  elementsOfColumns,
  elementsOfRows,
  rootsOfTotals,
  squaresOfColumns,
  squaresOfRows,
  totals,
} from "./sums";
export { becomeThread } from "./thread";
