/**
 * Random programs over the table of samples: leaves, and steps that each make one more value of earlier ones by an
 * operation, recorded or not, or by a change in place. The programs about an operation depend on its own samples and on
 * those of the common ones alone, so that one more in the table changes no other program.
 */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import type { Tensor } from "../../src/index.ts";
import { check } from "../../src/tensor/check.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { sameShape } from "../../src/tensor/shape.ts";
import { observed, torch, unobserved, unwatched } from "../support/index.ts";
import { Draw } from "../support/random/draw.ts";
import { freshLeaf, tensorsOf, upstream } from "./ops/calls.ts";
import { samples } from "./samples.ts";
import { methods, type Sample } from "./sampling.ts";

const { error, grad, noGrad, withCopies } = torch;

interface Step {
  readonly f: TensorFunction;
  /** Numbers of values; or tensors that are the same whatever the values are, such as indices. */
  readonly operands: readonly (number | Tensor)[];
  readonly isChange: boolean;
  readonly isRecorded: boolean;
}

export interface Program {
  readonly name: string;
  readonly leaves: readonly Tensor[];
  readonly steps: readonly Step[];
  /** Whether the last step, or reading a value after it, is an error. */
  readonly isRefused?: boolean;
  /** Whether backward notices a change in place. */
  readonly isDisturbed?: boolean;
  /** Whether to compare second derivatives. */
  readonly hasSecond?: boolean;
  /** Which value retains its gradient. */
  readonly retains?: number;
}

/** What steps are made of beside the operation that a program is about. */
const common = [
  ..."add sub mul div pow maximum minimum where clamp neg abs exp log sqrt tanh sigmoid relu sin square".split(" "),
  ..."view reshape transpose permute expand narrow select slice squeeze unsqueeze flatten diagonal".split(" "),
  ..."sum mean var std max min logsumexp softmax norm matmul cumsum sort".split(" "),
  ..."flip roll repeat maskedFill tril index gather indexSelect cat stack".split(" "),
];

const changes: TensorFunction[] = [
  ...Object.values(
    methods(["neg_", "exp_", "tanh_", "sigmoid_", "relu_", "sqrt_", "zero_"], (f) => (x: Tensor) => f(x)),
  ),
  (x) => x.fill_(0.25),
  (x) => x.clamp_(-0.5, 0.5),
  (x) => x.pow_(2),
  (x) => x.mul_(1.5),
  (x, y) => x.copy_(y),
  (x, y) => x.add_(y),
  (x, y) => x.sub_(y),
  (x, y) => x.mul_(y),
  (x, y) => x.div_(y),
];

// Running a program.

export function valuesOf({ leaves, steps }: Pick<Program, "leaves" | "steps">): Tensor[] {
  const values = leaves.map(freshLeaf);
  for (const step of steps) values.push(runStep(step, values));
  return values;
}

function runStep({ f, operands, isRecorded }: Step, values: readonly Tensor[]): Tensor {
  const run = () =>
    observed(tensorsOf(f(...operands.map((x) => (typeof x === "number" ? values[x] : observed(x)))))[0]);
  const y = isRecorded ? run() : noGrad(run);
  return isFloatingPoint(y.dtype) ? y : y.to("float64");
}

export const lossOf = (values: readonly Tensor[]): Tensor =>
  values.map((x) => x.mul(upstream(x)).sum()).reduce((a, b) => a.add(b));

/** Of the sum of the squares of the gradients. */
export function secondDerivatives(program: Program): Tensor[] {
  const values = valuesOf(program);
  const inputs = values.filter((_, i) => program.leaves[i]?.requiresGrad);
  const first = grad(lossOf(values), inputs, { createGraph: true, allowUnused: true }).filter((dx) => dx !== null);
  const penalty = first.map((dx) => dx.mul(dx).sum()).reduce((a, b) => a.add(b));
  return torch.gradients(penalty, inputs);
}

/** What is compared of it. */
export function outcomeOf(program: Program): unknown {
  if (program.isRefused) return void error(() => lossOf(valuesOf(program)), " Given that");
  if (program.isDisturbed) return void error(() => lossOf(valuesOf(program)).backward(), ": ");
  // Also where PyTorch finds that a saved tensor was changed in place, which no pull-back here reads.
  return withCopies(() => {
    const values = valuesOf(program);
    const retaining = program.retains === undefined ? null : values[program.retains];
    retaining?.retainGrad();
    const loss = lossOf(values);
    for (const x of values) void x.requiresGrad; // which brings a view's history up to date
    loss.backward();
    const gradients = program.leaves.map((_, i) => values[i].grad);
    return [loss.detach(), gradients, retaining?.grad ?? null, program.hasSecond ? secondDerivatives(program) : null];
  });
}

