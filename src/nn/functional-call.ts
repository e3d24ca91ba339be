/** A module as a function of its parameters and buffers: they are put into their places for one call. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { hiddenItems, join } from "./fields.ts";
import type { Module } from "./module.ts";
import type { StateDict } from "./state-dict.ts";
import { walk } from "./walk.ts";

/** What `functionalCall` may be told. */
export interface FunctionalCallOptions {
  /** Throw if a name is missing or unknown; else the module's own tensor is used, or the name ignored. Default: false. */
  strict?: boolean;
}

/**
 * What the module computes with these parameters and buffers, by the names of its state dict, in place of its own; a tensor that is
 * there under several names is replaced under all. Gradients go to those that are given. Mirrors `torch.func.functional_call`.
 * @param parametersAndBuffers such dicts, the later ones first where both have a name
 * @param args the input, or a list of all inputs
 * @throws with strict, unless the names are exactly those of the module
 * @example
 * const layer = new nn.Linear(2, 1);
 * const weights = { weight: tensor([[1, 2]]), bias: tensor([10]) };
 * console.log(func.functionalCall(layer, weights, tensor([[1, 1]])));
 * const loss = (w: Record<string, Tensor>) => func.functionalCall(layer, w, tensor([[1, 1]])).sum();
 * console.log(func.grad(loss)(weights));
 */
export function functionalCall(
  module: Module,
  parametersAndBuffers: StateDict | readonly StateDict[],
  args: unknown = [],
  options?: FunctionalCallOptions,
  // biome-ignore lint/suspicious/noExplicitAny: what the module gives
): any {
  const { strict } = readOptions(options, { strict: false });
  const given: StateDict = Object.assign({}, ...[parametersAndBuffers].flat());
  const own = namedTensors(module);
  if (strict) checkNames(module, [...own.keys()], Object.keys(given));
  const replacements = new Map<unknown, Tensor>();
  for (const [name, value] of Object.entries(given)) {
    const place = own.get(name);
    const notTensor = () => `functionalCall: "${name}" must be a tensor`;
    check(value instanceof Tensor, notTensor, TypeError);
    if (place) replacements.set(place, value);
  }
  const undo = module.modules().flatMap((part) => replaced(part, replacements));
  try {
    return module.forward(...(Array.isArray(args) ? args : [args]));
  } finally {
    for (const putBack of undo) putBack();
  }
}

/** The module's parameters and buffers, under all their names. */
function namedTensors(module: Module): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const { name: prefix, module: part, isEnd } of walk<Module>(module, (part) => part.namedChildren())) {
    if (isEnd) continue;
    const own = [...part.namedParameters({ recurse: false }), ...part.namedBuffers({ recurse: false })];
    for (const [name, tensor] of own) tensors.set(join(prefix, name), tensor);
  }
  return tensors;
}

/** @throws in PyTorch's words, unless they are the same names */
function checkNames(module: Module, own: readonly string[], given: readonly string[]): void {
  const [missing, unexpected] = [
    own.filter((name) => !given.includes(name)),
    given.filter((name) => !own.includes(name)),
  ];
  const problems = Object.entries({ Unexpected: unexpected, Missing: missing }).flatMap(([kind, names]) =>
    names.length > 0 ? [`${kind} key(s): ${names.map((name) => `'${name}'`).join(", ")}.`] : [],
  );
  const words = () => `Error(s) in reparametrizing for ${module.constructor.name}:\n\t${problems.join("\n\t")}`;
  check(problems.length === 0, words);
}

/** Puts other tensors into the places of those that a module holds itself. @returns what puts each back */
function replaced(module: Module, replacements: ReadonlyMap<unknown, Tensor>): (() => void)[] {
  const undo: (() => void)[] = [];
  const seen = new Set<unknown>();
  const visit = (value: unknown, put: (other: unknown) => void): void => {
    const other = replacements.get(value);
    if (other) {
      put(other);
      undo.push(() => put(value));
    } else if (!seen.has(value)) {
      seen.add(value);
      if (value instanceof Map) for (const [key, item] of value) visit(item, (other) => value.set(key, other));
      else if (value instanceof Set) visitSet(value);
      else if (Array.isArray(value) || isPlain(value)) visitFields(value);
    }
  };
  const visitFields = (holder: object): void => {
    for (const [key, item] of Object.entries(holder)) visit(item, (other) => Object.assign(holder, { [key]: other }));
  };
  /** A set has no places: it is filled anew, in the same order. */
  const visitSet = (set: Set<unknown>): void => {
    const items = [...set];
    const refill = () => {
      set.clear();
      for (const item of items) set.add(item);
    };
    for (const [i, item] of items.entries()) {
      visit(item, (other) => {
        items[i] = other;
        refill();
      });
    }
  };
  visitFields(module);
  visit(module[hiddenItems](), () => {});
  return undo;
}
