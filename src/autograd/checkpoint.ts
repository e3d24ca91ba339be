/**
 * Less memory for more time: what a function computes on its way is forgotten, and computed again when its gradient is asked for (Chen,
 * Xu, Zhang & Guestrin 2016, https://arxiv.org/abs/1604.06174).
 */
import { copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { isPlain } from "../tensor/plain.ts";
import { defaultGenerator, type GeneratorState } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { arriving } from "./engine.ts";
import { enableGrad, isGradEnabled } from "./grad-mode.ts";
import { Node, nextSequence, type PullBack, type Target } from "./graph.ts";
import { historyOf, record } from "./history.ts";
import { detach } from "./op.ts";
import { cat, narrow } from "./ops/parts.ts";
import { clone, reshape, to } from "./ops/shape.ts";

/** What `checkpoint` may be told, after the inputs. */
export interface CheckpointOptions {
  /** Draw the same random numbers when it is computed again. Default: true. */
  preserveRngState?: boolean;
}

/**
 * f of the inputs, with the same gradients; but nothing that f computes on its way is kept for them: backward calls f again. So the
 * activations of one checkpoint are in memory at a time, and not of all. f may use tensors from outside, such as a model's weights,
 * and return several in a list. Mirrors `torch.utils.checkpoint.checkpoint`, and works as it does with `use_reentrant=False`.
 * @example
 * const [first, second] = [new nn.Linear(2, 8), new nn.Linear(8, 1)];
 * const hidden = checkpoint((x: Tensor) => first.forward(x).tanh().pow(2), ones([1, 2]));
 * second.forward(hidden).sum().backward();
 * console.log(first.weight.grad?.shape);
 */
export function checkpoint<Inputs extends unknown[], Result>(
  f: (...inputs: Inputs) => Result,
  ...inputs: Inputs | [...Inputs, CheckpointOptions]
): Result {
  const last = inputs.length > f.length ? inputs.at(-1) : undefined;
  const isTold = isPlain(last) && Object.keys(last).join() === "preserveRngState";
  const { preserveRngState } = readOptions(isTold ? (last as CheckpointOptions) : undefined, {
    preserveRngState: true,
  });
  const given = (isTold ? inputs.slice(0, -1) : inputs) as Inputs;
  if (!isGradEnabled()) return f(...given);
  const random = preserveRngState ? defaultGenerator.getState() : null;
  const before = nextSequence();
  const result = f(...given);
  const values = asList(result);
  const targets = sourcesOf(values.filter(isRecorded), before);
  if (targets.length === 0) return result;
  const again = () => asList(withRandom(random, () => enableGrad(() => f(...given)))).filter(isRecorded);
  const recorded = forgotten(values, given, targets, again);
  return (Array.isArray(result) ? recorded : recorded[0]) as Result;
}

const asList = (result: unknown): readonly unknown[] => [result].flat();

const isRecorded = (value: unknown): value is Tensor => value instanceof Tensor && value.requiresGrad;

/** Where the gradients of tensors go that were computed from operation number `before` on: to leaves, and to what is older. */
function sourcesOf(ys: readonly Tensor[], before: number): Target[] {
  const sources = new Set<Target>();
  const seen = new Set<Target>();
  const stack = ys.flatMap((y) => historyOf(y) ?? []);
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Node && next.sequence >= before) stack.push(...(next.edges ?? []).map(({ target }) => target));
    else sources.add(next);
  }
  return [...sources];
}

/** The values without what they were computed by; their gradients come from what `again` gives. */
function forgotten(
  values: readonly unknown[],
  inputs: readonly unknown[],
  targets: readonly Target[],
  again: () => Tensor[],
): unknown[] {
  const ys = values.filter(isRecorded);
  const shapes = ys.map(({ shape, dtype }) => ({ shape, dtype }));
  const saves = [...inputs, ...targets].filter((input) => input instanceof Tensor);
  const isNew = saves.every(({ storage }) => storage !== ys[0].storage);
  const joined = ys.length > 1 ? vectorOf(ys) : isNew ? ys[0] : copyOf(ys[0]);
  const pullBacks = pullBacksTo(targets, shapes, again);
  const grads = targets.map((target, i) => [standIn(target), pullBacks[i]] as const);
  const y = record("checkpoint", { y: detach(joined), grads, saves });
  const parts = (ys.length > 1 ? partsOf(y, shapes) : [y]).values();
  return values.map((value) => (isRecorded(value) ? parts.next().value : value));
}

