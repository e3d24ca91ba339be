/**
 * Reverse-mode differentiation: the chain rule over the graph, from outputs back to leaves.
 * It knows no operation by name, only nodes and their pull-backs.
 */
import { addScaledInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { onesLike } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { gradientOf, keepGradient, Tensor } from "../tensor/tensor.ts";
import { checkNaN, isAnomalyEnabled } from "./anomaly.ts";
import { Arrivals } from "./arrivals.ts";
import { withGradMode } from "./grad-mode.ts";
import { Node, type Target } from "./graph.ts";
import { historyOf } from "./history.ts";
import { hooked } from "./hooks.ts";
import { add } from "./ops/elementwise.ts";
import { clone, to } from "./ops/shape.ts";

/** What becomes of the graph in a backward pass. */
export interface BackwardOptions {
  /** Keep the graph for another backward through it. Default: the value of `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward pass itself, so that its result can be differentiated again. Default: false. */
  createGraph?: boolean;
}

/**
 * Adds the gradient of `output` to `.grad` of every leaf it was computed from. Mirrors `torch.autograd.backward`.
 *
 * @param gradient dLoss/dOutput, of output's shape; 1 for a scalar if left out
 * @throws if output needs no gradient, is not a scalar and has no gradient given, or its graph was already freed
 * @example
 * const x = tensor([1, 2], { requiresGrad: true });
 * backward(x.mul(x), tensor([1, 10])); // the same as x.mul(x).backward(…)
 * console.log(x.grad);
 */
export function backward(output: Tensor, gradient?: Tensor, options?: BackwardOptions): void {
  const { createGraph, retainGraph } = readOptions(options, defaults(options));
  const grads = startingGradients([output], [gradient], createGraph);
  propagate(grads, createGraph, retainGraph);
  withGradMode(createGraph, () => {
    for (const [target, arrived] of grads) {
      if (!(target instanceof Tensor && target.requiresGrad)) continue;
      accumulate(target, hooked(target, arrived), createGraph);
      if (gradientOf(target) !== arrived) grads.delete(target);
    }
  });
}

const defaults = (given?: BackwardOptions) => ({ createGraph: false, retainGraph: given?.createGraph ?? false });

type Tensors = Tensor | readonly Tensor[];

/** The same, and what `grad` starts from. */
export interface GradOptions extends BackwardOptions {
  /** The gradients with respect to the outputs, one each. Default: 1, for a scalar output. */
  gradOutputs?: readonly Tensor[];
  /** Give null, not an error, for an input that the outputs do not depend on. Default: false. */
  allowUnused?: boolean;
}

/**
 * The gradients of the sum of `outputs` with respect to `inputs`, which may be leaves or not, without touching any `.grad`.
 * Mirrors `torch.autograd.grad`.
 *
 * @returns one tensor an input, of its shape
 * @throws as `backward`, and if an input was not used
 * @example
 * const x = tensor(2, { requiresGrad: true });
 * const [velocity] = grad(x.pow(3), [x], { createGraph: true });
 * const [acceleration] = grad(velocity, [x]);
 * console.log(velocity.item(), acceleration.item()); // 3x² and 6x
 */
export function grad(outputs: Tensors, inputs: Tensors, options?: GradOptions & { allowUnused?: false }): Tensor[];
export function grad(outputs: Tensors, inputs: Tensors, options: GradOptions): (Tensor | null)[];
export function grad(outputs: Tensors, inputs: Tensors, options?: GradOptions): (Tensor | null)[] {
  const all = readOptions(options, { ...defaults(options), gradOutputs: [], allowUnused: false });
  const { createGraph, retainGraph, gradOutputs, allowUnused } = all;
  const targets = [inputs].flat().map((input, i) => {
    const target = historyOf(input);
    check(
      target !== null,
      () => `One of the differentiated Tensors does not require grad: make input ${i} with { requiresGrad: true }`,
    );
    return target;
  });
  const grads = startingGradients([outputs].flat(), gradOutputs, createGraph);
  propagate(grads, createGraph, retainGraph, new Set(targets));
  return targets.map((target, i) => {
    const dx = grads.get(target);
    check(
      dx !== undefined || allowUnused,
      () =>
        "One of the differentiated Tensors appears to not have been used in the graph. " +
        `Set allowUnused: true if this is the desired behavior. It is input ${i}.`,
    );
    if (dx && target instanceof Tensor) return withGradMode(createGraph, () => hooked(target, dx));
    return dx ?? null;
  });
}

/**
 * The gradients that arrive at targets, as no hook has seen them: whoever asks passes them on to these. What they were computed from is
 * left alone.
 */
export function arriving(
  outputs: readonly Tensor[],
  gradOutputs: readonly Tensor[],
  targets: readonly Target[],
  createGraph: boolean,
): (Tensor | null)[] {
  const grads = startingGradients(outputs, gradOutputs, createGraph);
  const ends = new Set(targets);
  propagate(grads, createGraph, createGraph, ends, ends);
  return targets.map((target) => grads.get(target) ?? null);
}

/** The outputs' own gradients, by target. */
function startingGradients(
  outputs: readonly Tensor[],
  gradients: readonly (Tensor | undefined)[],
  createGraph: boolean,
): Arrivals {
  const grads = new Arrivals(createGraph);
  outputs.forEach((output, i) => {
    const target = historyOf(output);
    check(
      target !== null,
      () =>
        `element ${i} of tensors does not require grad and does not have a grad_fn: ` +
        "make what it is computed from with { requiresGrad: true }, and not inside noGrad",
    );
    const gradient = gradients[i];
    check(
      gradient !== undefined || output.numel === 1,
      () =>
        "grad can be implicitly created only for scalar outputs, " +
        `but output ${i} has shape ${formatShape(output.shape)}: reduce it first, or give its gradient`,
    );
    check(
      gradient === undefined || sameShape(gradient.shape, output.shape),
      () =>
        `Mismatch in shape: grad_output[${i}] has a shape of torch.Size(${formatShape(gradient?.shape ?? [])}) ` +
        `and output[${i}] has a shape of torch.Size(${formatShape(output.shape)}).`,
    );
    const dy = gradient ? to(gradient, output.dtype) : onesLike(output);
    if (target instanceof Node) grads.add(target, dy, false);
    else grads.add(target, clone(dy), true);
  });
  return grads;
}

/**
 * Replaces the gradients of the outputs in `grads` by those of the leaves that they were computed from or, if given, by
 * those of `wanted`, which are then the only ones computed. Nothing goes further than `ends`.
 */
function propagate(
  grads: Arrivals,
  createGraph: boolean,
  retainGraph: boolean,
  wanted?: ReadonlySet<Target>,
  ends?: ReadonlySet<Target>,
): void {
  const nodes = newestFirst(grads.targets, wanted, ends);
  const needed = wanted && leadingTo(wanted, nodes);
  withGradMode(createGraph, () => {
    for (const node of nodes) {
      const arrived = grads.get(node);
      if (!arrived) continue;
      const dy = hooked(node, arrived);
      if (dy !== arrived) grads.replace(node, dy);
      const edges = node.edges?.filter(({ target }) => needed?.has(target) !== false) ?? [];
      if (needed && edges.length === 0) continue;
      node.checkSavedTensors();
      for (const [i, { target, pullBack }] of edges.entries()) {
        const dx = pullBack(dy);
        if (!dx) continue;
        if (isAnomalyEnabled()) checkNaN(dx, node.name, i, node.call);
        const isNew = dx.storage !== dy.storage;
        if (target instanceof Node || (isNew && fillsItsStorage(dx))) grads.add(target, dx, isNew);
        else grads.add(target, clone(dx), true);
      }
      if (node.retainedBy) accumulate(node.retainedBy, clone(dy), createGraph);
      if (!wanted?.has(node)) grads.delete(node);
      if (!retainGraph) node.free();
    }
  });
}

/** Whether a leaf may keep dx, and later add to it, if it is new: a leaf's gradient is laid out row by row. */
const fillsItsStorage = (dx: Tensor): boolean => dx.isContiguous && dx.numel === dx.storage.operand.length;

/**
 * All nodes that a gradient can reach. A node is newer than its inputs, so when its turn comes, every gradient that flows
 * into it has arrived, also where paths part and meet again. PyTorch orders by the same number.
 *
 * If only one gradient is `wanted`, it does not matter whether the node where it arrives could still pass it on.
 */
function newestFirst(targets: readonly Target[], wanted?: ReadonlySet<Target>, ends?: ReadonlySet<Target>): Node[] {
  const seen = new Set<Node>();
  const stack = [...targets];
  while (stack.length > 0) {
    const target = stack.pop();
    if (!(target instanceof Node) || seen.has(target) || ends?.has(target)) continue;
    seen.add(target);
    if (!target.edges && wanted?.size === 1 && wanted.has(target)) continue;
    for (const edge of edgesOf(target)) stack.push(edge.target);
  }
  return [...seen].sort((a, b) => b.sequence - a.sequence);
}

/** Those of `nodes`, newest first, from which a gradient can get to one of `wanted`; and those themselves. */
function leadingTo(wanted: ReadonlySet<Target>, nodes: readonly Node[]): ReadonlySet<Target> {
  const needed = new Set(wanted);
  for (const node of nodes.toReversed()) {
    if (node.edges?.some(({ target }) => needed.has(target))) needed.add(node);
  }
  return needed;
}

/** @throws if the node was freed by an earlier backward */
function edgesOf({ edges }: Node) {
  check(
    edges !== null,
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already been " +
      "freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). " +
      "Specify retainGraph: true if you need to backward through the graph a second time.",
  );
  return edges;
}

/** x.grad += dx, which x may keep. */
function accumulate(x: Tensor, dx: Tensor, createGraph: boolean): void {
  const before = gradientOf(x);
  if (createGraph) x.grad = before ? add(before, dx) : dx;
  else if (before) addScaledInto(before, dx, 1);
  else keepGradient(x, dx);
}
