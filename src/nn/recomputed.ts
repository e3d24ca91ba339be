/**
 * Fields that are computed of a module's parameters before each forward, where they were parameters themselves: what weightNorm,
 * spectralNorm and prune share.
 */
import "./hooks.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";
import { hooksFor } from "./module-hooks.ts";
import { Parameter } from "./parameter.ts";
import { isUninitialized } from "./uninitialized.ts";

/** The fields of all modules that are computed in one way, each by a rule of its own. */
export class RecomputedFields<Rule> {
  /** By what computes them before a forward, which a module's copies have, too. */
  readonly #known = new WeakMap<object, { readonly name: string; readonly rule: Rule }>();

  get(module: Module, name: string): Rule | undefined {
    return this.#rules(module).find((known) => known.name === name)?.rule;
  }

  /** Whether any field of the module is among them. */
  has(module: Module): boolean {
    return this.#rules(module).length > 0;
  }

  /** From now on the field is computed before each forward, of the module or of a copy of it. */
  add(module: Module, name: string, rule: Rule, compute: (module: Module) => Tensor): void {
    this.remove(module, name);
    const hook = (hooked: Module) => setField(hooked, name, compute(hooked));
    this.#known.set(hook, { name, rule });
    module.registerForwardPreHook(hook);
  }

  remove(module: Module, name: string): void {
    hooksFor(module).before.delete((hook) => this.#known.get(hook)?.name === name);
  }

  #rules(module: Module) {
    return hooksFor(module)
      .before.present()
      .flatMap((hook) => this.#known.get(hook) ?? []);
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
