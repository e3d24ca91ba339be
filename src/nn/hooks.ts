/**
 * Hooks of modules: functions that are told when a module runs, forward or backward. The first hook puts a function of its own
 * in front of the module's forward, so that a module without hooks pays nothing.
 */
import { added, type HookHandle, registerHook } from "../autograd/hooks.ts";
import { view } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** Runs before forward; a tensor or an array of tensors that it returns takes the place of the inputs. */
export type ForwardPreHook = (module: Module, inputs: readonly Tensor[]) => unknown;
/** Runs after forward; a tensor that it returns takes the place of the output. */
export type ForwardHook = (module: Module, inputs: readonly Tensor[], output: Tensor) => unknown;
/**
 * Runs when the gradients of a module's inputs are known, null for inputs that need none. A tensor that it returns takes the
 * place of the gradient of a module's only input.
 */
export type BackwardHook = (
  module: Module,
  gradInputs: readonly (Tensor | null)[],
  gradOutputs: readonly Tensor[],
) => unknown;

interface Hooks {
  readonly before: Set<ForwardPreHook>;
  readonly after: Set<ForwardHook>;
  readonly backward: Set<BackwardHook>;
}

const hooksOf = new WeakMap<Module, Hooks>();

/** The hooks of a module, which from the first time on runs them. */
function hooksFor(module: Module): Hooks {
  const known = hooksOf.get(module);
  if (known) return known;
  const hooks: Hooks = { before: new Set(), after: new Set(), backward: new Set() };
  hooksOf.set(module, hooks);
  const { forward } = module;
  const withHooks = (...inputs: Tensor[]) => run(module, hooks, (...xs) => forward.apply(module, xs), inputs);
  Object.defineProperty(module, "forward", { value: withHooks, configurable: true });
  return hooks;
}

function run(module: Module, hooks: Hooks, forward: (...inputs: Tensor[]) => Tensor, given: Tensor[]): Tensor {
  let inputs = given;
  for (const hook of hooks.before) {
    const replaced = hook(module, inputs);
    if (replaced instanceof Tensor) inputs = [replaced];
    else if (Array.isArray(replaced)) inputs = replaced;
  }
  // Views, so that their gradients are those that come through this module.
  const own = hooks.backward.size > 0 ? inputs.map((x) => (x.requiresGrad ? view(x, x.shape) : x)) : inputs;
  let output = forward(...own);
  for (const hook of hooks.after) {
    const replaced = hook(module, inputs, output);
    if (replaced instanceof Tensor) output = replaced;
  }
  if (hooks.backward.size > 0 && output.requiresGrad) watchGradients(module, hooks, own, output);
  return output;
}

/** Calls the backward hooks once the gradients of the output and of all inputs are there. */
function watchGradients(module: Module, { backward }: Hooks, inputs: readonly Tensor[], output: Tensor): void {
  const gradInputs: (Tensor | null)[] = inputs.map(() => null);
  const wanted = inputs.filter((x) => x.requiresGrad).length;
  let gradOutputs: Tensor[] = [];
  let missing = wanted;
  const notify = (): Tensor | undefined => {
    let replacement: Tensor | undefined;
    for (const hook of backward) {
      const returned = hook(module, [...gradInputs], gradOutputs);
      if (!(returned instanceof Tensor)) continue;
      check(wanted === 1, "a backward hook can replace the gradient of a module's only input, but there are several");
      replacement = returned;
      gradInputs[inputs.findIndex((x) => x.requiresGrad)] = returned;
    }
    return replacement;
  };
  registerHook(output, (dy) => {
    gradOutputs = [dy];
    missing = wanted;
    if (wanted === 0) notify();
  });
  for (const [i, x] of inputs.entries()) {
    if (!x.requiresGrad) continue;
    registerHook(x, (dx) => {
      gradInputs[i] = dx;
      missing--;
      return missing === 0 ? notify() : undefined;
    });
  }
}

const methods = {
  /** Calls `hook` before each forward. Mirrors `torch.nn.Module.register_forward_pre_hook`. */
  registerForwardPreHook(this: Module, hook: ForwardPreHook): HookHandle {
    return added(hooksFor(this).before, hook);
  },
  /** Calls `hook` after each forward. Mirrors `torch.nn.Module.register_forward_hook`. */
  registerForwardHook(this: Module, hook: ForwardHook): HookHandle {
    return added(hooksFor(this).after, hook);
  },
  /** Calls `hook` in each backward pass. Mirrors `torch.nn.Module.register_full_backward_hook`. */
  registerFullBackwardHook(this: Module, hook: BackwardHook): HookHandle {
    return added(hooksFor(this).backward, hook);
  },
};

type ModuleHooks = typeof methods;

declare module "./module.ts" {
  interface Module extends ModuleHooks {}
}

Object.assign(Module.prototype, methods);
