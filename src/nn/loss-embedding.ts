/** Losses that compare samples with each other: pairs that belong together come near, others go apart, up to a margin. */
import { eq, ne } from "../autograd/ops/compare.ts";
import { add, clamp, div, minimum, mul, neg, sqrt, sub, where } from "../autograd/ops/elementwise.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { floating } from "../autograd/ops/shared/promotion.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import distances, { PairwiseDistance } from "./distance.ts";
import { Module } from "./module.ts";
import { moduleOf } from "./module-of.ts";
import { type LossOptions, lossDefaults, type Reduction, reduced } from "./reduction.ts";

/** Options of losses with a margin. */
export interface MarginOptions extends LossOptions {
  /** How far apart is far enough. Default: 0; of the hinge embedding loss 1. */
  margin?: number;
}
const marginDefaults: Required<MarginOptions> = { ...lossDefaults, margin: 0 };

/** (N, …) as `torch.Size([3, 4])` */
const sizeOf = ({ shape }: Tensor): string => `torch.Size(${formatShape(shape)})`;

/**
 * 1 - cos(x₁, x₂) where the target is 1, max(0, cos(x₁, x₂) - margin) where it is -1. Mirrors
 * `torch.nn.functional.cosine_embedding_loss`.
 *
 * @param x1 (N, D) or (D) @param x2 the same @param target (N) or a scalar, of 1 and -1
 * @throws if the target has not one dimension less than the inputs
 * @example nn.functional.cosineEmbeddingLoss(tensor([[1, 0]]), tensor([[1, 1]]), tensor([1]))
 */
function cosineEmbeddingLoss(x1: Tensor, x2: Tensor, target: Tensor, options?: MarginOptions): Tensor {
  const { margin, reduction } = readOptions(options, marginDefaults);
  const dim = target.ndim;
  check(dim <= 1, "0D or 1D target tensor expected, multi-target not supported");
  const otherRank = () =>
    `${dim}D target tensor expects ${dim + 1}D input tensors, but found inputs with sizes ` +
    `${formatShape(x1.shape)} and ${formatShape(x2.shape)}.`;
  check(x1.ndim === dim + 1 && x2.ndim === dim + 1, otherRank);
  const square = (x: Tensor) => add(sum(mul(x, x), dim), 1e-12);
  const cosine = div(sum(mul(x1, x2), dim), sqrt(mul(square(x1), square(x2))));
  const together = where(eq(target, 1), sub(1, cosine), 0);
  return reduced(add(together, where(eq(target, -1), clamp(sub(cosine, margin), 0), 0)), reduction);
}

/** The cosine embedding loss. Mirrors `torch.nn.CosineEmbeddingLoss`. @example new nn.CosineEmbeddingLoss({ margin: 0.5 }).forward(ones([1, 2]), ones([1, 2]), tensor([-1])) */
export class CosineEmbeddingLoss extends moduleOf(cosineEmbeddingLoss, marginDefaults) {}

/**
 * max(0, -target · (x₁ - x₂) + margin): x₁ is to be larger where the target is 1, x₂ where it is -1. Mirrors
 * `torch.nn.functional.margin_ranking_loss`.
 * @throws unless all three have as many dimensions
 * @example nn.functional.marginRankingLoss(tensor([1, 2]), tensor([3, 0]), tensor([1, 1]))
 */
function marginRankingLoss(x1: Tensor, x2: Tensor, target: Tensor, options?: MarginOptions): Tensor {
  const { margin, reduction } = readOptions(options, marginDefaults);
  const otherRank = () =>
    "margin_ranking_loss : All input tensors should have same dimension but got sizes: " +
    `input1: ${sizeOf(x1)}, input2: ${sizeOf(x2)}, target: ${sizeOf(target)} `;
  check(x1.ndim === x2.ndim && x1.ndim === target.ndim, otherRank);
  return reduced(clamp(add(floating(mul(neg(target), sub(x1, x2))), margin), 0), reduction);
}

/** The margin ranking loss. Mirrors `torch.nn.MarginRankingLoss`. @example new nn.MarginRankingLoss().forward(tensor([1]), tensor([3]), tensor([1])) */
export class MarginRankingLoss extends moduleOf(marginRankingLoss, marginDefaults) {}

const hingeDefaults: Required<MarginOptions> = { ...lossDefaults, margin: 1 };

/**
 * The input, a distance, where the target is 1, max(0, margin - input) where it is -1. Mirrors
 * `torch.nn.functional.hinge_embedding_loss`.
 * @example nn.functional.hingeEmbeddingLoss(tensor([0.5, 0.25]), tensor([1, -1]), { reduction: "none" })
 */
function hingeEmbeddingLoss(input: Tensor, target: Tensor, options?: MarginOptions): Tensor {
  const { margin, reduction } = readOptions(options, hingeDefaults);
  const apart = where(ne(target, 1), clamp(sub(margin, input), 0), 0);
  return reduced(add(apart, where(ne(target, -1), input, 0)), reduction);
}

