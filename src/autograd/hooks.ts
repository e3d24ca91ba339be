/** Hooks: functions that are told of a gradient when it is known, and may replace it. */
import { check } from "../tensor/check.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import type { Target } from "./graph.ts";
import { historyOf } from "./history.ts";
import { clone } from "./ops/shape.ts";

/** Is given the gradient of a tensor, not to be changed in place; a tensor that it returns takes its place. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one
export type GradientHook = (gradient: Tensor) => Tensor | null | undefined | void;

/** Takes a hook away again. */
export interface HookHandle {
  /** From the next time on the hook is not called. */
  remove(): void;
}

/** Hooks in the order of their registration; a function that is registered twice is there twice. */
export class Hooks<Hook> {
  readonly #registrations = new Set<{ readonly hook: Hook }>();

  add(hook: Hook): HookHandle {
    const registration = { hook };
    this.#registrations.add(registration);
    return { remove: () => void this.#registrations.delete(registration) };
  }

  /** Takes those away that are meant. */
  delete(isMeant: (hook: Hook) => boolean): void {
    for (const registration of this.#registrations)
      if (isMeant(registration.hook)) this.#registrations.delete(registration);
  }

  get isEmpty(): boolean {
    return this.#registrations.size === 0;
  }

  /** Those that are registered now: what a hook adds or removes while they run counts from the next time on. */
  present(): Hook[] {
    return Array.from(this.#registrations, ({ hook }) => hook);
  }
}

/** By where the gradient arrives, a leaf or the operation that made a tensor. */
const hooksOf = new WeakMap<Target, Hooks<GradientHook>>();

/** What `x.registerHook(hook)` does. @throws if x needs no gradient */
export function registerHook(x: Tensor, hook: GradientHook): HookHandle {
  const target = historyOf(x);
  check(
    target !== null,
    "cannot register a hook on a tensor that doesn't require gradient: make it with { requiresGrad: true }",
  );
  return registerHookAt(target, hook);
}

/** The same where a gradient arrives: also for an operation whose output nobody holds. */
export function registerHookAt(target: Target, hook: GradientHook): HookHandle {
  const own = hooksOf.get(target) ?? new Hooks();
  hooksOf.set(target, own);
  return own.add(hook);
}

/**
 * The gradient that arrived at `target`, after its hooks. They may keep what they are shown and what they give: copies both.
 * @throws if a hook gives what cannot take the gradient's place
 */
export function hooked(target: Target, gradient: Tensor): Tensor {
  const own = hooksOf.get(target);
  if (!own || own.isEmpty) return gradient;
  let result = clone(gradient);
  for (const hook of own.present()) result = replacement(hook(result), result);
  return clone(result);
}

/** What a hook gives in the place of a gradient, if it gives something. @throws if it does not fit there */
export function replacement(given: ReturnType<GradientHook>, gradient: Tensor): Tensor {
  if (given === undefined || given === null) return gradient;
  const notTensor = () =>
    `expected Variable, but hook returned '${typeName(given)}': a hook returns a tensor, or nothing, as () => void list.push(x)`;
  check(given instanceof Tensor, notTensor, TypeError);
  const [was, got] = [typeName(gradient), typeName(given)];
  check(was === got, () => `hook has changed the type of value (was ${was} got ${got})`);
  const otherShape = () =>
    `hook has changed the size of value (was ${formatShape(gradient.shape)} got ${formatShape(given.shape)})`;
  check(sameShape(gradient.shape, given.shape), otherShape);
  return given;
}
