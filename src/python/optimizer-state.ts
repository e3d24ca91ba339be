/**
 * The state dict of an optimizer, which is the same in Python under other names: `weight_decay` of `param_groups` is `weightDecay` of
 * `paramGroups`; parameters are numbered by texts, since a plain object has no other keys; numbers that are remembered are tensors;
 * and what LBFGS has in lists are the rows of a matrix.
 */
import { stack, unbind } from "../autograd/ops/index.ts";
import { isPlain } from "../tensor/plain.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";

interface OptimizerState {
  readonly state: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly paramGroups: readonly Readonly<Record<string, unknown>>[];
}

/** No other plain object has these two keys, and such values. */
export function isOptimizerState(value: Record<string, unknown>): value is Record<string, unknown> & OptimizerState {
  const { state, paramGroups } = value;
  const isState = isPlain(state) && Object.values(state).every(isPlain);
  return isState && Array.isArray(paramGroups) && paramGroups.every(isPlain) && Object.keys(value).length === 2;
}

/** Nor has any other dict. */
export function isOptimizerInPython(dict: ReadonlyMap<unknown, unknown>): boolean {
  const [state, groups] = [dict.get("state"), dict.get("param_groups")];
  const isState = state instanceof Map && [...state.values()].every((own) => own instanceof Map);
  return isState && Array.isArray(groups) && groups.every((group) => group instanceof Map) && dict.size === 2;
}

/** @param convert makes of Python's values what they are here */
export function optimizerFromPython(
  dict: ReadonlyMap<unknown, unknown>,
  convert: (value: unknown) => unknown,
): OptimizerState {
  const states = dict.get("state") as Map<unknown, Map<unknown, unknown>>;
  const state = Array.from(states, ([param, own]) => {
    const known = Array.from(own, ([key, value]) => [`${key}`, remembered(convert(value))] as const);
    return [`${param}`, Object.fromEntries(known.filter(([, value]) => value !== undefined))] as const;
  });
  const groups = dict.get("param_groups") as Map<unknown, unknown>[];
  return {
    // SGD without momentum has nothing to remember, and notes that of each parameter.
    state: Object.fromEntries(state.filter(([, own]) => Object.keys(own).length > 0)),
    paramGroups: groups.map((group) =>
      Object.fromEntries(Array.from(group, ([key, value]) => [camelCase(`${key}`), convert(value)])),
    ),
  };
}

/** A tensor of what is remembered of a parameter; undefined if it is nothing, or no tensor can be made of it. */
function remembered(value: unknown): Tensor | undefined {
  if (typeof value === "number") return scalar(value);
  if (value instanceof Tensor) return value;
  const isList = Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Tensor);
  return isList && value.every((item) => item.numel === value[0].numel) ? stack(value) : undefined;
}

/** Float32 if that is exact. */
function scalar(value: number): Tensor {
  const isSingle = Object.is(Math.fround(value), value);
  const [data, dtype] = isSingle ? [Float32Array, "float32" as const] : [Float64Array, "float64" as const];
  return new Tensor(new Storage(data.of(value)), dtype, []);
}

/** What LBFGS has in lists. */
const lists: ReadonlySet<string> = new Set(["old_dirs", "old_stps", "ro"]);

/** Keys and values of the dict in Python. */
export function optimizerInPython({ state, paramGroups }: OptimizerState): [unknown, unknown][] {
  const states = Object.entries(state).map(([param, own]): [unknown, unknown] => [
    Number(param),
    new Map(Object.entries(own).map(([key, x]) => [key, lists.has(key) && x instanceof Tensor ? [...unbind(x)] : x])),
  ]);
  const groups = paramGroups.map((group) => new Map(Object.entries(group).map(([key, x]) => [snakeCase(key), x])));
  return [
    ["state", new Map(states)],
    ["param_groups", groups],
  ];
}

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