/** The hinge embedding loss. Mirrors `torch.nn.HingeEmbeddingLoss`. @example new nn.HingeEmbeddingLoss().forward(tensor([0.5]), tensor([-1])) */
export class HingeEmbeddingLoss extends moduleOf(hingeEmbeddingLoss, hingeDefaults) {}

/** Options of the triplet margin loss with a distance of one's own. */
export interface TripletDistanceOptions extends LossOptions {
  /** How far apart two samples are: a function or a module of both; null for pairwiseDistance. Default: null. */
  distanceFunction?: ((a: Tensor, b: Tensor) => Tensor) | Module | null;
  /** By how much the negative sample is to be farther. Default: 1. */
  margin?: number;
  /** Whether the distance of the negative to the positive sample counts, if that is less. Default: false. */
  swap?: boolean;
}
const tripletDistanceDefaults: Required<TripletDistanceOptions> = {
  ...lossDefaults,
  distanceFunction: null,
  margin: 1,
  swap: false,
};

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin). Mirrors `torch.nn.functional.triplet_margin_with_distance_loss`.
 * @example
 * const cityBlock = (a: Tensor, b: Tensor) => a.sub(b).abs().sum(-1);
 * const [anchor, positive, negative] = [zeros([1, 2]), ones([1, 2]), tensor([[0, 2]])];
 * console.log(nn.functional.tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction: cityBlock }));
 */
function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletDistanceOptions,
): Tensor {
  const { distanceFunction, margin, swap, reduction } = readOptions(options, tripletDistanceDefaults);
  const distance =
    distanceFunction instanceof Module
      ? (a: Tensor, b: Tensor): Tensor => distanceFunction.forward(a, b)
      : (distanceFunction ?? ((a, b) => distances.pairwiseDistance(a, b)));
  return tripletLoss([anchor, positive, negative], distance, { margin, swap, reduction });
}

interface TripletSettings {
  margin: number;
  swap: boolean;
  reduction: Reduction;
}

function tripletLoss(
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  distance: (a: Tensor, b: Tensor) => Tensor,
  { margin, swap, reduction }: TripletSettings,
): Tensor {
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const least = swap ? minimum(far, distance(positive, negative)) : far;
  return reduced(clamp(add(sub(near, least), margin), 0), reduction);
}

/**
 * The triplet margin loss with a distance of one's own. Mirrors `torch.nn.TripletMarginWithDistanceLoss`.
 * @example new nn.TripletMarginWithDistanceLoss({ swap: true }).forward(zeros([1, 2]), ones([1, 2]), tensor([[0, 2]]))
 */
export class TripletMarginWithDistanceLoss extends Module implements TripletDistanceOptions {
  readonly distanceFunction: ((a: Tensor, b: Tensor) => Tensor) | Module;
  readonly margin: number;
  readonly swap: boolean;
  readonly reduction: Reduction;

  constructor(options?: TripletDistanceOptions) {
    super();
    const { distanceFunction, margin, swap, reduction } = readOptions(options, tripletDistanceDefaults);
    this.distanceFunction = distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
    this.reduction = reduction;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginWithDistanceLoss(anchor, positive, negative, this);
  }
}

/** Options of the triplet margin loss. */
export interface TripletMarginOptions extends LossOptions {
  /** By how much the negative sample is to be farther. Default: 1. */
  margin?: number;
  /** Of which norm the distances are. Default: 2. */
  p?: number;
  /** Added to each difference. Default: 1e-6. */
  eps?: number;
  /** Whether the distance of the negative to the positive sample counts, if that is less. Default: false. */
  swap?: boolean;
}
const tripletDefaults: Required<TripletMarginOptions> = { ...lossDefaults, margin: 1, p: 2, eps: 1e-6, swap: false };

/**
 * max(0, ‖anchor - positive‖ₚ - ‖anchor - negative‖ₚ + margin). Mirrors `torch.nn.functional.triplet_margin_loss` (Balntas et al.
 * 2016).
 * @param anchor (N, D) or (D), as positive and negative
 * @throws unless all three have as many dimensions
 * @example nn.functional.tripletMarginLoss(zeros([1, 2]), ones([1, 2]), tensor([[0, 2]]))
 */
function tripletMarginLoss(anchor: Tensor, positive: Tensor, negative: Tensor, options?: TripletMarginOptions): Tensor {
  const { p, eps, ...settings } = readOptions(options, tripletDefaults);
  const otherRank = () =>
    "All inputs should have same dimension but got " +
    `${anchor.ndim}D, ${positive.ndim}D and ${negative.ndim}D inputs.`;
  check(anchor.ndim === positive.ndim && anchor.ndim === negative.ndim, otherRank);
  const distance = (a: Tensor, b: Tensor) => distances.pairwiseDistance(a, b, { p, eps });
  return tripletLoss([anchor, positive, negative], distance, settings);
}

/** The triplet margin loss. Mirrors `torch.nn.TripletMarginLoss`. @example new nn.TripletMarginLoss().forward(zeros([1, 2]), ones([1, 2]), tensor([[0, 2]])) */
export class TripletMarginLoss extends moduleOf(tripletMarginLoss, tripletDefaults) {}

export default {
  cosineEmbeddingLoss,
  marginRankingLoss,
  hingeEmbeddingLoss,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
};