// Making one.

/** Larger numbers are not let in: they would drown the others. */
const isBelow = (limit: number) => (x: Tensor | null) =>
  x === null || Array.from(x.data).every((value) => Number.isFinite(value) && Math.abs(value) < limit);
const isFine = isBelow(30);
const isFineGradient = isBelow(300_000);

const overlap = (x: Tensor, y: Tensor): boolean => x !== y && unobserved(x).storage === unobserved(y).storage;

/** PyTorch reads what it has just written where operands of a change in place overlap. */
function readsWhatItWrites({ isChange, operands }: Step, values: readonly Tensor[]): boolean {
  const [x, ...others] = operands.filter((k) => typeof k === "number").map((k) => values[k]);
  return isChange && others.some((y) => overlap(x, y));
}

// What docs/differences.md explains is not asked.

const functionsOf = (list: readonly Sample[]) => new Set(list.map(({ f }) => f));
const traces = functionsOf(samples.trace);
const powers = functionsOf(samples.pow.filter(({ inputs }) => inputs.length === 2));

/** A trace whose gradient PyTorch also gives to elements below the diagonal. */
function isOfTall({ f, operands, isRecorded }: Step, values: readonly Tensor[]): boolean {
  if (!traces.has(f) || !isRecorded) return false;
  const { ndim, shape, requiresGrad } = values[operands[0] as number];
  return requiresGrad && ndim === 2 && shape[0] > shape[1] + 1;
}

/** A change of a view that has got its gradient function by a change of its base, which PyTorch has not looked at since. */
function isOfUnseenView({ leaves, steps }: Pick<Program, "leaves" | "steps">, step: Step): boolean {
  if (!step.isChange || !step.isRecorded) return false;
  const values = leaves.map(freshLeaf);
  const seen = new Set(values.filter((x) => x.requiresGrad));
  const see = (x: Tensor) => x.requiresGrad && seen.add(x);
  for (const earlier of steps) {
    if (earlier.isRecorded) for (const k of earlier.operands) if (typeof k === "number") see(values[k]);
    values.push(runStep(earlier, values));
    if (earlier.isRecorded || !earlier.isChange) see(values[values.length - 1]);
  }
  const x = values[step.operands[0] as number];
  return x.requiresGrad && !seen.has(x);
}

const windows = functionsOf(samples.unfold);
const ofLayout = functionsOf([samples.view, samples.reshape, samples.flatten, samples.contiguous].flat());

/** A step that depends on how a result lies in memory, which in PyTorch is as an operand that does not lie row by row does. */
function isOfLayout(
  { leaves, steps }: Pick<Program, "leaves" | "steps">,
  step: Step,
  values: readonly Tensor[],
): boolean {
  if (!ofLayout.has(step.f)) return false;
  const isFromStrided = (k: number): boolean => {
    if (!unobserved(values[k]).isContiguous) return true;
    if (k < leaves.length) return false;
    const { f, operands } = steps[k - leaves.length];
    return windows.has(f) || operands.some((x) => typeof x === "number" && isFromStrided(x));
  };
  const x = values[step.operands[0] as number];
  const made = values.findIndex((y) => y === x || overlap(x, y));
  return made >= leaves.length && isFromStrided(made);
}

/** A power whose second derivatives are NaN in PyTorch. */
const isOfZero = ({ f, operands }: Step, values: readonly Tensor[]): boolean => {
  const [base, exponent] = operands.map((x) => (typeof x === "number" ? values[x] : x));
  return powers.has(f) && exponent.requiresGrad && Array.from(unobserved(base).data).includes(0);
};

/** Whether autograd refuses it; a step can be wrong in other ways. */
const isRefusal = (message: string): boolean => /leaf Variable|no_grad mode/.test(message);

export const usable = (operation: string): Sample[] =>
  samples[operation].filter(({ isUnlike, inputs }) => !isUnlike && inputs.every(({ numel }) => numel > 0));

