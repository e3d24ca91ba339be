/**
 * Fields that are computed of a module's parameters before each forward, where they were parameters themselves: what weightNorm,
 * spectralNorm and prune share.
 */
import "./hooks.ts";
import type { HookHandle } from "../autograd/hooks.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { isUninitialized } from "./uninitialized.ts";

/** The fields of all modules that are computed in one way, each by a rule of its own. */
export class RecomputedFields<Rule> {
  readonly #known = new WeakMap<Module, Map<string, { readonly rule: Rule; readonly hook: HookHandle }>>();

  get(module: Module, name: string): Rule | undefined {
    return this.#known.get(module)?.get(name)?.rule;
  }

  /** Whether any field of the module is among them. */
  has(module: Module): boolean {
    return (this.#known.get(module)?.size ?? 0) > 0;
  }

  /** From now on the field is computed before each forward. */
  add(module: Module, name: string, rule: Rule, compute: () => Tensor): void {
    this.remove(module, name);
    const hook = module.registerForwardPreHook(() => setField(module, name, compute()));
    const fields = this.#known.get(module) ?? new Map();
    this.#known.set(module, fields.set(name, { rule, hook }));
  }

  remove(module: Module, name: string): void {
    const fields = this.#known.get(module);
    fields?.get(name)?.hook.remove();
    fields?.delete(name);
  }
}

/** Puts a tensor into a field that is no place for a parameter. */
export const setField = (module: Module, name: string, value: Tensor): void =>
  void Object.assign(module, { [name]: value });

/** The tensor in a field. @throws in PyTorch's words, if there is none */
export function fieldOf(module: Module, name: string): unknown {
  const value: unknown = Reflect.get(module, name);
  const { name: className } = module.constructor;
  check(value !== undefined, () => `'${className}' object has no attribute '${name}'`);
  return value;
}

/** The parameter in a field, for what calls itself `by` and does `what`. @throws if there is none, or it is not there yet */
export function parameterIn(module: Module, name: string, by: string, what: string): Parameter {
  const value = fieldOf(module, name);
  check(value !== null, () => `\`${by}\` cannot be applied as parameter \`${name}\` is None`);
  const other = () => `\`${by}\` cannot be applied as \`${name}\` of ${module.constructor.name} is no parameter`;
  check(value instanceof Parameter, other);
  const lazy = () =>
    `The module passed to \`${by}\` can't have uninitialized parameters. ` +
    `Make sure to run the dummy forward before applying ${what}`;
  check(!isUninitialized(value), lazy);
  return value;
}
