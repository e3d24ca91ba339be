/**
 * Connectionist temporal classification (Graves et al. 2006, https://www.cs.toronto.edu/~graves/icml_2006.pdf): the loss of a network
 * that says a text, when nobody knows at which time it says which letter.
 *
 * A path says one letter, or the blank, at each time; letters said twice in a row are one, and then the blanks are left out. The
 * loss is -log of the probability of all paths that come to the target. They are summed up as they go, in logarithms:
 * alpha[s] is that of all paths so far that end in state s of the target with blanks around its letters, -a-b-.
 */
import { detach } from "../autograd/op.ts";
import { eq } from "../autograd/ops/compare.ts";
import { add, div, exp, log, neg, sub, where } from "../autograd/ops/elementwise.ts";
import { gather } from "../autograd/ops/indexing.ts";
import { pad } from "../autograd/ops/layers/pad.ts";
import { isinf } from "../autograd/ops/logical.ts";
import { select, stack } from "../autograd/ops/parts.ts";
import { max, sum } from "../autograd/ops/reduction.ts";
import { expand, unsqueeze } from "../autograd/ops/shape.ts";
import { take } from "../autograd/ops/shared/positions.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { lossDefaults, type Reduction, reduced } from "./reduction.ts";

/** Options of CTC. */
export interface CTCOptions {
  /** Which class is the blank. Default: 0. */
  blank?: Int;
  /** "mean" of the losses, each divided by the length of its target; their "sum"; or "none", one loss a sample. Default: "mean". */
  reduction?: Reduction;
  /** Whether losses of targets that are longer than their inputs allow are 0 instead of infinite. Default: false. */
  zeroInfinity?: boolean;
}
const ctcDefaults: Required<CTCOptions> = { ...lossDefaults, blank: 0, zeroInfinity: false };

/** Lengths, of each sample, or one of a single sample. */
export type Lengths = Tensor | readonly Int[] | Int;

/**
 * -log of the probability that a network says the targets, at whatever times. Mirrors `torch.nn.functional.ctc_loss`.
 *
 * @param logProbs (T, N, C), or (T, C) of one sample: log probabilities of the classes at each time, as logSoftmax gives them; the
 *   gradient is that of the scores before it, as PyTorch's is
 * @param targets (N, S), or all one after the other: classes, int32, none of them the blank
 * @param inputLengths how many of the T times count for each sample
 * @param targetLengths how many classes each target has
 * @throws for lengths that do not fit, or a blank that is no class
 * @example
 * const logProbs = zeros([4, 1, 3]).logSoftmax(2); // at 4 times, each of 3 classes alike
 * console.log(nn.functional.ctcLoss(logProbs, tensor([[1, 2]], { dtype: "int32" }), [4], [2]));
 */
function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Lengths,
  targetLengths: Lengths,
  options?: CTCOptions,
): Tensor {
  const { blank, reduction, zeroInfinity } = readOptions(options, ctcDefaults);
  const isBatched = logProbs.ndim === 3;
  const lp = isBatched ? logProbs : unsqueeze(logProbs, 1);
  const [times, n, classes] = lp.shape;
  const [lengths, sizes] = [numbersOf(inputLengths), numbersOf(targetLengths)];
  check(blank >= 0 && blank < classes, () => `blank must be in label range: it is ${blank}, of ${classes} classes`);
  check(lengths.length === n, () => `input_lengths must be of size batch_size: there are ${lengths.length} for ${n}`);
  check(sizes.length === n, () => `target_lengths must be of size batch_size: there are ${sizes.length} for ${n}`);
  for (const length of lengths) {
    const outside = () =>
      `Expected input_lengths to have value at most ${times}, but got value ${length} (while checking arguments for ctc_loss_cpu)`;
    check(length <= times && length >= 0, outside);
  }
  const states = statesOf(targets, sizes, blank);
  const losses = neg(logLikelihood(lp, states, lengths, sizes));
  const known = zeroInfinity ? where(isinf(losses), 0, losses) : losses;
  const whole = add(known, ofScores(lp, lengths, zeroInfinity ? isinf(losses) : null));
  const each =
    reduction === "mean"
      ? div(
          whole,
          tensor(
            sizes.map((size) => Math.max(size, 1)),
            { dtype: lp.dtype },
          ),
        )
      : whole;
  return reduced(isBatched || reduction !== "none" ? each : select(each, 0, 0), reduction);
}

const numbersOf = (lengths: Lengths): number[] => {
  if (lengths instanceof Tensor) return Array.from(elementsOf(lengths));
  return typeof lengths === "number" ? [lengths] : [...lengths];
};

/** The states of each sample's target, -a-b-, as rows of one length. */
interface States {
  /** The class that each state says, (N, S). */
  readonly classes: Tensor;
  /** Whether a path may come to it from two states before: not to a blank, nor to a letter from the same, (N, S). */
  readonly maySkip: Tensor;
}

