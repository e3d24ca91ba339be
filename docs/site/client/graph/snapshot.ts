/**
 * The graph of a tensor, computed again with the engine and written down step by step, for the page to draw. It runs in the
 * worker, where the tensors are:
 *
 *     const stop = startRecording();            // before the program
 *     const graph = openGraph(loss, { x, w });  // what showGraph(loss, { x, w }) does
 *     graph.snapshot();                         // as it is
 *     graph.scrub(leaf, element, value);        // with another number in a leaf
 *
 * Read next: replay.ts and backward.ts, which do the work; view.ts, which draws it.
 */
import { to } from "../../../../src/autograd/ops/shape.ts";
import { check } from "../../../../src/tensor/check.ts";
import { onesLike } from "../../../../src/tensor/create.ts";
import { isFloatingPoint } from "../../../../src/tensor/dtype.ts";
import { elementsOf, Storage, Tensor } from "../../../../src/tensor/tensor.ts";
import { type Computed, walkBack } from "./backward.ts";
import { type Formulas, formulasOf } from "./formulas.ts";
import { type Opened, opened } from "./inside.ts";
import { type Names, namesOf, numbered } from "./names.ts";
import { numbersOf } from "./numbers.ts";
import { operandsOf } from "./operands.ts";
import { type Call, originOf } from "./recording.ts";
import { computeAnew, type Recomputed, tensorsBehind } from "./replay.ts";
import type { Arrow, GraphNode, GraphSnapshot, Inside, Step } from "./types.ts";

export { startRecording } from "./recording.ts";

/** What a graph is of, beside the tensor. */
interface Setting {
  /** What all gradients are derivatives of; else the name of the result. */
  readonly of?: string;
  /** The gradient that backward starts from; else ones. */
  readonly start?: Tensor;
  /** Which terms come back along an arrow. */
  readonly ways?: Opened["ways"];
}

/** A graph that stays open, so that its leaves can be changed. */
export interface OpenGraph {
  snapshot(): GraphSnapshot;
  /** With that number in an element of a leaf or a constant; what was changed before stays changed. */
  scrub(leaf: number, element: number, value: number): GraphSnapshot;
}

/**
 * The graph behind `result`.
 *
 * @param names what to call tensors; the earlier go before the later
 * @throws if it needs no gradient, or if it was not noted how it was computed
 */
export function openGraph(result: Tensor, ...names: Names[]): OpenGraph {
  check(result.requiresGrad, "this tensor does not require grad: there is no way back from it");
  check(!result.isLeaf, "this tensor is a leaf: it was computed from nothing");
  const tensors = tensorsBehind(result);
  const called = withNames(tensors, namesOf(...names));
  const changes = new Map<Tensor, Tensor>();
  const snapshot = () => snapshotOf(tensors, computeAnew(tensors, changes), called);
  return {
    snapshot,
    scrub(leaf, element, value) {
      const x = tensors[leaf];
      check(canChange(x), "only leaves and constants can be changed");
      const data = elementsOf(changes.get(x) ?? x).slice();
      data[element] = value;
      changes.set(x, new Tensor(new Storage(data), x.dtype, x.shape));
      return snapshot();
    },
  };
}

const canChange = (x: Tensor): boolean => !originOf(x) && isFloatingPoint(x.dtype);

/** Names for all. */
function withNames(tensors: readonly Tensor[], given: ReadonlyMap<Tensor, string>): ReadonlyMap<Tensor, string> {
  const next = numbered(given.values());
  const last = tensors.at(-1);
  const madeUp = (x: Tensor) => {
    if (x === last) return x.numel === 1 ? "L" : "y";
    return next(originOf(x) ? "t" : x.requiresGrad ? "w" : "x");
  };
  return new Map(tensors.map((x) => [x, given.get(x) ?? madeUp(x)]));
}

function snapshotOf(
  tensors: readonly Tensor[],
  anew: Recomputed,
  called: ReadonlyMap<Tensor, string>,
  setting: Setting = {},
): GraphSnapshot {
  const numbers = new Map(tensors.map((x, i) => [x, i]));
  const numberOf = (x: Tensor) => numbers.get(x) as number;
  const nameOf = (x: Tensor) => called.get(x) as string;
  const now = (x: Tensor) => anew.get(x) as Tensor;
  const result = tensors[tensors.length - 1];
  const of = setting.of ?? (result.numel === 1 ? nameOf(result) : `Σ ${nameOf(result)}`);

  // Each computed tensor, with its inputs, the place of each among the operands, and the arrow from it.
  const arrows: Arrow[] = [];
  const computed = tensors.flatMap((x) => {
    const call = originOf(x)?.call;
    if (!call) return [];
    const inputs = operandsOf(call).flatMap((input, operand) => (input instanceof Tensor ? [{ input, operand }] : []));
    const first = arrows.length;
    for (const { input } of inputs)
      arrows.push({ from: numberOf(input), to: numberOf(x), ways: setting.ways?.(input, x) ?? [] });
    return [{ x, call, inputs, first, formulas: formulasOf(call, x, numberOf, nameOf) }];
  });
  const noted = new Map(computed.map((one) => [now(one.x), one]));
  const toCompute = computed.map(
    ({ x, inputs }): Computed => ({ y: now(x), inputs: inputs.map(({ input }) => now(input)) }),
  );
  const back = walkBack(toCompute, setting.start ?? onesLike(now(result)));

  const steps = back.steps.map(({ y, passed }): Step => {
    const { x, inputs, first, formulas } = noted.get(y) as (typeof computed)[number];
    const arrivals = passed.map(({ input, term, before, sum }) => ({
      arrow: first + input,
      formula: formulas.back[inputs[input].operand],
      term: numbersOf(term),
      before: before && numbersOf(before),
      sum: numbersOf(sum),
    }));
    return { node: numberOf(x), arrivals };
  });
  const nodes = tensors.map((x): GraphNode => {
    const one = noted.get(now(x));
    const gradient = back.gradients.get(now(x));
    const kind = x === result ? "result" : one ? "operation" : x.requiresGrad ? "leaf" : "constant";
    return {
      kind,
      name: nameOf(x),
      operation: one ? one.call.name.replace(/^(F\.|own |part )/, "") : "",
      formula: (one?.formulas as Formulas | undefined)?.y ?? [],
      value: numbersOf(now(x)),
      canChange: canChange(x),
      gradient: gradient ? numbersOf(gradient) : null,
      inside: one && gradient ? insideOf(one.call, now, of, gradient) : null,
    };
  });
  return { nodes, arrows, steps, of, differs: isDifferent(result, now(result)) };
}

/** A node opened; the names in it are a textbook's. */
function insideOf(call: Call, now: (x: Tensor) => Tensor, of: string, gradient: Tensor): Inside | null {
  const open = opened(call, now);
  if (!open) return null;
  const tensors = tensorsBehind(open.result);
  const setting = { of, start: to(gradient, open.result.dtype), ...(open.ways && { ways: open.ways }) };
  const graph = snapshotOf(tensors, computeAnew(tensors, new Map()), withNames(tensors, namesOf(open.names)), setting);
  return { graph, terms: open.terms?.(gradient) ?? null };
}

/** Whether they differ in a bit. */
function isDifferent(a: Tensor, b: Tensor): boolean {
  const [before, after] = [elementsOf(a), elementsOf(b)];
  return before.some((value, i) => !Object.is(value, after[i]));
}
