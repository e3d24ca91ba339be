/** Losses of classes that ask for a distance between the scores of right and wrong ones, and losses of several right classes. */
import { add, div, mul, neg, pow, relu, sub, where } from "../autograd/ops/elementwise.ts";
import { gather, indexSelect } from "../autograd/ops/indexing.ts";
import { softMargin } from "../autograd/ops/layers/loss.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { reshape, unsqueeze } from "../autograd/ops/shape.ts";
import { addRows, take } from "../autograd/ops/shared/positions.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { scalarName } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import activations from "./activation.ts";
import { moduleOf } from "./module-of.ts";
import { type LossOptions, lossDefaults, reduced } from "./reduction.ts";

/**
 * log(1 + e^(-target · input)), for targets of 1 and -1. Mirrors `torch.nn.functional.soft_margin_loss`.
 * @throws if the shapes do not broadcast
 * @example nn.functional.softMarginLoss(tensor([2, -1]), tensor([1, 1]))
 */
function softMarginLoss(input: Tensor, target: Tensor, options?: LossOptions): Tensor {
  const { reduction } = readOptions(options, lossDefaults);
  return reduced(softMargin(mul(target, input)), reduction);
}

/** The soft margin loss. Mirrors `torch.nn.SoftMarginLoss`. @example new nn.SoftMarginLoss().forward(tensor([2, -1]), tensor([1, 1])) */
export class SoftMarginLoss extends moduleOf(softMarginLoss, lossDefaults) {}

/** Options of the multi-class margin loss. */
export interface MultiMarginOptions extends LossOptions {
  /** The power of each class's loss, 1 or 2. Default: 1. */
  p?: 1 | 2;
  /** By how much the right class is to have more. Default: 1. */
  margin?: number;
  /** How much the samples of each class count, (C), or null for 1. Default: null. */
  weight?: Tensor | null;
}
const multiMarginDefaults: Required<MultiMarginOptions> = { ...lossDefaults, p: 1, margin: 1, weight: null };

/** (N, C) and N, of (N, C), (C) or a scalar. @throws in PyTorch's words */
function rowsOf(input: Tensor): Tensor {
  const { ndim, shape } = input;
  const isFull = ndim === 0 || (ndim <= 2 && shape[ndim - 1] !== 0);
  const empty = () =>
    `Expected non-empty vector or matrix with optional 0-dim batch size, but got: ${formatShape(shape)}`;
  check(isFull, empty);
  return ndim === 2 ? input : reshape(input, [1, input.numel]);
}

/**
 * w[t] · Σ max(0, margin - x[t] + x[i])ᵖ / C, over all classes i but t. Mirrors `torch.nn.functional.multi_margin_loss`.
 *
 * @param input (N, C) or (C) @param target (N) or a scalar: class indices, int32
 * @throws if the shapes do not fit, or an index is not in [0, C)
 * @example nn.functional.multiMarginLoss(tensor([[0.5, 1, 0]]), tensor([1], { dtype: "int32" }))
 */
function multiMarginLoss(input: Tensor, target: Tensor, options?: MultiMarginOptions): Tensor {
  const { p, margin, weight, reduction } = readOptions(options, multiMarginDefaults);
  check(p === 1 || p === 2, "only p == 1 and p == 2 supported");
  check(!weight || weight.ndim === 1, "weight must be one-dimensional");
  const rows = rowsOf(input);
  const [n, classes] = rows.shape;
  const otherSize = () => `inconsistent target size, got: ${formatShape(target.shape)}, but the input has ${n} samples`;
  check(target.ndim <= 1 && target.numel === n, otherSize);
  const otherType = () =>
    `expected scalar type Long but found ${scalarName[target.dtype]}: class indices are int32 here`;
  check(target.dtype === "int32", otherType);
  const otherWeight = () => `inconsistent weight size, expected ${classes} but got ${formatShape(weight?.shape ?? [])}`;
  check(!weight || weight.numel === classes, otherWeight);
  const labels = reshape(target, [n]);
  const isOutside = elementsOf(labels).some((label) => label < 0 || label >= classes);
  check(!isOutside, "target out of range", RangeError);
  const right = gather(rows, 1, unsqueeze(labels, 1)); // (N, 1)
  const isOther = tensor(
    Array.from(elementsOf(labels), (label) => rowWithout(label, classes)),
    { dtype: "bool" },
  );
  const distances = relu(add(sub(rows, right), margin)); // without a gradient at 0
  const powers = p === 1 ? distances : pow(distances, 2);
  const sums = div(sum(where(reshape(isOther, [n, classes]), powers, 0), 1), classes);
  const losses = weight ? mul(sums, indexSelect(weight, 0, labels)) : sums;
  return reduced(target.ndim === 0 ? reshape(losses, []) : losses, reduction);
}

