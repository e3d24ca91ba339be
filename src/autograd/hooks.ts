/** Hooks: functions that are told of a gradient when it is known, and may replace it. */
import { Tensor } from "../tensor/tensor.ts";
import { historyOf, type Target } from "./graph.ts";

/** Is given the gradient of a tensor, not to be changed in place; a tensor that it returns takes its place. */
export type GradientHook = (gradient: Tensor) => unknown;

/** Takes a hook away again. */
export interface HookHandle {
  remove(): void;
}

/** By where the gradient arrives, a leaf or the operation that made a tensor. */
const hooks = new WeakMap<Target, Set<GradientHook>>();

/**
 * Calls `hook` in every backward pass with the whole gradient of x. Hooks of one tensor run in the order in which they were
 * registered, before its gradient is used or kept. Mirrors `torch.Tensor.register_hook`.
 *
 * @throws if x needs no gradient
 */
export function registerHook(x: Tensor, hook: GradientHook): HookHandle {
  const target = historyOf(x);
  if (!target) throw new Error("cannot register a hook on a tensor that doesn't require gradient");
  return registerHookAt(target, hook);
}

/** The same where a gradient arrives: also for an operation whose output nobody holds. */
export function registerHookAt(target: Target, hook: GradientHook): HookHandle {
  const own = hooks.get(target) ?? new Set();
  hooks.set(target, own.add(hook));
  return { remove: () => void own.delete(hook) };
}

/** Whether a gradient that arrives at `target` passes through code of the user's. */
export const hasHooks = (target: Target): boolean => (hooks.get(target)?.size ?? 0) > 0;

/** The gradient that arrived at `target`, after its hooks. */
export function hooked(target: Target, gradient: Tensor): Tensor {
  let result = gradient;
  for (const hook of hooks.get(target) ?? []) {
    const replacement = hook(result);
    if (replacement instanceof Tensor) result = replacement;
  }
  return result;
}
