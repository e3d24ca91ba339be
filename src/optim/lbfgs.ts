/** L-BFGS, which learns from the last steps how the loss is curved. Read next: line-search.ts, how far it goes. */
import { enableGrad, noGrad } from "../autograd/grad-mode.ts";
import { abs, add, div, mul, neg, sub } from "../autograd/ops/elementwise.ts";
import { cat, narrow, select, stack } from "../autograd/ops/parts.ts";
import { max, sum } from "../autograd/ops/reduction.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { addScaledInto, copyInto, copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { full, zeros } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import type { Int } from "../tensor/shape.ts";
import { gradientOf, Tensor } from "../tensor/tensor.ts";
import { type Point, strongWolfe } from "./line-search.ts";
import { Optimizer, type ParamState, type Params } from "./optimizer.ts";

/** What LBFGS may be told. */
export interface LBFGSSettings {
  /** The length of a step, in units of what the direction says; with a line search that of the first that is tried. Default: 1. */
  lr: number;
  /** The most iterations a step. Default: 20. */
  maxIter: Int;
  /** The most calls of the closure a step; not looked at within a line search. Default: maxIter · 1.25, rounded down. */
  maxEval: Int | null;
  /** No gradient is larger at the end. Default: 1e-7. */
  toleranceGrad: number;
  /** It ends where neither the loss nor a parameter changes by more. Default: 1e-9. */
  toleranceChange: number;
  /** How many of the last steps are remembered. Default: 100. */
  historySize: Int;
  /** "strong_wolfe" searches for a good length of each step. Default: null. */
  lineSearchFn: "strong_wolfe" | null;
}

/** What is remembered of the steps, s, and of how the gradient changed in each, y; the newest last. */
interface Memory {
  readonly steps: Tensor[];
  readonly changes: Tensor[];
  /** 1 / (y · s) of each. */
  readonly rhos: Tensor[];
  /** The scale γ = y · s / y · y of the last one: the curvature where nothing is known of it. */
  scale: Tensor;
}

/** What goes on from iteration to iteration. */
interface Course {
  direction: Tensor;
  length: number;
  gradient: Tensor;
}

/**
 * p ← p + t · d with d = -H · g, where H, the inverse of the loss's second derivatives, is estimated from the last steps s and changes y of the
 * gradient; for whole batches. It calls the closure several times a step, which computes the loss and its gradients; there is one group.
 * Mirrors `torch.optim.LBFGS` (Nocedal & Wright 2006, Numerical Optimization, algorithm 7.4).
 * @example
 * const x = tensor([3, 300], { requiresGrad: true });
 * const optimizer = new optim.LBFGS([x], { lineSearchFn: "strong_wolfe" });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = x.sub(1).pow(2).sum();
 *   loss.backward();
 *   return loss;
 * });
 * console.log(x);
 */
export class LBFGS extends Optimizer<LBFGSSettings> {
  /** @throws if there are several groups */
  constructor(params: Params<LBFGSSettings>, options?: Partial<LBFGSSettings>) {
    super(
      params,
      readOptions<LBFGSSettings>(options as LBFGSSettings | undefined, {
        lr: 1,
        maxIter: 20,
        maxEval: options?.maxEval ?? Math.floor(((options?.maxIter ?? 20) * 5) / 4),
        toleranceGrad: 1e-7,
        toleranceChange: 1e-9,
        historySize: 100,
        lineSearchFn: null,
      }),
    );
  }

  override addParamGroup(group: Partial<LBFGSSettings> & { params: Iterable<Tensor> }): void {
    check(this.paramGroups.length === 0, "LBFGS doesn't support per-parameter options (parameter groups)");
    super.addParamGroup(group);
  }

  protected override checkSettings({ lineSearchFn }: LBFGSSettings): void {
    check(lineSearchFn === null || lineSearchFn === "strong_wolfe", "only 'strong_wolfe' is supported");
  }

  protected override checkState(state: ParamState, _param: Tensor, i: number): void {
    const count = this.#params.reduce((total, { numel }) => total + numel, 0);
    const misfit = () =>
      `size mismatch for d of parameter ${i}: it has ${state.d.numel} elements, and the parameters have ${count}`;
    check(state.d === undefined || state.d.numel === count, misfit);
  }

  protected override update(): never {
    throw new Error("LBFGS changes all parameters together, in step");
  }

