/** The `distributions.transforms` namespace: functions of random variables. */

export {
  type CatOptions,
  CatTransform,
  IndependentTransform,
  ReshapeTransform,
  type StackOptions,
  StackTransform,
} from "./joined-transforms.ts";
export { ComposeTransform, identityTransform, Transform, type TransformOptions } from "./transform.ts";
export {
  AbsTransform,
  type AffineOptions,
  AffineTransform,
  CumulativeDistributionTransform,
  ExpTransform,
  PowerTransform,
  SigmoidTransform,
  SoftplusTransform,
  TanhTransform,
} from "./transforms.ts";
export {
  CorrCholeskyTransform,
  LowerCholeskyTransform,
  SoftmaxTransform,
  StickBreakingTransform,
} from "./vector-transforms.ts";
