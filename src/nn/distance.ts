/** How long vectors are, how near to each other, and in how much the same direction: as functions and as layers. */

import { add, clamp, div, mul, sub } from "../autograd/ops/elementwise.ts";
import { norm, sum } from "../autograd/ops/reduction.ts";
import { expandTo } from "../autograd/ops/shared/broadcast.ts";
import { floating, promoted } from "../autograd/ops/shared/promotion.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { broadcastShapes, type Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { moduleOf } from "./module-of.ts";

/** Options of normalize. */
export interface NormalizeOptions {
  /** Of which norm. Default: 2, Euclid's length. */
  p?: number;
  /** Along which dimension vectors lie. Default: 1. */
  dim?: Int;
  /** What a shorter vector is divided by. Default: 1e-12. */
  eps?: number;
}

/**
 * y = x / max(‖x‖ₚ, eps): vectors of length 1. Mirrors `torch.nn.functional.normalize`.
 * @example nn.functional.normalize(tensor([[3, 4], [0, 0]]), { dim: -1 })
 */
function normalize(x: Tensor, options?: NormalizeOptions): Tensor {
  const { p, dim, eps } = readOptions(options, { p: 2, dim: 1, eps: 1e-12 });
  return div(x, clamp(norm(x, p, dim, { keepdim: true }), eps));
}

/** Options of the cosine similarity. */
export interface CosineSimilarityOptions {
  /** Along which dimension vectors lie. Default: 1. */
  dim?: Int;
  /** What a shorter vector is divided by. Default: 1e-8. */
  eps?: number;
}
const cosineDefaults: Required<CosineSimilarityOptions> = { dim: 1, eps: 1e-8 };

/**
 * y = Σ x₁ x₂ / (max(‖x₁‖, eps) · max(‖x₂‖, eps)), 1 in the same direction, -1 in the opposite. Mirrors
 * `torch.nn.functional.cosine_similarity`.
 * @param x1 and x2 broadcast
 * @example nn.functional.cosineSimilarity(tensor([[3, 4]]), tensor([[4, 3]]))
 */
function cosineSimilarity(x1: Tensor, x2: Tensor, options?: CosineSimilarityOptions): Tensor {
  const { dim, eps } = readOptions(options, cosineDefaults);
  const [a, b] = promoted(x1, x2);
  const otherType = () => `expected common dtype to be floating point, yet common dtype is ${scalarName[a.dtype]}`;
  check(isFloatingPoint(a.dtype), otherType);
  const shape = broadcastShapes(a.shape, b.shape, "cosine_similarity");
  const [one, two] = [a, b].map((x) => {
    const whole = expandTo(x, shape);
    return div(whole, clamp(norm(whole, 2, dim, { keepdim: true }), eps));
  });
  return sum(mul(one, two), dim);
}

/** How much vectors are in one direction. Mirrors `torch.nn.CosineSimilarity`. @example new nn.CosineSimilarity().forward(ones([1, 2]), tensor([[1, 0]])) */
export class CosineSimilarity extends moduleOf(cosineSimilarity, cosineDefaults) {}

/** Options of the pairwise distance. */
export interface PairwiseDistanceOptions {
  /** Of which norm. Default: 2, Euclid's length. */
  p?: number;
  /** Added to each difference, so that the gradient of a distance of 0 is finite. Default: 1e-6. */
  eps?: number;
  /** Whether the last dimension stays, with size 1. Default: false. */
  keepdim?: boolean;
}
const distanceDefaults: Required<PairwiseDistanceOptions> = { p: 2, eps: 1e-6, keepdim: false };

/**
 * y = ‖x₁ - x₂ + eps‖ₚ along the last dimension. Mirrors `torch.nn.functional.pairwise_distance`.
 * @param x1 and x2 broadcast
 * @example nn.functional.pairwiseDistance(tensor([[3, 4]]), tensor([[0, 0]]))
 */
function pairwiseDistance(x1: Tensor, x2: Tensor, options?: PairwiseDistanceOptions): Tensor {
  const { p, eps, keepdim } = readOptions(options, distanceDefaults);
  return norm(add(floating(sub(x1, x2)), eps), p, -1, { keepdim });
}

/** How far vectors are apart. Mirrors `torch.nn.PairwiseDistance`. @example new nn.PairwiseDistance().forward(ones([1, 2]), zeros([1, 2])) */
export class PairwiseDistance extends moduleOf(pairwiseDistance, distanceDefaults) {}

export default { normalize, cosineSimilarity, pairwiseDistance };
