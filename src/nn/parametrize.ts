/**
 * The `nn.utils.parametrize` namespace: parameters that are computed, each time they are read, of others by modules. A module whose
 * parameters are computed gets a class of its own, derived from its class, in which they are accessors. Mirrors
 * `torch.nn.utils.parametrize`.
 */
import { noGrad } from "../autograd/grad-mode.ts";
import { detach } from "../autograd/op.ts";
import { synchronously } from "../autograd/synchronous.ts";
import { become } from "../tensor/become.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { ModuleDict } from "./container.ts";
import { snakeCase } from "./fields.ts";
import { forget, type Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import {
  checkParametrization,
  checkSame,
  checkTensor,
  NotImplementedError,
  type Parametrization,
  ParametrizationList,
  registerTensor,
} from "./parametrization-list.ts";
import { isUninitialized } from "./uninitialized.ts";

export { type Parametrization, ParametrizationList };

type ModuleClass = abstract new () => Module;

/** The classes in which fields are accessors: what they are derived from, and which fields. */
const derived = new WeakMap<ModuleClass, { readonly base: ModuleClass; readonly fields: readonly string[] }>();

const classOf = (module: Module) => module.constructor as ModuleClass;

/** Gives the module the class in which just these fields are accessors: without any, its own. */
function computeFields(module: Module, fields: readonly string[]): void {
  const base = typeBeforeParametrizations(module) as ModuleClass;
  const Class = fields.length > 0 ? withAccessors(base, fields) : base;
  Object.setPrototypeOf(module, Class.prototype);
}

function withAccessors(base: ModuleClass, fields: readonly string[]): ModuleClass {
  abstract class Class extends base {}
  Object.defineProperty(Class, "name", { value: `Parametrized${base.name}` });
  for (const field of fields) {
    Object.defineProperty(Class.prototype, field, {
      get(this: Module) {
        return computed(listOf(this, field));
      },
      set(this: Module, value: Tensor) {
        listOf(this, field).rightInverse(value);
      },
    });
  }
  derived.set(Class, { base, fields });
  return Class;
}

const fieldsOf = (module: Module): readonly string[] => derived.get(classOf(module))?.fields ?? [];

/** The lists of a module by the names that their tensors have in a state dict. */
const listsOf = (module: Module): unknown => Reflect.get(module, "parametrizations");

const listOf = (module: Module, name: string): ParametrizationList =>
  (listsOf(module) as ModuleDict).get(snakeCase(name)) as ParametrizationList;

/** The values that were computed within `cached`. */
let cache: Map<ParametrizationList, Tensor> | null = null;

function computed(list: ParametrizationList): Tensor {
  const value = cache?.get(list) ?? list.forward();
  cache?.set(list, value);
  return value;
}

/**
 * Runs a function in which each parametrized tensor is computed once, however often it is read, and returns what it does. Mirrors
 * `torch.nn.utils.parametrize.cached`.
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 2));
 * console.log(nn.utils.parametrize.cached(() => layer.weight === layer.weight), layer.weight === layer.weight);
 */
export function cached<T>(run: () => T): T {
  if (cache) return run();
  cache = new Map();
  try {
    return synchronously("cached runs", run);
  } finally {
    cache = null;
  }
}

/** What registerParametrization may be told. */
export interface ParametrizationOptions {
  /** Lets the value have another dtype and shape than the tensor, and does not check. Default: false. */
  unsafe?: boolean;
}

/**
 * Has a parameter or buffer computed by a module: who reads `module.weight` gets what its forward makes of the original tensor, a
 * parameter like that before, now `parametrizations.weight.original` in a state dict. Assigning to it sets the original to the right
 * inverse, if there is one. More parametrizations of the same tensor go on from there. Returns the module. Mirrors
 * `torch.nn.utils.parametrize.register_parametrization`.
 * @throws if there is no such tensor, or unless what is computed has its dtype and shape
 * @example
 * class Symmetric extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).t());
 *   }
 *   rightInverse(x: Tensor): Tensor {
 *     return x.triu();
 *   }
 * }
 * const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(2, 2), "weight", new Symmetric());
 * console.log(layer, layer.weight.sub(layer.weight.t()), Object.keys(layer.stateDict()));
 * Object.assign(layer, { weight: tensor([[1, 2], [2, 1]]) });
 * console.log(layer.weight);
 */
export function registerParametrization<M extends Module>(
  module: M,
  tensorName: string,
  parametrization: Parametrization,
  options?: ParametrizationOptions,
): M {
  const { unsafe } = readOptions(options, { unsafe: false });
  checkParametrization(parametrization);
  parametrization.train(module.training);
  if (isParametrized(module, tensorName)) {
    if (!unsafe) checkAddition(module, tensorName, parametrization);
    const list = listOf(module, tensorName);
    list.append(parametrization);
    list.unsafe ||= unsafe;
    return module;
  }
  const original: unknown = Reflect.get(module, tensorName);
  const isHeld = original instanceof Parameter || module.buffers({ recurse: false }).includes(original as Tensor);
  const missing = () =>
    `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${tensorName}'`;
  check(isHeld, missing);
  const lazy = () => `'${tensorName}' of ${module.constructor.name} is not there until it has seen an input`;
  check(!isUninitialized(original as Tensor), lazy);
  const list = new ParametrizationList([parametrization], original as Tensor, unsafe);
  forget(module, tensorName);
  if (!isParametrized(module)) Object.assign(module, { parametrizations: new ModuleDict() });
  (listsOf(module) as ModuleDict).set(snakeCase(tensorName), list);
  computeFields(module, [...fieldsOf(module), tensorName]);
  return module;
}

/** @throws unless a further parametrization and its right inverse keep dtype and shape */
function checkAddition(module: Module, name: string, parametrization: Parametrization): void {
  const before: Tensor = Reflect.get(module, name);
  const value: unknown = parametrization.forward(before);
  checkTensor(value);
  const known = { tensor: before, is: `module.${name}.$` };
  const words = (what: string) =>
    `Registering a parametrization may not change the ${what} of the tensor, unless the \`unsafe\` flag is enabled.`;
  const made = { tensor: value, is: `parametrization(module.${name}).$` };
  checkSame(known, made, words("dtype"), words("shape"));
  if (!parametrization.rightInverse) return;
  let inverted: unknown;
  try {
    inverted = parametrization.rightInverse(value);
  } catch (error) {
    if (error instanceof NotImplementedError) return;
    throw error;
  }
  const notTensor = () => `parametrization.right_inverse must return a tensor. Got: ${typeName(inverted)}`;
  check(inverted instanceof Tensor, notTensor);
  const inverseWords = (what: string) =>
    `The tensor returned by parametrization.right_inverse must have the same ${what} as module.${name}, ` +
    "unless the `unsafe` flag is enabled.";
  checkSame(known, { tensor: inverted, is: "returned $" }, inverseWords("dtype"), inverseWords("shape"));
}

/**
 * Whether any tensor of the module is parametrized, or the one of that name. Mirrors `torch.nn.utils.parametrize.is_parametrized`.
 * @example nn.utils.parametrize.isParametrized(new nn.Linear(2, 2))
 */
export function isParametrized(module: Module, tensorName?: string | null): boolean {
  const lists = listsOf(module);
  if (!(lists instanceof ModuleDict)) return false;
  return typeof tensorName === "string" ? lists.has(snakeCase(tensorName)) : lists.length > 0;
}

/** What removeParametrizations may be told. */
export interface RemoveParametrizationsOptions {
  /** Whether the tensor keeps the value that was computed; else it gets that of the original. Default: true. */
  leaveParametrized?: boolean;
}

/**
 * Undoes all parametrizations of a tensor: it is a parameter or buffer again, the original one, or, if there were several, a new one.
 * Returns the module. Mirrors `torch.nn.utils.parametrize.remove_parametrizations`.
 * @throws unless it is parametrized; or if it is to get the value of an original, and there are several
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 2));
 * console.log(nn.utils.parametrize.removeParametrizations(layer, "weight").namedParameters().length);
 */
export function removeParametrizations<M extends Module>(
  module: M,
  tensorName: string,
  options?: RemoveParametrizationsOptions,
): M {
  const { leaveParametrized } = readOptions(options, { leaveParametrized: true });
  const missing = () => `Module ${module} does not have a parametrization on ${tensorName}`;
  check(isParametrized(module, tensorName), missing);
  const list = listOf(module, tensorName);
  const tensor = list.isTensor
    ? original(list, leaveParametrized ? noGrad(() => computed(list)) : null)
    : joined(list, leaveParametrized);
  const lists = listsOf(module) as ModuleDict;
  lists.delete(snakeCase(tensorName));
  computeFields(
    module,
    fieldsOf(module).filter((field) => field !== tensorName),
  );
  if (lists.length === 0) forget(module, "parametrizations");
  registerTensor(module, tensorName, tensor);
  return module;
}

/** The original, with the value if one is given. */
function original({ originals: [tensor] }: ParametrizationList, value: Tensor | null): Tensor {
  if (value) become(tensor, value);
  return tensor;
}

/** A new tensor of the value that several originals make. */
function joined(list: ParametrizationList, leaveParametrized: boolean): Tensor {
  const several =
    "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.";
  check(leaveParametrized, several);
  const value = computed(list);
  return value.requiresGrad ? new Parameter(detach(value)) : value;
}

/**
 * Gives another module the parametrizations of a module and, as the very same parameters, what they compute from; all of them, or
 * those of one tensor. A tensor that the other module does not have is made. Returns the other module; nothing happens if there is
 * nothing to give. Mirrors `torch.nn.utils.parametrize.transfer_parametrizations_and_params`.
 * @throws unless the tensor of that name is parametrized
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 2));
 * const other = nn.utils.parametrize.transferParametrizationsAndParams(layer, new nn.Linear(2, 2));
 * console.log(other.getParameter("parametrizations.weight.original") === layer.getParameter("parametrizations.weight.original"));
 */
export function transferParametrizationsAndParams<M extends Module>(
  fromModule: Module,
  toModule: M,
  tensorName?: string | null,
): M {
  if (!isParametrized(fromModule)) return toModule;
  for (const name of typeof tensorName === "string" ? [tensorName] : fieldsOf(fromModule)) {
    const missing = () => `Module ${fromModule} does not have a parametrization on ${name}`;
    check(isParametrized(fromModule, name), missing);
    const list = listOf(fromModule, name);
    const isThere = Reflect.get(toModule, name) !== undefined;
    if (!isThere) toModule.registerParameter(name, new Parameter(noGrad(() => list.forward()).clone()));
    for (const parametrization of list) registerParametrization(toModule, name, parametrization);
    const own = listOf(toModule, name);
    const names = list.isTensor ? ["original"] : list.originals.map((_, i) => `original${i}`);
    for (const [i, place] of names.entries()) {
      forget(own, place);
      registerTensor(own, place, list.originals[i]);
    }
  }
  return toModule;
}

/**
 * The class of a module before any tensor was parametrized. Mirrors `torch.nn.utils.parametrize.type_before_parametrizations`.
 * @example
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(2, 2));
 * console.log(layer.constructor.name, nn.utils.parametrize.typeBeforeParametrizations(layer).name);
 */
export function typeBeforeParametrizations(module: Module): abstract new (...args: never[]) => Module {
  const own = classOf(module);
  return derived.get(own)?.base ?? own;
}