/** A program about an operation, if there is one of this seed that works. */
export function programAbout(operation: string, seed: number): Program | null {
  const name = `${operation} ${seed}`;
  const draw = new Draw(name);
  const own = usable(operation);
  const leaves = [...draw.oneOf(own).inputs.filter((x) => x.requiresGrad), draw.oneOf(samples.mul).inputs[0].detach()];
  const steps: Step[] = [];
  let values = valuesOf({ leaves, steps });
  let isRefused = false;
  for (const length = 3 + draw.below(9); steps.length < length && !isRefused; ) {
    const step = randomStep();
    if (readsWhatItWrites(step, values) || isExplained(step)) continue;
    const message = error(() => {
      values.push(runStep(step, values));
      if (step.isChange) lossOf(values);
    });
    const isGood = message === "no error" && values.every(isFine) && isNewValue(step);
    isRefused = isRefusal(message) && draw.isOneIn(5);
    if (isGood || isRefused) steps.push(step);
    else values = step.isChange ? valuesOf({ leaves, steps }) : values.slice(0, leaves.length + steps.length);
  }
  return completed({ name, leaves, steps, isRefused });

  function isExplained(step: Step): boolean {
    const before = { leaves, steps };
    return isOfTall(step, values) || isOfUnseenView(before, step) || isOfLayout(before, step, values);
  }

  /** The number of a value, of later ones more often, so that programs are deep. */
  function pick(): number {
    return Math.max(draw.below(values.length), draw.below(values.length));
  }

  /** Of one of the shape of x, or x itself: three operands have to fit together. */
  function pickLike(x: Tensor): number | Tensor {
    const fitting = [...values.keys()].filter((k) => sameShape(values[k].shape, x.shape));
    return fitting.length > 0 ? draw.oneOf(fitting) : x.detach();
  }

  /** In two cases of ten a change in place, in three the operation itself. */
  function randomStep(): Step {
    const isRecorded = draw.below(12) > 0;
    const family = draw.below(10);
    if (family < 2) {
      const f = draw.oneOf(changes);
      return { f, operands: Array.from({ length: f.length }, pick), isChange: true, isRecorded };
    }
    const { f, inputs } = draw.oneOf(family < 5 ? own : usable(draw.oneOf(common)));
    const operandFor = (x: Tensor) => (inputs.length < 3 ? pick() : pickLike(x));
    return { f, operands: inputs.map((x) => (x.requiresGrad ? operandFor(x) : x)), isChange: false, isRecorded };
  }

  /** Not empty, not large; and no unrecorded view of a leaf, which PyTorch cannot save. */
  function isNewValue({ isChange, isRecorded }: Step): boolean {
    const y = values[values.length - 1];
    const isLeafView = leaves.some((x, i) => x.requiresGrad && overlap(values[i], y));
    return 0 < y.numel && y.numel <= 40 && (isChange || isRecorded || !isLeafView);
  }

  /** What can be asked of a program; null if its numbers are too large to compare. */
  function completed(program: Program): Program | null {
    if (program.isRefused) return program;
    const values = valuesOf(program);
    const loss = lossOf(values);
    if (!loss.requiresGrad) return null;
    const isDisturbed = error(() => loss.backward()) !== "no error";
    if (isDisturbed) return { ...program, isDisturbed };
    if (!leaves.every((_, i) => isFineGradient(values[i].grad))) return null;
    const isWhole = (x: Tensor) => x.requiresGrad && !values.some((y) => overlap(x, y));
    const recorded = steps.every(({ isRecorded }) => isRecorded) ? [...values.keys()].slice(leaves.length) : [];
    const retainable = recorded.filter((i) => isWhole(values[i]));
    const checkSecond = () => check(secondDerivatives(program).every(isFineGradient), "too large");
    const hasSecond =
      draw.isOneIn(4) && !steps.some((step) => isOfZero(step, values)) && error(checkSecond) === "no error";
    return { ...program, hasSecond, ...(retainable.length > 0 && { retains: draw.oneOf(retainable) }) };
  }
}

/** So many programs about each operation. */
export function* randomPrograms(count: number): Iterable<Program> {
  for (const operation of Object.keys(samples)) {
    let found = 0;
    for (let seed = 0; found < count && seed < 20 && usable(operation).length > 0; seed++) {
      const program = unwatched(() => programAbout(operation, seed));
      if (!program) continue;
      found++;
      yield program;
    }
  }
}