function statesOf(targets: Tensor, sizes: readonly number[], blank: number): States {
  const all = Array.from(elementsOf(targets));
  const longest = Math.max(1, ...sizes);
  const count = 2 * longest + 1;
  let start = 0;
  const rows = sizes.map((size, sample) => {
    const from = targets.ndim === 2 ? sample * targets.shape[1] : start;
    check(
      from + size <= all.length,
      () => `Expected tensor to have size at least ${size} at dimension 1, but there are ${all.length} targets`,
    );
    start += size;
    const letters = all.slice(from, from + size);
    return Array.from({ length: count }, (_, s) => (s % 2 === 1 ? (letters[(s - 1) / 2] ?? blank) : blank));
  });
  const skips = rows.map((row) => row.map((letter, s) => s > 1 && letter !== blank && letter !== row[s - 2]));
  return { classes: tensor(rows, { dtype: "int32" }), maySkip: tensor(skips, { dtype: "bool" }) };
}

/** log Σ of all paths through the states, (N) */
function logLikelihood(
  lp: Tensor,
  { classes, maySkip }: States,
  lengths: readonly number[],
  sizes: readonly number[],
): Tensor {
  const [times, n] = lp.shape;
  const count = classes.shape[1];
  const said = gather(lp, 2, expand(unsqueeze(classes, 0), times, n, count)); // (T, N, S)
  const isFirst = tensor(
    sizes.map((size) => Array.from({ length: count }, (_, s) => s === 0 || (s === 1 && size > 0))),
    { dtype: "bool" },
  );
  let alpha = where(isFirst, select(said, 0, 0), -Infinity); // a path begins with the first blank, or the first letter
  const alphas = [alpha];
  const movedBy = (steps: number) => pad(alpha, [steps, -steps], "constant", -Infinity);
  for (let t = 1; t < times; t++) {
    const ways = stack([alpha, movedBy(1), where(maySkip, movedBy(2), -Infinity)]); // (3, N, S)
    alpha = add(logSum(ways), select(said, 0, t));
    alphas.push(alpha);
  }
  // A path ends with the last letter, or the blank behind it, at the sample's last time.
  const at = (sample: number, state: number) => ((lengths[sample] - 1) * n + sample) * count + state;
  const ends = sizes.map((size, sample) => [at(sample, 2 * size), at(sample, Math.max(2 * size - 1, 0))]);
  const last = take(stack(alphas), tensor(ends, { dtype: "int32" })); // (N, 2)
  const isThere = tensor(
    sizes.map((size) => [true, size > 0]),
    { dtype: "bool" },
  );
  return logSum(stack([select(where(isThere, last, -Infinity), 1, 0), select(where(isThere, last, -Infinity), 1, 1)]));
}

/** log Σ eˣ along the first dimension, with the gradient 0 where all are -∞ */
function logSum(x: Tensor): Tensor {
  const largest = detach(max(x, 0).values);
  const base = where(isinf(largest), 0, largest);
  const total = sum(exp(sub(x, unsqueeze(base, 0))), 0);
  const isNothing = eq(total, 0);
  return where(isNothing, -Infinity, add(log(where(isNothing, 1, total)), base));
}

/** 0, with the gradient of Σ eˡᵖ over each sample's times: by it, the gradient of the loss is that of the scores before logSoftmax. */
function ofScores(lp: Tensor, lengths: readonly number[], isLeftOut: Tensor | null): Tensor {
  const times = Array.from({ length: lp.shape[0] }, (_, t) => lengths.map((length) => t < length));
  const p = where(unsqueeze(tensor(times, { dtype: "bool" }), 2), exp(lp), 0);
  const sums = sum(sub(p, detach(p)), [0, 2]);
  return isLeftOut ? where(isLeftOut, 0, sums) : sums;
}

/**
 * The loss of texts, when nobody knows at which time each letter is said. Mirrors `torch.nn.CTCLoss`.
 * @example
 * const logProbs = zeros([4, 1, 3]).logSoftmax(2);
 * console.log(new nn.CTCLoss().forward(logProbs, tensor([[1, 2]], { dtype: "int32" }), [4], [2]));
 */
export class CTCLoss extends Module implements CTCOptions {
  readonly blank: number;
  readonly reduction: Reduction;
  readonly zeroInfinity: boolean;

  constructor(options?: CTCOptions) {
    super();
    const { blank, reduction, zeroInfinity } = readOptions(options, ctcDefaults);
    this.blank = blank;
    this.reduction = reduction;
    this.zeroInfinity = zeroInfinity;
  }

  override forward(logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths): Tensor {
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, this);
  }
}

export default { ctcLoss };
