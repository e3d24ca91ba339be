/**
 * How each tensor was computed, noted while a program runs, so that it can be computed again.
 * Read next: replay.ts, which does that.
 */
import { isGradEnabled } from "../../../../src/autograd/grad-mode.ts";
import { isPlain } from "../../../../src/tensor/plain.ts";
import { Tensor } from "../../../../src/tensor/tensor.ts";
import { startWatching, type Watcher, watchCalls } from "../../../../src/tensor/watch.ts";

/** A call that a tensor came from. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** How often the memory of each tensor among them had been changed then. */
  readonly versions: ReadonlyMap<Tensor, number>;
  /** The function, if users do not have it by this name. */
  readonly called: ((...args: unknown[]) => unknown) | undefined;
  /** Counts up: what has a smaller one is older. */
  readonly number: number;
}

/** The call, which of the tensors that it gave this one is, and how often its memory had been changed then. */
export interface Origin {
  readonly call: Call;
  readonly place: number;
  readonly version: number;
}

/** For as long as somebody has the tensor. */
const origins = new WeakMap<Tensor, Origin>();
let calls = 0;

/** Where x came from; undefined if it is a leaf, a constant, or was computed when nobody noted it. */
export const originOf = (x: Tensor): Origin | undefined => origins.get(x);

/** What does not depend on a leaf stays what it is; and nothing in noGrad, where optimizers work, is ever computed again. */
const note: Watcher = (name, args, result, called) => {
  const given = tensorsIn(args);
  if (!isGradEnabled() || !given.some((x) => x.requiresGrad || origins.has(x))) return;
  const versions = new Map(given.map((x) => [x, x.storage.version]));
  const call: Call = { name, args, versions, called, number: calls++ };
  // A result that was among the arguments had been computed before, by what nobody saw; softmax's can be computed again (operands.ts).
  const isNew = (y: Tensor) => !versions.has(y) || (name === "softmax" && !y.isLeaf);
  for (const [place, y] of tensorsIn(result).entries())
    if (isNew(y)) origins.set(y, { call, place, version: y.storage.version });
};

/** Notes all that is computed from now on, until what is returned is called. */
export const startRecording = (): (() => void) => startWatching(note);

/** Notes what `work` computes. */
export const recorded = <T>(work: () => T): T => watchCalls(note, work);

/** Notes nothing of it. */
export const unrecorded = <T>(work: () => T): T => watchCalls(() => undefined, work);

/** The tensors among arguments or results, in lists and options, too. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return isPlain(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

/** The same with other tensors. */
export function withTensors(value: unknown, replace: (x: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return replace(value);
  if (Array.isArray(value)) return value.map((item) => withTensors(item, replace));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTensors(item, replace)]));
}
