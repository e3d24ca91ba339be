/**
 * The way back, one node at a time: each pull-back of the engine is called when all of its gradient has arrived. What comes out
 * is noted, term by term.
 */
import { arriving } from "../../../../src/autograd/engine.ts";
import { noGrad } from "../../../../src/autograd/grad-mode.ts";
import type { Node, Target } from "../../../../src/autograd/graph.ts";
import { historyOf } from "../../../../src/autograd/history.ts";
import { add } from "../../../../src/autograd/ops/elementwise.ts";
import type { Tensor } from "../../../../src/tensor/tensor.ts";

/** A tensor, and those that it was computed from; an input that is used twice is there twice. */
export interface Computed {
  readonly y: Tensor;
  readonly inputs: readonly Tensor[];
}

/** What one input gets. */
export interface Passed {
  /** Which of the inputs. */
  readonly input: number;
  readonly term: Tensor;
  readonly before: Tensor | null;
  readonly sum: Tensor;
}

export interface WayBack {
  readonly steps: readonly { readonly y: Tensor; readonly passed: readonly Passed[] }[];
  /** All that arrived. */
  readonly gradients: ReadonlyMap<Tensor, Tensor>;
}

/**
 * @param computed in the order of computation; the last is where backward starts
 * @param start its gradient
 */
export function walkBack(computed: readonly Computed[], start: Tensor): WayBack {
  const gradients = new Map<Tensor, Tensor>();
  const last = computed.at(-1);
  if (last) gradients.set(last.y, start);
  const steps = [];
  for (const { y, inputs } of computed.toReversed()) {
    const dy = gradients.get(y);
    if (!dy) continue;
    const passed: Passed[] = [];
    for (const [input, term] of pulledBack(y, inputs, dy)) {
      const before = gradients.get(inputs[input]) ?? null;
      const sum = before ? noGrad(() => add(before, term)) : term;
      gradients.set(inputs[input], sum);
      passed.push({ input, term, before, sum });
    }
    steps.push({ y, passed });
  }
  return { steps, gradients };
}

/**
 * What the inputs of one operation get. Its node has a pull-back for each input that needs a gradient, in their order. A function
 * of several operations has nodes within: through those the engine goes itself.
 */
function pulledBack(y: Tensor, inputs: readonly Tensor[], dy: Tensor): [input: number, term: Tensor][] {
  const targets = inputs.map(historyOf);
  const node = y.gradFn as Node;
  const open = new Set(targets.keys());
  const places = (node.edges ?? []).map(({ target }) => {
    const place = [...open].find((i) => targets[i] === target);
    if (place !== undefined) open.delete(place);
    return place;
  });
  const terms: [number | undefined, Tensor | null][] = places.includes(undefined)
    ? throughNodes(y, targets, dy)
    : noGrad(() => (node.edges ?? []).map(({ pullBack }, i) => [places[i], pullBack(dy)]));
  return terms.filter((term): term is [number, Tensor] => term[1] !== null).sort(([a], [b]) => a - b);
}

function throughNodes(y: Tensor, targets: readonly (Target | null)[], dy: Tensor): [number, Tensor | null][] {
  const distinct = [...new Set(targets)].filter((target) => target !== null);
  const gradients = arriving([y], [dy], distinct, false);
  return distinct.map((target, i) => [targets.indexOf(target), gradients[i]]);
}