const rowWithout = (label: number, classes: number): boolean[] =>
  Array.from({ length: classes }, (_, i) => i !== label);

/** The multi-class margin loss. Mirrors `torch.nn.MultiMarginLoss`. @example new nn.MultiMarginLoss({ p: 2 }).forward(tensor([[0.5, 1]]), tensor([1], { dtype: "int32" })) */
export class MultiMarginLoss extends moduleOf(multiMarginLoss, multiMarginDefaults) {}

/**
 * Σ max(0, 1 - x[t] + x[i]) / C, over all right classes t and all others i. Mirrors `torch.nn.functional.multilabel_margin_loss`.
 *
 * @param input (N, C) or (C) @param target int32, of the same shape: in each row the right classes, up to the first -1
 * @throws if the shapes differ, or an index is not in [-1, C)
 * @example nn.functional.multilabelMarginLoss(tensor([0.1, 0.2, 0.4]), tensor([2, 0, -1], { dtype: "int32" }))
 */
function multilabelMarginLoss(input: Tensor, target: Tensor, options?: LossOptions): Tensor {
  const { reduction } = readOptions(options, lossDefaults);
  const rows = rowsOf(input);
  const [n, classes] = rows.shape;
  const otherSize = () =>
    `inconsistent size ${formatShape(target.shape)} for argument #2 'target': the input has ${formatShape(input.shape)}`;
  check(sameShape(target.shape, input.shape), otherSize);
  const otherType = () =>
    `expected scalar type Long but found ${scalarName[target.dtype]}: class indices are int32 here`;
  check(target.dtype === "int32", otherType);
  const all = Array.from(elementsOf(target));
  check(
    all.every((label) => label >= -1 && label < classes),
    "argument #2 'target' is out of range",
    RangeError,
  );
  const [right, wrong, sample]: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < n; row++) {
    const given = all.slice(row * classes, (row + 1) * classes);
    const end = given.indexOf(-1);
    const labels = end < 0 ? given : given.slice(0, end);
    for (const label of labels) {
      for (let i = 0; i < classes; i++) {
        if (labels.includes(i)) continue;
        right.push(row * classes + label);
        wrong.push(row * classes + i);
        sample.push(row);
      }
    }
  }
  const [ofRight, ofWrong, samples] = [right, wrong, sample].map((list) => tensor(list, { dtype: "int32" }));
  const distances = relu(add(sub(take(rows, ofWrong), take(rows, ofRight)), 1));
  const losses = div(reshape(addRows(unsqueeze(distances, 1), samples, [n, 1]), [n]), classes);
  return reduced(input.ndim < 2 ? reshape(losses, []) : losses, reduction);
}

/** The margin loss of several right classes. Mirrors `torch.nn.MultiLabelMarginLoss`. @example new nn.MultiLabelMarginLoss().forward(tensor([0.1, 0.2]), tensor([1, -1], { dtype: "int32" })) */
export class MultiLabelMarginLoss extends moduleOf(multilabelMarginLoss, lossDefaults) {}

/** Options of the soft margin loss of several right classes. */
export interface MultiLabelSoftMarginOptions extends LossOptions {
  /** How much each class counts, (C), or null for 1. Default: null. */
  weight?: Tensor | null;
}
const multilabelSoftDefaults: Required<MultiLabelSoftMarginOptions> = { ...lossDefaults, weight: null };

/**
 * -Σ (t · log σ(x) + (1 - t) · log σ(-x)) / C, over the classes of each sample. Mirrors
 * `torch.nn.functional.multilabel_soft_margin_loss`.
 * @param input (N, C) or (C) @param target of the same shape, of 0 and 1
 * @example nn.functional.multilabelSoftMarginLoss(tensor([[2, -1]]), tensor([[1, 0]]))
 */
function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options?: MultiLabelSoftMarginOptions): Tensor {
  const { weight, reduction } = readOptions(options, multilabelSoftDefaults);
  const yes = mul(target, activations.logsigmoid(input));
  const losses = neg(add(yes, mul(sub(1, target), activations.logsigmoid(neg(input)))));
  const weighed = weight ? mul(losses, weight) : losses;
  return reduced(div(sum(weighed, -1), input.shape.at(-1) as number), reduction);
}

/** The soft margin loss of several right classes. Mirrors `torch.nn.MultiLabelSoftMarginLoss`. @example new nn.MultiLabelSoftMarginLoss().forward(tensor([[2, -1]]), tensor([[1, 0]])) */
export class MultiLabelSoftMarginLoss extends moduleOf(multilabelSoftMarginLoss, multilabelSoftDefaults) {}

export default { softMarginLoss, multiMarginLoss, multilabelMarginLoss, multilabelSoftMarginLoss };
