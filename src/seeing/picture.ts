/**
 * What a drawing of a graph shows: a box for every tensor that backward passes through, an arrow from each to what was
 * computed from it, and how large the gradient is there.
 * Read next: dot.ts, which writes it for Graphviz, or layout.ts and svg.ts, which draw it.
 */
import { grad } from "../autograd/engine.ts";
import { Node, type Target } from "../autograd/graph.ts";
import { historyOf } from "../autograd/history.ts";
import { registerHookAt } from "../autograd/hooks.ts";
import { norm } from "../autograd/ops/reduction.ts";
import { check } from "../tensor/check.ts";
import { onesLike } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

export interface Box {
  /** A leaf is what gets a `.grad`; the last result is what backward would start from. */
  readonly kind: "leaf" | "operation" | "result";
  /** The name of a leaf or of an operation, its shape, and ‖∇‖, the Euclidean norm of its gradient, if one arrives. */
  readonly lines: readonly string[];
}

/** How boxes look: leaves in blue, operations in grey, the result in green. */
export const colors: Record<Box["kind"], { fill: string; edge: string }> = {
  leaf: { fill: "#dcebf7", edge: "#0072b2" },
  operation: { fill: "#f4f4f4", edge: "#8a8a8a" },
  result: { fill: "#d9f0e6", edge: "#009e73" },
};

export interface Picture {
  /** In the order of computation: arrows only ever go to a later box. */
  readonly boxes: readonly Box[];
  readonly arrows: readonly (readonly [from: number, to: number])[];
}

/** Names for leaves, such as `model.namedParameters()`. */
export type Names = Iterable<readonly [name: string, leaf: Tensor]>;

/**
 * The graph of `result`, with the gradients of its sum, which a backward pass finds that keeps the graph and leaves every
 * `.grad` as it is.
 * @throws if `result` has no history, or one that an earlier backward freed
 */
export function pictureOf(result: Tensor, names: Names): Picture {
  const root = historyOf(result);
  check(root !== null, "the tensor does not require grad and does not have a grad_fn: there is no graph to draw");
  const targets = targetsBehind(root);
  const norms = gradientNorms(result, targets);
  const nameOf = new Map<Target, string>([...names].map(([name, leaf]) => [leaf, name]));
  const numbers = new Map(targets.map((target, i) => [target, i]));
  const boxes = targets.map((target): Box => {
    const name = target instanceof Node ? operationOf(target) : (nameOf.get(target) ?? "leaf");
    const size = norms.get(target);
    const kind = target === root ? "result" : target instanceof Node ? "operation" : "leaf";
    const lines = [name, shapeText(target.shape)];
    return { kind, lines: size === undefined ? lines : [...lines, `‖∇‖ ${shortNumber(size)}`] };
  });
  const arrows = targets.flatMap((target, to) =>
    edgesOf(target).map((edge) => [numbers.get(edge.target) as number, to] as const),
  );
  return { boxes, arrows };
}

/** The edges of an operation; a leaf has none. */
function edgesOf(target: Target) {
  if (target instanceof Tensor) return [];
  const alreadyFreed =
    "Trying to draw a graph whose saved intermediate values have already been freed. " +
    "Draw it before .backward(), or specify retainGraph: true there.";
  check(target.edges !== null, alreadyFreed);
  return target.edges;
}

/** All leaves and operations behind `root`, itself included: the leaves first, then the operations as they ran. */
function targetsBehind(root: Target): Target[] {
  const seen = new Set([root]);
  for (const target of seen) for (const edge of edgesOf(target)) seen.add(edge.target);
  const leaves = [...seen].filter((target) => target instanceof Tensor).reverse();
  const nodes = [...seen].filter((target) => target instanceof Node);
  return [...leaves, ...nodes.sort((a, b) => a.sequence - b.sequence)];
}

/** ‖∂ Σ result / ∂ target‖ for every target that a gradient arrives at. */
function gradientNorms(result: Tensor, targets: readonly Target[]): Map<Target, number> {
  const norms = new Map<Target, number>();
  const handles = targets.map((target) => registerHookAt(target, (dy) => void norms.set(target, norm(dy).item())));
  try {
    const leaves = targets.filter((target) => target instanceof Tensor);
    grad(result, leaves, { gradOutputs: [onesLike(result)], retainGraph: true, allowUnused: true });
  } finally {
    for (const handle of handles) handle.remove();
  }
  return norms;
}

/** `mul` of `MulBackward0` */
const operationOf = ({ name }: Node): string => name[0].toLowerCase() + name.slice(1).replace("Backward0", "");

/** `64 × 256`, or `scalar` */
const shapeText = (shape: Shape): string => (shape.length === 0 ? "scalar" : shape.join(" × "));

/** Three digits, and an exponent only where a number would be long. */
const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));
