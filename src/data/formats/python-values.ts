/**
 * Values of Python's as JavaScript has them, and back. A dict whose keys are texts is a plain object, any other a Map; lists and tuples
 * are arrays; a whole number beyond those that are exact is a bigint.
 *
 * An optimizer's state dict is the same thing under other names: `weight_decay` of `param_groups` is `weightDecay` of
 * `paramGroups`, and the parameters are numbered by texts, since a plain object has no other keys.
 */
import { isPlain } from "../../tensor/plain.ts";
import { Storage, Tensor } from "../../tensor/tensor.ts";
import type { Expect } from "./expect.ts";

/** No value is nested deeper: whoever reads one goes down step by step. */
export const DEEPEST = 1000;

/** What Maps, arrays and sets hold, as JavaScript has it. @param leaf what becomes of anything else @throws if it is nested too deeply */
export function fromPython(value: unknown, expect: Expect, leaf: (value: unknown) => unknown): unknown {
  /** What became of what was met before: it may be in several places, and in itself. */
  const met = new Map<unknown, unknown>();

  const convert = (value: unknown, depth: number): unknown => {
    expect(depth <= DEEPEST, () => `it is nested more than ${DEEPEST} levels deep`);
    if (met.has(value)) return met.get(value);
    const inside = (item: unknown) => convert(item, depth + 1);
    if (Array.isArray(value)) {
      met.set(value, value);
      for (const [i, item] of value.entries()) value[i] = inside(item);
      return value;
    }
    if (value instanceof Set) {
      const set = new Set();
      met.set(value, set);
      for (const item of value) set.add(inside(item));
      return set;
    }
    if (!(value instanceof Map)) return leaf(value);
    if (isOptimizerState(value)) {
      const state = {};
      met.set(value, state);
      return Object.assign(state, optimizerFromPython(value, inside));
    }
    const isObject = [...value.keys()].every((key) => typeof key === "string");
    const dict = isObject ? {} : new Map();
    met.set(value, dict);
    for (const [key, item] of value) {
      if (dict instanceof Map) dict.set(inside(key), inside(item));
      else setProperty(dict, key, inside(item));
    }
    return dict;
  };
  return convert(value, 0);
}

/** Sets a property of the object's own: "__proto__" is a key like others. */
function setProperty(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** The state dict of an optimizer, and no other dict, has these keys. */
function isOptimizerState(dict: Map<unknown, unknown>): boolean {
  const [state, groups] = [dict.get("state"), dict.get("param_groups")];
  const hasGroups = Array.isArray(groups) && groups.every((group) => group instanceof Map && group.has("params"));
  const hasStates = state instanceof Map && [...state.values()].every((own) => own instanceof Map);
  return dict.size === 2 && hasGroups && hasStates;
}

function optimizerFromPython(dict: Map<unknown, unknown>, inside: (item: unknown) => unknown): object {
  const state: [string, object][] = [];
  for (const [param, own] of dict.get("state") as Map<unknown, Map<unknown, unknown>>) {
    // SGD without momentum notes None of each parameter. The numbers of others are tensors here.
    const known = [...own].filter(([, value]) => value !== null);
    const entries = known.map(([key, value]) => [`${key}`, typeof value === "number" ? scalar(value) : inside(value)]);
    if (known.length > 0) state.push([`${param}`, Object.fromEntries(entries)]);
  }
  const paramGroups = (dict.get("param_groups") as Map<unknown, unknown>[]).map((group) =>
    Object.fromEntries([...group].map(([key, value]) => [camelCase(`${key}`), inside(value)])),
  );
  return { state: Object.fromEntries(state), paramGroups };
}

const scalar = (value: number): Tensor => new Tensor(new Storage(Float32Array.of(value)), "float32", []);

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Keys and values of the dict that a plain object or a Map is in Python. */
export function itemsInPython(value: Readonly<Record<string, unknown>> | Map<unknown, unknown>): [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  const { state, paramGroups, ...rest } = value;
  const isOptimizer = isPlain(state) && Array.isArray(paramGroups) && paramGroups.every(isPlain);
  if (!isOptimizer || Object.keys(rest).length > 0) return Object.entries(value);
  const numbered = Object.entries(state).map(([param, own]): [unknown, unknown] => [Number(param), own]);
  const groups = paramGroups.map(
    (group) => new Map(Object.entries(group).map(([key, item]) => [snakeCase(key), item])),
  );
  return [
    ["state", new Map(numbered)],
    ["param_groups", groups],
  ];
}
