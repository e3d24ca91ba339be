/** Hooks: functions that are told of a gradient when it is known, and may replace it. */
import { check } from "../tensor/check.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Target } from "./graph.ts";
import { historyOf } from "./history.ts";
import { clone } from "./ops/shape.ts";

/** Is given the gradient of a tensor, not to be changed in place; a tensor that it returns takes its place. */
export type GradientHook = (gradient: Tensor) => unknown;

/** Takes a hook away again. */
export interface HookHandle {
  /** From now on the hook is not called. */
  remove(): void;
}

/** By where the gradient arrives, a leaf or the operation that made a tensor. */
const hooks = new WeakMap<Target, Set<GradientHook>>();

/** What `x.registerHook(hook)` does. @throws if x needs no gradient */
export function registerHook(x: Tensor, hook: GradientHook): HookHandle {
  const target = historyOf(x);
  check(target !== null, "cannot register a hook on a tensor that doesn't require gradient");
  return registerHookAt(target, hook);
}

/** The same where a gradient arrives: also for an operation whose output nobody holds. */
export function registerHookAt(target: Target, hook: GradientHook): HookHandle {
  const own = hooks.get(target) ?? new Set();
  hooks.set(target, own);
  return added(own, hook);
}

/** Adds a hook to others. */
export function added<Hook>(hooks: Set<Hook>, hook: Hook): HookHandle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}

/** The gradient that arrived at `target`, after its hooks. They may keep what they are shown and what they give: copies both. */
export function hooked(target: Target, gradient: Tensor): Tensor {
  const own = hooks.get(target);
  if (!own?.size) return gradient;
  let result = clone(gradient);
  for (const hook of own) {
    const replacement = hook(result);
    if (replacement instanceof Tensor) result = replacement;
  }
  return clone(result);
}
