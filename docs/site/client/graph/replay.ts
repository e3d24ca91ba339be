/**
 * A computation that was noted, done again: the graph of a tensor is built anew, with other numbers in its leaves if one likes.
 * The program's tensors stay as they are.
 */
import { withGradMode } from "../../../../src/autograd/grad-mode.ts";
import { detach } from "../../../../src/autograd/op.ts";
import { clone } from "../../../../src/autograd/ops/shape.ts";
import { check } from "../../../../src/tensor/check.ts";
import { getRngState, setRngState } from "../../../../src/tensor/random/generator.ts";
import type { Tensor } from "../../../../src/tensor/tensor.ts";
import { callAnew, inputsOf } from "./operands.ts";
import { type Origin, originOf, tensorsIn, unrecorded, withTensors } from "./recording.ts";

/** The tensors of the program, with what each is when it is computed again. */
export type Recomputed = ReadonlyMap<Tensor, Tensor>;

/**
 * All that `result` was computed from, itself included: first what nothing computed, then the results in the order in which
 * they were computed.
 * @throws if one of them was changed in place, or was computed when nobody noted it
 */
export function tensorsBehind(result: Tensor): Tensor[] {
  const computed = new Map<Tensor, Origin>();
  const stack = [[result, result.storage.version] as const];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [x, version] = next;
    const origin = originOf(x);
    check(
      origin !== undefined || x.isLeaf,
      () => `it was not noted how ${x.gradFn?.name} computed a tensor of this graph`,
    );
    if (!origin) continue;
    const changed =
      "the graph cannot be computed again: a tensor in it was changed in place. Use the operation without the underscore.";
    check(origin.version === version, changed);
    if (computed.has(x)) continue;
    computed.set(x, origin);
    stack.push(...inputsOf(origin.call).map((input) => [input, origin.call.versions.get(input) as number] as const));
  }
  const inOrder = [...computed].sort(([, a], [, b]) => a.call.number - b.call.number || a.place - b.place);
  const given = inOrder.flatMap(([, { call }]) => inputsOf(call)).filter((x) => !originOf(x));
  return [...new Set(given), ...inOrder.map(([x]) => x)];
}

/** A tensor of its own, with those values, that nothing computed: a leaf, if x needs a gradient. */
export function fresh(x: Tensor, values: Tensor = x): Tensor {
  const y = clone(detach(values));
  y.requiresGrad = x.requiresGrad;
  return y;
}

/**
 * Computes it all again.
 * @param tensors as `tensorsBehind` gives them
 * @param changes what stands for some of those that nothing computed
 */
export function computeAnew(tensors: readonly Tensor[], changes: Recomputed): Recomputed {
  const anew = new Map<Tensor, Tensor>();
  const random = getRngState(); // what is drawn again is not missing from what the program draws next
  const results = new Map<Origin["call"], Tensor[]>();
  const replace = (x: Tensor) => anew.get(x) ?? x;
  const compute = () => {
    for (const x of tensors) {
      const origin = originOf(x);
      if (!origin) {
        anew.set(x, x.requiresGrad ? fresh(x, changes.get(x)) : (changes.get(x) ?? x));
        continue;
      }
      const { call, place } = origin;
      const given = results.get(call) ?? tensorsIn(callAnew(call, withTensors(call.args, replace) as unknown[]));
      results.set(call, given);
      anew.set(x, given[place]);
    }
  };
  try {
    unrecorded(() => withGradMode(true, compute));
  } finally {
    setRngState(random);
  }
  return anew;
}
