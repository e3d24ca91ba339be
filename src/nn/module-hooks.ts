/**
 * The hooks of modules, and how they run: the first hook that is told when a module runs puts a function in front of the module's
 * forward, so that a module without hooks pays nothing. A copy of a module has its hooks.
 * Read next: hooks.ts, where they are registered.
 */
import { isGradEnabled } from "../autograd/grad-mode.ts";
import { Hooks, registerHook, replacement } from "../autograd/hooks.ts";
import { cat, narrow } from "../autograd/ops/parts.ts";
import { reshape, to } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import type { IncompatibleKeys } from "./state-dict.ts";

/** A module, of which hooks know no more. */
interface Hooked {
  // biome-ignore lint/suspicious/noExplicitAny: whatever a subclass says, it is a module
  forward(...inputs: any[]): any;
}

type Before = (module: Hooked, inputs: unknown[]) => unknown;
type After = (module: Hooked, inputs: unknown[], output: unknown) => unknown;
type Backward = (
  module: Hooked,
  gradInputs: Gradients,
  gradOutputs: Gradients,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one
) => Tensor | Gradients | null | undefined | void;
type Loaded = (module: Hooked, incompatibleKeys: IncompatibleKeys) => unknown;

/** The hooks of one module, by when they are called. */
export class ModuleHooks {
  readonly before = new Hooks<Before>();
  readonly after = new Hooks<After>();
  readonly backward = new Hooks<Backward>();
  readonly loaded = new Hooks<Loaded>();
  /** Whether forward calls them. */
  isRunning = false;
}

const hooksOf = new WeakMap<Hooked, ModuleHooks>();

/** The hooks of a module, for more to be added. */
export function hooksFor(module: Hooked): ModuleHooks {
  const hooks = hooksOf.get(module) ?? new ModuleHooks();
  hooksOf.set(module, hooks);
  return hooks;
}

/** The same, which from now on forward calls. */
export function runningHooksFor(module: Hooked): ModuleHooks {
  const hooks = hooksFor(module);
  if (hooks.isRunning) return hooks;
  hooks.isRunning = true;
  const { forward } = module;
  const withHooks = (...inputs: unknown[]) => run(module, hooks, (xs) => forward.apply(module, xs), inputs);
  Object.defineProperty(module, "forward", { value: withHooks, configurable: true });
  return hooks;
}

/** The functions that are called when a state has been loaded into a module. */
export const hooksWhenLoaded = (module: Hooked): Loaded[] => hooksOf.get(module)?.loaded.present() ?? [];

/** Gives a copy of a module the hooks that there are now. */
export function copyHooks(module: Hooked, copy: Hooked): void {
  const known = hooksOf.get(module);
  if (!known) return;
  const hooks = known.isRunning ? runningHooksFor(copy) : hooksFor(copy);
  for (const hook of known.before.present()) hooks.before.add(hook);
  for (const hook of known.after.present()) hooks.after.add(hook);
  for (const hook of known.backward.present()) hooks.backward.add(hook);
  for (const hook of known.loaded.present()) hooks.loaded.add(hook);
}

type Forward = (inputs: unknown[]) => unknown;

function run(module: Hooked, hooks: ModuleHooks, forward: Forward, given: unknown[]): unknown {
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
function runWatched(module: Hooked, hooks: Hooks<Backward>, forward: Forward, inputs: unknown[]): unknown {
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
function replaced(given: ReturnType<Backward>, gradients: Gradients): Gradients {
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
