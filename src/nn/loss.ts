/**
 * Losses, as functions and as modules with options of their own: cross entropy, the loss of classification, and losses that
 * compare an input with a target element by element. Those two broadcast, except where an error is named.
 */
import { ne } from "../autograd/ops/compare.ts";
import { abs, add, div, exp, mul, neg, sub, where } from "../autograd/ops/elementwise.ts";
import { gather, index as indexed } from "../autograd/ops/indexing.ts";
import { broadcastChannels } from "../autograd/ops/layers/batch-norm.ts";
import {
  binaryCrossEntropy as crossEntropyOfBits,
  crossEntropy as crossEntropyOfClasses,
  binaryCrossEntropyWithLogits as crossEntropyOfLogits,
  smoothL1,
  xLogX,
} from "../autograd/ops/layers/loss.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { squeeze, unsqueeze } from "../autograd/ops/shape.ts";
import { logSoftmax } from "../autograd/ops/softmax.ts";
import { check } from "../tensor/check.ts";
import { ones } from "../tensor/create.ts";
import { isFloatingPoint, scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { moduleOf } from "./module-of.ts";
import { type LossOptions, lossDefaults, type Reduction, reduced } from "./reduction.ts";

export type { LossOptions, Reduction };

/** Options of the negative log likelihood. */
export interface NLLLossOptions {
  /** How much each class counts, (C). Default: null, all the same. */
  weight?: Tensor | null;
  /** A class index whose samples do not count. Default: -100. */
  ignoreIndex?: Int;
  /** "mean" over the samples, weighed by their classes; "sum"; or "none", one loss a sample. Default: "mean". */
  reduction?: Reduction;
}

/** Options of cross entropy. */
export interface CrossEntropyOptions extends NLLLossOptions {
  /** The share of the target's probability that is spread evenly over all classes, in [0, 1]. Default: 0. */
  labelSmoothing?: number;
}

type Settings = Required<CrossEntropyOptions>;
const nllDefaults: Required<NLLLossOptions> = { weight: null, ignoreIndex: -100, reduction: "mean" };
const crossEntropyDefaults: Settings = { ...nllDefaults, labelSmoothing: 0 };

/**
 * How unlikely the targets are under softmax(logits): -log softmax(logits)[target], averaged.
 *
 * @param logits (N, C), (N, C, d₁, …) or (C): unnormalised log probabilities of C classes
 * @param target class indices, int32, of logits' shape without C; or probabilities, of logits' shape
 * @returns a scalar; with reduction "none", the shape of the class indices
 * @throws if the shapes do not fit, an index is not in [0, C), or an option is out of range
 * @example
 * const logits = tensor([[2, 0, 0], [0, 3, 0]]);
 * const classes = tensor([0, 2], { dtype: "int32" });
 * console.log(nn.functional.crossEntropy(logits, classes, { reduction: "none" }));
 * console.log(nn.functional.crossEntropy(logits, classes));
 */
function crossEntropy(logits: Tensor, target: Tensor, options?: CrossEntropyOptions): Tensor {
  const settings = readOptions(options, crossEntropyDefaults);
  const { labelSmoothing, weight } = settings;
  check(
    labelSmoothing >= 0 && labelSmoothing <= 1,
    () => `label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`,
  );
  const classDim = classDimOf(logits, weight);
  if (labelSmoothing === 0 && !isFloatingPoint(target.dtype)) return lossOfLogits(logits, target, classDim, settings);
  const lossOf = isFloatingPoint(target.dtype) ? lossOfProbabilities : lossOfIndices;
  return lossOf(logSoftmax(logits, classDim), target, classDim, settings);
}

/**
 * -input[target], averaged: cross entropy where the logarithms of the probabilities are known already.
 * Mirrors `torch.nn.functional.nll_loss`.
 *
 * @param input (N, C), (N, C, d₁, …) or (C): log probabilities @param target class indices, of input's shape without C
 * @example nn.functional.nllLoss(tensor([[0.5, 0.25, 0.25]]).log(), tensor([0], { dtype: "int32" }))
 */
function nllLoss(input: Tensor, target: Tensor, options?: NLLLossOptions): Tensor {
  const settings = { ...readOptions(options, nllDefaults), labelSmoothing: 0 };
  return lossOfIndices(input, target, classDimOf(input, settings.weight), settings);
}

/** Which dimension counts the classes. */
function classDimOf(x: Tensor, weight: Tensor | null): number {
  check(x.ndim > 0, "cross_entropy expects logits (N, C), (N, C, …) or (C), but got a scalar");
  const classDim = x.ndim === 1 ? 0 : 1;
  const classes = x.shape[classDim];
  if (weight) {
    check(
      weight.ndim === 1 && weight.numel === classes,
      () =>
        `weight tensor should be defined either for all ${classes} classes or no classes ` +
        `but got weight tensor of shape: ${formatShape(weight.shape)}`,
    );
  }
  return classDim;
}

/** -w[t] · log softmax(logits)[t], and its mean over Σ w[t] */
function lossOfLogits(logits: Tensor, target: Tensor, classDim: number, settings: Settings): Tensor {
  const { weight, ignoreIndex, reduction } = settings;
  checkIndices(logits, target, classDim, ignoreIndex);
  const counts = ne(target, ignoreIndex);
  const losses = crossEntropyOfClasses(logits, where(counts, target, -1), classDim);
  if (!weight) return reduced(losses, reduction, sum(counts));
  const labelWeight = where(counts, indexed(weight, where(counts, target, 0)), 0);
  return reduced(mul(labelWeight, losses), reduction, sum(labelWeight));
}

/** -w[t] · ((1 - ε) · lp[t]) - ε/C · Σ_c w[c] · lp[c], and its mean over Σ w[t], for lp = log softmax and smoothing ε */
function lossOfIndices(lp: Tensor, target: Tensor, classDim: number, settings: Settings): Tensor {
  const { weight, ignoreIndex, reduction, labelSmoothing: smoothing } = settings;
  checkIndices(lp, target, classDim, ignoreIndex);
  const counts = ne(target, ignoreIndex);
  const label = where(counts, target, 0);
  const labelWeight = weight ? indexed(weight, label) : ones(target.shape, { dtype: lp.dtype });
  const picked = squeeze(gather(lp, classDim, unsqueeze(label, classDim)), classDim);
  let losses = neg(mul(labelWeight, picked));
  if (smoothing > 0) {
    const perClass = weight ? mul(lp, broadcastChannels(weight, lp, classDim)) : lp;
    const spread = mul(sum(perClass, classDim), smoothing / lp.shape[classDim]);
    losses = sub(mul(losses, 1 - smoothing), spread);
  }
  return reduced(where(counts, losses, 0), reduction, sum(where(counts, labelWeight, 0)));
}

/** -Σ_c w[c] · t[c] · lp[c], where t is the target smoothed, and its mean over the samples */
function lossOfProbabilities(lp: Tensor, target: Tensor, classDim: number, settings: Settings): Tensor {
  const { weight, ignoreIndex, reduction, labelSmoothing: smoothing } = settings;
  check(
    sameShape(lp.shape, target.shape),
    () =>
      "expected scalar type Long but found Float: class indices are int32, made with " +
      '`tensor(…, { dtype: "int32" })`; class probabilities have the shape of the logits, ' +
      `${formatShape(lp.shape)}, but this target has ${formatShape(target.shape)}`,
  );
  check(ignoreIndex < 0, () => `ignore_index is not supported for floating point target, but got ${ignoreIndex}`);
  const classes = lp.shape[classDim];
  const smoothed = smoothing > 0 ? add(mul(target, 1 - smoothing), smoothing / classes) : target;
  const weighed = weight ? mul(smoothed, broadcastChannels(weight, lp, classDim)) : smoothed;
  return reduced(neg(sum(mul(lp, weighed), classDim)), reduction, lp.numel / classes);
}

function checkIndices(lp: Tensor, target: Tensor, classDim: number, ignoreIndex: number): void {
  check(
    target.dtype === "int32",
    () => `expected scalar type Long but found ${scalarName[target.dtype]}: class indices are int32 here`,
  );
  const expected = lp.shape.filter((_, d) => d !== classDim);
  const fits = sameShape(target.shape, expected);
  check(
    fits || lp.ndim < 2 || target.ndim === 0 || target.shape[0] === lp.shape[0],
    () => `Expected input batch_size (${lp.shape[0]}) to match target batch_size (${target.shape[0]}).`,
  );
  check(fits, () => `Expected target size ${formatShape(expected)}, got ${formatShape(target.shape)}`);
  const classes = lp.shape[classDim];
  const outside = elementsOf(target).find((label) => label !== ignoreIndex && (label < 0 || label >= classes));
  const outOfBounds = () => `Target ${outside} is out of bounds. The classes are 0 to ${classes - 1}`;
  check(outside === undefined, outOfBounds, RangeError);
}

/**
 * `functional.crossEntropy` of logits and a target. Mirrors `torch.nn.CrossEntropyLoss`.
 * @example new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }).forward(tensor([[2, 0, 0]]), tensor([0], { dtype: "int32" }))
 */
export class CrossEntropyLoss extends moduleOf(crossEntropy, crossEntropyDefaults) {}

/**
 * `functional.nllLoss` of log probabilities and a target. Mirrors `torch.nn.NLLLoss`.
 * @example new nn.NLLLoss().forward(tensor([[0.5, 0.25, 0.25]]).log(), tensor([0], { dtype: "int32" }))
 */
export class NLLLoss extends moduleOf(nllLoss, nllDefaults) {}

/** (input - target)². Mirrors `torch.nn.functional.mse_loss`. @example nn.functional.mseLoss(tensor([1, 2]), zeros(2)) */
function mseLoss(input: Tensor, target: Tensor, options?: LossOptions): Tensor {
  const { reduction } = readOptions(options, lossDefaults);
  const d = sub(input, target);
  return reduced(mul(d, d), reduction);
}

/** The mean squared error. Mirrors `torch.nn.MSELoss`. @example new nn.MSELoss().forward(tensor([1, 2]), zeros(2)) */
export class MSELoss extends moduleOf(mseLoss, lossDefaults) {}

/** |input - target|. Mirrors `torch.nn.functional.l1_loss`. @example nn.functional.l1Loss(tensor([1, 2]), zeros(2)) */
function l1Loss(input: Tensor, target: Tensor, options?: LossOptions): Tensor {
  const { reduction } = readOptions(options, lossDefaults);
  return reduced(abs(sub(input, target)), reduction);
}

/** The mean absolute error. Mirrors `torch.nn.L1Loss`. @example new nn.L1Loss().forward(tensor([1, 2]), zeros(2)) */
export class L1Loss extends moduleOf(l1Loss, lossDefaults) {}

/** Options of the smooth L1 loss. */
export interface SmoothL1Options extends LossOptions {
  /** Where the parabola ends, ≥ 0. Default: 1. */
  beta?: number;
}
const smoothL1Defaults: Required<SmoothL1Options> = { ...lossDefaults, beta: 1 };

/**
 * d² / (2 beta) for d = |input - target| below beta, d - beta / 2 above. Mirrors `torch.nn.functional.smooth_l1_loss`.
 * @throws if beta is negative
 * @example nn.functional.smoothL1Loss(tensor([0.5, 10]), zeros(2), { reduction: "none" })
 */
function smoothL1Loss(input: Tensor, target: Tensor, options?: SmoothL1Options): Tensor {
  const { beta, reduction } = readOptions(options, smoothL1Defaults);
  check(beta >= 0, () => `smooth_l1_loss does not support negative values for beta. It is ${beta}`);
  return reduced(smoothL1(sub(input, target), beta), reduction);
}

/**
 * Squared for small errors, absolute for large ones. Mirrors `torch.nn.SmoothL1Loss`.
 * @example new nn.SmoothL1Loss({ reduction: "none" }).forward(tensor([0.5, 10]), zeros(2))
 */
export class SmoothL1Loss extends moduleOf(smoothL1Loss, smoothL1Defaults) {}

/** Options of Huber's loss. */
export interface HuberOptions extends LossOptions {
  /** Where the parabola ends, above 0. Default: 1. */
  delta?: number;
}
const huberDefaults: Required<HuberOptions> = { ...lossDefaults, delta: 1 };

/**
 * d² / 2 for d = |input - target| up to delta, delta · (d - delta / 2) above. Mirrors `torch.nn.functional.huber_loss`.
 * @throws unless delta is above 0
 * @example nn.functional.huberLoss(tensor([0.5, 10]), zeros(2), { delta: 2, reduction: "none" })
 */
function huberLoss(input: Tensor, target: Tensor, options?: HuberOptions): Tensor {
  const { delta, reduction } = readOptions(options, huberDefaults);
  check(delta > 0, () => `huber_loss does not support non-positive values for delta. It is ${delta}`);
  return reduced(mul(smoothL1(sub(input, target), delta), delta), reduction);
}

/**
 * SmoothL1Loss times delta. Mirrors `torch.nn.HuberLoss`.
 * @example new nn.HuberLoss({ delta: 2, reduction: "none" }).forward(tensor([0.5, 10]), zeros(2))
 */
export class HuberLoss extends moduleOf(huberLoss, huberDefaults) {}

/** Options of the Kullback-Leibler divergence. */
export interface KLDivOptions {
  /** As for other losses, or "batchmean", the sum divided by the first size: the divergence as it is defined. Default: "mean". */
  reduction?: Reduction | "batchmean";
  /** Whether the target is logarithms of probabilities, too. Default: false. */
  logTarget?: boolean;
}
const klDivDefaults: Required<KLDivOptions> = { reduction: "mean", logTarget: false };

/**
 * Kullback-Leibler divergence: target · log target - target · input, where 0 · log 0 is 0. Mirrors `torch.nn.functional.kl_div`.
 * @param input logarithms of probabilities @param target probabilities, of a shape that broadcasts with the input's
 * @example nn.functional.klDiv(tensor([[0.9, 0.1]]).log(), tensor([[0.5, 0.5]]), { reduction: "batchmean" })
 */
function klDiv(input: Tensor, target: Tensor, options?: KLDivOptions): Tensor {
  const { reduction, logTarget } = readOptions(options, klDivDefaults);
  const losses = logTarget ? mul(exp(target), sub(target, input)) : sub(xLogX(target), mul(target, input));
  return reduction === "batchmean" ? div(sum(losses), input.shape[0] ?? 1) : reduced(losses, reduction);
}

/**
 * The Kullback-Leibler divergence. Mirrors `torch.nn.KLDivLoss`.
 * @example new nn.KLDivLoss({ reduction: "batchmean" }).forward(tensor([[0.9, 0.1]]).log(), tensor([[0.5, 0.5]]))
 */
export class KLDivLoss extends moduleOf(klDiv, klDivDefaults) {}

/** Options of binary cross entropy. */
export interface BCEOptions extends LossOptions {
  /** A factor for each loss, of a shape that broadcasts to the input's, or null for 1. Default: null. */
  weight?: Tensor | null;
}
const bceDefaults: Required<BCEOptions> = { ...lossDefaults, weight: null };

/**
 * Binary cross entropy: -w · (target · log input + (1 - target) · log(1 - input)), the logarithms being at least -100.
 * Mirrors `torch.nn.functional.binary_cross_entropy`.
 *
 * @param input probabilities @param target probabilities, of the input's shape
 * @throws if the shapes differ, or an input is not in [0, 1]
 * @example nn.functional.binaryCrossEntropy(tensor([0.9, 0.1]), tensor([1, 1]), { reduction: "none" })
 */
function binaryCrossEntropy(input: Tensor, target: Tensor, options?: BCEOptions): Tensor {
  const { weight, reduction } = readOptions(options, bceDefaults);
  const otherShape = () =>
    `Using a target size (torch.Size(${formatShape(target.shape)})) that is different to the input size ` +
    `(torch.Size(${formatShape(input.shape)})) is deprecated. Please ensure they have the same size.`;
  check(sameShape(input.shape, target.shape), otherShape);
  const outside = elementsOf(input).find((p) => !(p >= 0 && p <= 1));
  const noProbability = () =>
    `all elements of input should be between 0 and 1, but one is ${outside}: ` +
    "take their sigmoid, or the loss of logits, binaryCrossEntropyWithLogits, BCEWithLogitsLoss";
  check(outside === undefined, noProbability);
  const losses = crossEntropyOfBits(input, target);
  return reduced(weight ? mul(losses, weight) : losses, reduction);
}

/**
 * Cross entropy of yes and no, given probabilities. Mirrors `torch.nn.BCELoss`.
 * @example new nn.BCELoss().forward(tensor([0.9, 0.1]), tensor([1, 0]))
 */
export class BCELoss extends moduleOf(binaryCrossEntropy, bceDefaults) {}

/** Options of binary cross entropy of logits. */
export interface BCEWithLogitsOptions extends BCEOptions {
  /** How much more a positive target counts, of a shape that broadcasts to the input's, or null for 1. Default: null. */
  posWeight?: Tensor | null;
}
const bceWithLogitsDefaults: Required<BCEWithLogitsOptions> = { ...bceDefaults, posWeight: null };

/**
 * Binary cross entropy of the probability σ(input): -w · (p · target · log σ(x) + (1 - target) · log(1 - σ(x))).
 * Mirrors `torch.nn.functional.binary_cross_entropy_with_logits`.
 *
 * @param target probabilities, of the input's shape
 * @throws if the shapes differ
 * @example nn.functional.binaryCrossEntropyWithLogits(tensor([5, -200]), tensor([1, 1]), { reduction: "none" })
 */
function binaryCrossEntropyWithLogits(input: Tensor, target: Tensor, options?: BCEWithLogitsOptions): Tensor {
  const { weight, posWeight, reduction } = readOptions(options, bceWithLogitsDefaults);
  const otherShape = () =>
    `Target size (torch.Size(${formatShape(target.shape)})) must be the same as ` +
    `input size (torch.Size(${formatShape(input.shape)}))`;
  check(sameShape(input.shape, target.shape), otherShape);
  const losses = crossEntropyOfLogits(input, target, posWeight);
  return reduced(weight ? mul(losses, weight) : losses, reduction);
}

/**
 * Cross entropy of yes and no, given unnormalised log odds. Mirrors `torch.nn.BCEWithLogitsLoss`.
 * @example new nn.BCEWithLogitsLoss({ posWeight: tensor([3]) }).forward(tensor([2, -2]), tensor([1, 1]))
 */
export class BCEWithLogitsLoss extends moduleOf(binaryCrossEntropyWithLogits, bceWithLogitsDefaults) {}

export default {
  crossEntropy,
  nllLoss,
  mseLoss,
  l1Loss,
  smoothL1Loss,
  huberLoss,
  klDiv,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
};