type Part = Pick<Tensor, "shape" | "dtype">;

/**
 * A pull-back to each target, all made by one more call of the function for each dy. It stands by itself, since what it closes over is kept:
 * none of what the first call computed may be.
 */
function pullBacksTo(targets: readonly Target[], shapes: readonly Part[], again: () => Tensor[]): PullBack[] {
  let computed: { dy: Tensor; createGraph: boolean; dxs: (Tensor | null)[]; left: number } | null = null;
  return targets.map((_, i) => (dy) => {
    const createGraph = isGradEnabled();
    if (computed?.dy !== dy || computed.createGraph !== createGraph) {
      const outputs = again();
      const otherCount = () =>
        `checkpoint: the function gave ${shapes.length} tensors that need gradients, but ${outputs.length} when it was called again`;
      check(outputs.length === shapes.length, otherCount);
      const dys = shapes.length > 1 ? partsOf(dy, shapes) : [dy];
      computed = { dy, createGraph, dxs: arriving(outputs, dys, targets, createGraph), left: targets.length };
    }
    const dx = computed.dxs[i];
    computed.left--;
    if (computed.left === 0) computed = null; // for the next backward pass
    return dx && clone(dx);
  });
}

/** A tensor whose gradient goes to a target. */
function standIn(target: Target): Tensor {
  if (target instanceof Tensor) return target;
  const tensor = Tensor.zeros([], "float32");
  tensor.requiresGrad = true;
  tensor.gradFn = target;
  return tensor;
}

const vectorOf = (ys: readonly Tensor[]): Tensor => cat(ys.map((y) => reshape(y, [y.numel])));

function partsOf(vector: Tensor, shapes: readonly Part[]): Tensor[] {
  let end = 0;
  return shapes.map(({ shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    end += size;
    return to(reshape(narrow(vector, 0, end - size, size), shape), dtype);
  });
}

/** Runs something with the random numbers from a state on, and then goes on from where they were. */
function withRandom<T>(state: GeneratorState | null, run: () => T): T {
  if (!state) return run();
  const now = defaultGenerator.getState();
  defaultGenerator.setState(state);
  try {
    return run();
  } finally {
    defaultGenerator.setState(now);
  }
}

/** Something that is run on a tensor: a function, or a module. */
export type Step = ((x: Tensor) => Tensor) | { forward(x: Tensor): Tensor };

/**
 * Runs steps one after another, in so many segments of about the same length, each but the last a checkpoint.
 * Mirrors `torch.utils.checkpoint.checkpoint_sequential`.
 * @param steps a Sequential, or a list of modules and functions
 * @example
 * const layers = new nn.Sequential(new nn.Linear(2, 4), new nn.ReLU(), new nn.Linear(4, 4), new nn.ReLU());
 * checkpointSequential(layers, 2, ones([1, 2])).sum().backward();
 * console.log(layers.parameters().map(({ grad }) => grad?.shape));
 */
export function checkpointSequential(
  steps: Iterable<Step>,
  segments: Int,
  input: Tensor,
  options?: CheckpointOptions,
): Tensor {
  const list = [...steps];
  for (const step of list) {
    const isStep = typeof step === "function" || typeof (step as { forward?: unknown } | null)?.forward === "function";
    check(isStep, () => `a step is a module or a function of a tensor, not ${typeName(step)}`, TypeError);
  }
  const { preserveRngState } = readOptions(options, { preserveRngState: true });
  const length = Math.floor(list.length / segments);
  check(length >= 1, () => `checkpointSequential: ${segments} segments of ${list.length} steps: one has no step`);
  const run = (from: number, to?: number) => (x: Tensor) =>
    list.slice(from, to).reduce((y, step) => (typeof step === "function" ? step(y) : step.forward(y)), x);
  let x = input;
  const last = length * (segments - 1);
  for (let start = 0; start < last; start += length) {
    x = checkpoint(run(start, start + length), x, { preserveRngState });
  }
  return run(last)(x);
}
