/**
 * The state dict of an optimizer, which is the same in Python under other names: `weight_decay` of `param_groups` is `weightDecay` of
 * `paramGroups`; parameters are numbered by texts, since a plain object has no other keys; numbers that are remembered are tensors;
 * and what LBFGS has in lists are the rows of a matrix.
 */
import { stack, unbind } from "../autograd/ops/index.ts";
import { type Expect, isSize } from "../data/formats/expect.ts";
import { isPlain } from "../tensor/plain.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";

interface OptimizerState {
  readonly state: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly paramGroups: readonly Readonly<Record<string, unknown>>[];
}

/** What LBFGS has in lists. */
const lists: ReadonlySet<string> = new Set(["old_dirs", "old_stps", "ro"]);

/** A number of a parameter, as a plain object has it. */
const NUMBER = /^(0|[1-9]\d*)$/;

/** No other plain object has these two keys, and such values. */
export function isOptimizerState(value: Record<string, unknown>): value is Record<string, unknown> & OptimizerState {
  const { state, paramGroups } = value;
  const isState = isPlain(state) && Object.entries(state).every(([param, own]) => NUMBER.test(param) && isPlain(own));
  return isState && Array.isArray(paramGroups) && paramGroups.every(isPlain) && Object.keys(value).length === 2;
}

/** Nor has any other dict. */
export function isOptimizerInPython(dict: ReadonlyMap<unknown, unknown>): boolean {
  const [state, groups] = [dict.get("state"), dict.get("param_groups")];
  const isState = state instanceof Map && [...state].every(([param, own]) => isSize(param) && own instanceof Map);
  return isState && Array.isArray(groups) && groups.every((group) => group instanceof Map) && dict.size === 2;
}

type Dict = ReadonlyMap<unknown, unknown>;

/** Makes the state dicts of optimizers of those that are in a file. */
export class OptimizersFromPython {
  /** What became of what is remembered of a parameter, and of a group of such: either may be in several places. */
  readonly #owns = new Map<Dict, Record<string, unknown>>();
  readonly #groups = new Map<Dict, Record<string, unknown>>();
  readonly #expect: Expect;
  /** How many bytes of memory the rows of matrices may still take: in the file, they may be the same again and again. */
  #room: number;

  constructor(expect: Expect, room: number) {
    this.#expect = expect;
    this.#room = room;
  }

  /** @param convert makes of Python's values what they are here */
  make(dict: Dict, convert: (value: unknown) => unknown): OptimizerState {
    const states = dict.get("state") as ReadonlyMap<unknown, Dict>;
    const state = Array.from(states, ([param, own]) => {
      const made = once(this.#owns, own, (key, value) => [key, this.#remembered(key, convert(value))]);
      return [`${param}`, made] as const;
    });
    const groups = dict.get("param_groups") as readonly Dict[];
    return {
      // SGD without momentum has nothing to remember, and notes that of each parameter.
      state: Object.fromEntries(state.filter(([, own]) => Object.keys(own).length > 0)),
      paramGroups: groups.map((group) => once(this.#groups, group, (key, value) => [camelCase(key), convert(value)])),
    };
  }

  /** A tensor of what is remembered under a key; undefined if it is nothing, or no tensor can be made of it. */
  #remembered(key: string, value: unknown): Tensor | undefined {
    if (typeof value === "number") return scalar(value);
    if (value instanceof Tensor) return value;
    const isList = Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Tensor);
    if (!isList || !lists.has(key) || value.some((item) => item.numel !== value[0].numel)) return undefined;
    this.#room -= Float64Array.BYTES_PER_ELEMENT * value.length * value[0].numel;
    this.#expect(this.#room >= 0, () => `${key} in it would take more memory than four times its size`);
    return stack(value);
  }
}

/** The object that is made of a dict, whose entries become these, but for what becomes nothing. @param made those that there are */
function once(
  made: Map<Dict, Record<string, unknown>>,
  dict: Dict,
  entryOf: (key: string, value: unknown) => [string, unknown],
): Record<string, unknown> {
  const known = made.get(dict);
  if (known) return known;
  const entries = Array.from(dict, ([key, value]) => entryOf(`${key}`, value));
  const fresh = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  made.set(dict, fresh);
  return fresh;
}

/** Float32 if that is exact. */
function scalar(value: number): Tensor {
  const isSingle = Object.is(Math.fround(value), value);
  const [data, dtype] = isSingle ? [Float32Array, "float32" as const] : [Float64Array, "float64" as const];
  return new Tensor(new Storage(data.of(value)), dtype, []);
}

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
