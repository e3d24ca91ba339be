/**
 * Hooks of modules: functions that are told when a module runs, forward or backward. The first hook puts a function of its own
 * in front of the module's forward, so that a module without hooks pays nothing.
 */
import { isGradEnabled } from "../autograd/grad-mode.ts";
import { type HookHandle, Hooks, registerHook, replacement } from "../autograd/hooks.ts";
import { cat, narrow } from "../autograd/ops/parts.ts";
import { reshape, to } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { Module } from "./module.ts";

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

class ModuleHooks {
  readonly before = new Hooks<ForwardPreHook>();
  readonly after = new Hooks<ForwardHook>();
  readonly backward = new Hooks<BackwardHook>();
}

const hooksOf = new WeakMap<Module, ModuleHooks>();

/** The hooks of a module, which from the first time on runs them. */
function hooksFor(module: Module): ModuleHooks {
  const known = hooksOf.get(module);
  if (known) return known;
  const hooks = new ModuleHooks();
  hooksOf.set(module, hooks);
  const { forward } = module;
  const withHooks = (...inputs: unknown[]) => run(module, hooks, (xs) => forward.apply(module, xs), inputs);
  Object.defineProperty(module, "forward", { value: withHooks, configurable: true });
  return hooks;
}

type Forward = (inputs: unknown[]) => unknown;

function run(module: Module, hooks: ModuleHooks, forward: Forward, given: unknown[]): unknown {
  let inputs = given;
  for (const hook of hooks.before.present()) {
    const replaced = hook(module, inputs);
    if (replaced instanceof Tensor) inputs = [replaced];
    else if (Array.isArray(replaced)) inputs = replaced;
  }
  let output = hooks.backward.isEmpty ? forward(inputs) : runWatched(module, hooks.backward, forward, inputs);
  for (const hook of hooks.after.present()) {
    const replaced = hook(module, inputs, output);
    if (typeof replaced === "object" && replaced !== null) output = replaced;
  }
  return output;
}

/** Runs forward; in a backward pass, the hooks are called once the gradients of the output and of all inputs are there. */
function runWatched(module: Module, hooks: Hooks<BackwardHook>, forward: Forward, inputs: unknown[]): unknown {
  let gradOutputs: Gradients | null = null;
  const notify = (gradInputs: Gradients): Gradients => {
    const dys = gradOutputs;
    if (!dys) return gradInputs; // a gradient of a gradient, which does not come through the output
    gradOutputs = null;
    return hooks.present().reduce((dxs, hook) => replaced(hook(module, dxs, dys), dxs), gradInputs);
  };
  const output = forward(together(inputs, notify));
  const outputs = together(Array.isArray(output) ? output : [output], (dys) => {
    gradOutputs = dys;
    if (!inputs.some(isDifferentiable)) notify(inputs.map(() => null));
    return dys;
  });
  return Array.isArray(output) ? outputs : outputs[0];
}

/** Of several values, null for those that have none. */
type Gradients = readonly (Tensor | null)[];

const isDifferentiable = (x: unknown): x is Tensor => x instanceof Tensor && x.requiresGrad;

/** The same values, as parts of one vector: so their gradients arrive together, zeros for those that are not used. */
function together(values: unknown[], change: (gradients: Gradients) => Gradients): unknown[] {
  const joined = values.filter(isDifferentiable);
  if (joined.length === 0 || !isGradEnabled()) return values;
  const vectorOf = (xs: readonly Tensor[]) => cat(xs.map((x) => reshape(x, [x.numel])));
  const partsOf = (vector: Tensor): Gradients => {
    let end = 0;
    return values.map((x) => {
      if (!isDifferentiable(x)) return null;
      end += x.numel;
      return to(reshape(narrow(vector, 0, end - x.numel, x.numel), x.shape), x.dtype);
    });
  };
  const vector = vectorOf(joined);
  registerHook(vector, (gradient) => {
    const gradients = change(partsOf(gradient)).filter((dx) => dx !== null);
    return to(vectorOf(gradients), gradient.dtype);
  });
  return partsOf(vector).map((part, i) => part ?? values[i]);
}

/** The gradients after a hook. @throws if it gives what cannot take their place */
function replaced(given: ReturnType<BackwardHook>, gradients: Gradients): Gradients {
  if (given === undefined || given === null) return gradients;
  const known = gradients.filter((dx) => dx !== null).length;
  const several = "a backward hook can replace the gradient of a module's only input, but there are several";
  check(!(given instanceof Tensor) || known <= 1, several);
  const list: unknown = given instanceof Tensor ? gradients.map((dx) => dx && given) : given;
  const wrongNumber = () =>
    "Backward hook returned an invalid number of grad_input, " +
    `got ${Array.isArray(list) ? list.length : typeName(list)}, but expected ${gradients.length}`;
  check(Array.isArray(list) && list.length === gradients.length, wrongNumber);
  const noneNeeded =
    "Backward hook for Modules where no input requires gradient should always return None or None for all gradients.";
  check(known > 0 || !(given instanceof Tensor || list.some((dx) => dx !== null)), noneNeeded);
  return gradients.map((dx, i) => dx && replacement(list[i] ?? zerosLike(dx), dx));
}

declare module "./module.ts" {
  interface Module {
    /** Calls `hook` before each forward. Mirrors `torch.nn.Module.register_forward_pre_hook`. */
    registerForwardPreHook(hook: ForwardPreHook<this>): HookHandle;
    /** Calls `hook` after each forward. Mirrors `torch.nn.Module.register_forward_hook`. */
    registerForwardHook(hook: ForwardHook<this>): HookHandle;
    /** Calls `hook` in each backward pass. Mirrors `torch.nn.Module.register_full_backward_hook`. */
    registerFullBackwardHook(hook: BackwardHook): HookHandle;
  }
}

Module.prototype.registerForwardPreHook = function (hook) {
  return hooksFor(this).before.add(hook as ForwardPreHook);
};
Module.prototype.registerForwardHook = function (hook) {
  return hooksFor(this).after.add(hook as ForwardHook);
};
Module.prototype.registerFullBackwardHook = function (hook) {
  return hooksFor(this).backward.add(hook);
};
