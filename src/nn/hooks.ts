/**
 * Hooks of modules: functions that are told when a module runs, forward or backward, or has got a state.
 * Read next: module-hooks.ts, how they are run.
 */
import type { HookHandle } from "../autograd/hooks.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { hooksFor, runningHooksFor } from "./module-hooks.ts";
import type { IncompatibleKeys } from "./state-dict.ts";

/** Runs before forward; a tensor or an array of all inputs that it returns takes the place of the inputs. */
export type ForwardPreHook<Hooked extends Module = Module> = (
  module: Hooked,
  inputs: Parameters<Hooked["forward"]>,
) => unknown;

/** Runs after forward; a tensor, array or object that it returns takes the place of the output. */
export type ForwardHook<Hooked extends Module = Module> = (
  module: Hooked,
  inputs: Parameters<Hooked["forward"]>,
  output: ReturnType<Hooked["forward"]>,
) => unknown;

/**
 * Runs when the gradients of a module's inputs are known: zeros for an input that the output does not depend on, null for one
 * that needs none. An array of gradients that it returns takes their place; for a module of one input, a tensor too. It is for
 * modules that return a tensor or an array of them.
 */
export type BackwardHook = (
  module: Module,
  gradInputs: readonly (Tensor | null)[],
  gradOutputs: readonly (Tensor | null)[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one
) => Tensor | readonly (Tensor | null)[] | null | undefined | void;

/**
 * Runs when a state has been loaded into a module and all below it, before names that only one side has are refused: it may take
 * them out of the lists, or add to them. Returns nothing.
 */
export type LoadStateDictPostHook<Hooked extends Module = Module> = (
  module: Hooked,
  incompatibleKeys: IncompatibleKeys,
) => void;

declare module "./module.ts" {
  interface Module {
    /** Calls `hook` before each forward. Mirrors `torch.nn.Module.register_forward_pre_hook`. */
    registerForwardPreHook(hook: ForwardPreHook<this>): HookHandle;
    /** Calls `hook` after each forward. Mirrors `torch.nn.Module.register_forward_hook`. */
    registerForwardHook(hook: ForwardHook<this>): HookHandle;
    /** Calls `hook` in each backward pass. Mirrors `torch.nn.Module.register_full_backward_hook`. */
    registerFullBackwardHook(hook: BackwardHook): HookHandle;
    /**
     * Calls `hook` whenever a state has been loaded into this module. Mirrors
     * `torch.nn.Module.register_load_state_dict_post_hook`.
     * @example
     * const layer = new nn.Linear(2, 1);
     * layer.registerLoadStateDictPostHook((_, { missingKeys }) => void missingKeys.splice(0)); // what is missing stays as it is
     * console.log(layer.loadStateDict({ weight: ones([1, 2]) }));
     */
    registerLoadStateDictPostHook(hook: LoadStateDictPostHook<this>): HookHandle;
  }
}

Module.prototype.registerForwardPreHook = function (hook) {
  return runningHooksFor(this).before.add(hook as Parameters<ReturnType<typeof hooksFor>["before"]["add"]>[0]);
};
Module.prototype.registerForwardHook = function (hook) {
  return runningHooksFor(this).after.add(hook as Parameters<ReturnType<typeof hooksFor>["after"]["add"]>[0]);
};
Module.prototype.registerFullBackwardHook = function (hook) {
  return runningHooksFor(this).backward.add(hook as Parameters<ReturnType<typeof hooksFor>["backward"]["add"]>[0]);
};
Module.prototype.registerLoadStateDictPostHook = function (hook) {
  return hooksFor(this).loaded.add(hook as Parameters<ReturnType<typeof hooksFor>["loaded"]["add"]>[0]);
};