  get #params(): Tensor[] {
    return this.paramGroups[0].params;
  }

  /**
   * Goes on until it is good enough, or `maxIter` or `maxEval` are reached.
   * @param closure forgets the gradients, computes the loss, calls its backward and returns it
   * @returns the loss before
   */
  override step(closure?: () => Tensor): Tensor {
    check(closure !== undefined, "LBFGS.step needs a closure that computes the loss and its gradients", TypeError);
    return noGrad(() => this.#minimise(() => enableGrad(closure)));
  }

  #minimise(closure: () => Tensor): Tensor {
    const settings = this.paramGroups[0];
    const { lr, maxIter, toleranceGrad, toleranceChange, lineSearchFn } = settings;
    const maxEval = settings.maxEval ?? Math.floor((maxIter * 5) / 4);
    const before = closure();
    check(
      before instanceof Tensor,
      "the closure of LBFGS.step must return the loss, a tensor of one element",
      TypeError,
    );
    let loss = before.item();
    let gradient = this.#gradient();
    const own = this.state.get(this.#params[0]);
    let [evaluations, iterations] = [(own?.func_evals.item() ?? 0) + 1, own?.n_iter.item() ?? 0];
    const most = evaluations - 1 + maxEval;
    const counts = () => ({ func_evals: count(evaluations), n_iter: count(iterations) });
    if (largest(gradient) <= toleranceGrad) {
      this.state.set(this.#params[0], { ...own, ...counts() });
      return before;
    }
    const memory = memoryOf(own, gradient);
    let course: Course | null = own?.d
      ? { direction: own.d, length: own.t.item(), gradient: own.prev_flat_grad }
      : null;
    let previousLoss = own?.prev_loss?.item() ?? 0;
    for (let iteration = 1; iteration <= maxIter; iteration++) {
      iterations++;
      if (course) remember(memory, course, gradient, settings.historySize);
      const direction = course ? downhill(memory, gradient) : neg(gradient);
      const firstLength = course ? lr : Math.min(1, 1 / sum(abs(gradient)).item()) * lr;
      course = { direction, length: firstLength, gradient };
      previousLoss = loss;
      const slope = dot(gradient, direction);
      if (slope > -toleranceChange) break;
      if (lineSearchFn) {
        const start: Point = { t: 0, loss, gradient, slope };
        const evaluate = (t: number) => {
          evaluations++;
          return this.#tried(closure, direction, t);
        };
        const found = strongWolfe(evaluate, start, firstLength, largest(direction), toleranceChange);
        course.length = found.t;
        ({ loss, gradient } = found);
        this.#move(direction, found.t);
      } else {
        this.#move(direction, firstLength);
        if (iteration < maxIter) {
          loss = closure().item(); // what it is after the last iteration, nobody asks
          gradient = this.#gradient();
          evaluations++;
        }
      }
      const isSmallStep = () => largest(direction) * Math.abs(course?.length ?? 0) <= toleranceChange;
      if (evaluations >= most || largest(gradient) <= toleranceGrad || isSmallStep()) break;
      if (Math.abs(loss - previousLoss) < toleranceChange) break;
    }
    this.state.set(this.#params[0], { ...counts(), ...stateOf(memory, course, previousLoss) });
    return before;
  }

  /** The gradients of all parameters as one vector, zeros for one that has none. */
  #gradient(): Tensor {
    return cat(
      this.#params.map((p) => {
        const dp = gradientOf(p);
        return dp ? reshape(dp, [p.numel]) : zeros([p.numel], { dtype: p.dtype });
      }),
    );
  }

  /** p ← p + t · d */
  #move(direction: Tensor, t: number): void {
    let start = 0;
    for (const p of this.#params) {
      addScaledInto(p, reshape(narrow(direction, 0, start, p.numel), p.shape), t);
      start += p.numel;
    }
  }

  /** What a step would lead to; the parameters are as they were. */
  #tried(closure: () => Tensor, direction: Tensor, t: number): Point {
    const before = this.#params.map((p) => copyOf(p));
    this.#move(direction, t);
    const loss = closure().item();
    const gradient = this.#gradient();
    for (const [i, p] of this.#params.entries()) copyInto(p, before[i]);
    return { t, loss, gradient, slope: dot(gradient, direction) };
  }
}

const count = (value: number): Tensor => full([], value, { dtype: "int32" });
const precise = (value: number): Tensor => full([], value, { dtype: "float64" });

const product = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b));
const dot = (a: Tensor, b: Tensor): number => product(a, b).item();
const largest = (x: Tensor): number => max(abs(x)).item();

/** Adds the last step, unless the loss is not curved upward along it, and forgets the oldest. */
function remember(
  memory: Memory,
  { direction, length, gradient: before }: Course,
  gradient: Tensor,
  size: number,
): void {
  const [y, s] = [sub(gradient, before), mul(direction, length)];
  const curvature = product(y, s);
  if (!(curvature.item() > 1e-10)) return;
  const { steps, changes, rhos } = memory;
  if (steps.length === size) for (const list of [steps, changes, rhos]) list.shift();
  steps.push(s);
  changes.push(y);
  rhos.push(div(1, curvature));
  memory.scale = div(curvature, product(y, y));
}

/** -H · g by two loops over the steps that are remembered, newest first and then oldest first. */
function downhill({ steps, changes, rhos, scale }: Memory, gradient: Tensor): Tensor {
  let q = neg(gradient);
  const alphas: Tensor[] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    alphas[i] = mul(product(steps[i], q), rhos[i]);
    q = sub(q, mul(changes[i], alphas[i]));
  }
  let d = mul(q, scale);
  for (const [i, s] of steps.entries()) {
    const beta = mul(product(changes[i], d), rhos[i]);
    d = add(d, mul(s, sub(alphas[i], beta)));
  }
  return d;
}

const rowsOf = (matrix: Tensor): Tensor[] => Array.from({ length: matrix.shape[0] }, (_, i) => select(matrix, 0, i));

function memoryOf(own: ParamState | undefined, { dtype }: Tensor): Memory {
  const [steps, changes, rhos] = ["old_stps", "old_dirs", "ro"].map((name) => (own?.[name] ? rowsOf(own[name]) : []));
  return { steps, changes, rhos, scale: own?.H_diag ?? full([], 1, { dtype }) };
}

/** Under PyTorch's names; where it has lists, the rows of a matrix. */
function stateOf({ steps, changes, rhos, scale }: Memory, course: Course | null, previousLoss: number): ParamState {
  if (!course) return {};
  const { direction, length, gradient } = course;
  const lists = steps.length > 0 ? { old_dirs: stack(changes), old_stps: stack(steps), ro: stack(rhos) } : {};
  const numbers = { t: precise(length), H_diag: scale, prev_loss: precise(previousLoss) };
  return { d: direction, ...lists, ...numbers, prev_flat_grad: gradient };
}
