/**
 * Values of Python's as JavaScript has them, and back. A dict whose keys are texts is a plain object, any other a Map; lists and tuples
 * are arrays. What an optimizer's state dict is here, optimizer-state.ts says.
 */

import type { Expect } from "../data/formats/expect.ts";
import { roomFor } from "../data/formats/pickle.ts";
import { isPlain } from "../tensor/plain.ts";
import { isOptimizerInPython, isOptimizerState, OptimizersFromPython, optimizerInPython } from "./optimizer-state.ts";

/** No value is nested deeper: whoever reads one goes down step by step. */
export const DEEPEST = 1000;

/** Makes JavaScript's values of Python's, which are Maps, arrays and sets of each other. */
export class FromPython {
  /** What became of what was met before: it may be in several places, and in itself. */
  readonly #met = new Map<unknown, unknown>();
  readonly #leaf: (value: unknown) => unknown;
  readonly #expect: Expect;
  readonly #optimizers: OptimizersFromPython;

  /** @param leaf what becomes of anything that holds nothing @param fileSize of the file that it is in */
  constructor(leaf: (value: unknown) => unknown, fileSize: number, expect: Expect) {
    this.#leaf = leaf;
    this.#expect = expect;
    this.#optimizers = new OptimizersFromPython(expect, roomFor(fileSize));
  }

  /** @throws if it is nested too deeply */
  convert(value: unknown, depth = 0): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (this.#met.has(value)) return this.#met.get(value);
    this.#expect(depth <= DEEPEST, () => `it is nested more than ${DEEPEST} levels deep`);
    if (Array.isArray(value)) {
      this.#met.set(value, value);
      for (let i = 0; i < value.length; i++) value[i] = this.convert(value[i], depth + 1);
      return value;
    }
    if (value instanceof Set) {
      const set = new Set();
      this.#met.set(value, set);
      for (const item of value) set.add(this.convert(item, depth + 1));
      return set;
    }
    return value instanceof Map ? this.#dict(value, depth) : this.#leaf(value);
  }

  #dict(value: Map<unknown, unknown>, depth: number): object {
    if (isOptimizerInPython(value)) {
      const state = this.#optimizers.make(value, (item) => this.convert(item, depth + 3));
      this.#met.set(value, state);
      return state;
    }
    const isObject = [...value.keys()].every((key) => typeof key === "string");
    const dict = isObject ? {} : new Map();
    this.#met.set(value, dict);
    for (const [key, item] of value) {
      if (dict instanceof Map) dict.set(this.convert(key, depth + 1), this.convert(item, depth + 1));
      else setOwn(dict, key as string, this.convert(item, depth + 1));
    }
    return dict;
  }
}

/** Sets a property of the object's own: "__proto__" is a key like others. */
function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Keys and values of the dict that a plain object or a Map is in Python; undefined if it is neither. */
export function itemsInPython(value: unknown): Iterable<[unknown, unknown]> | undefined {
  if (value instanceof Map) return value;
  if (!isPlain(value)) return undefined;
  return isOptimizerState(value) ? optimizerInPython(value) : Object.entries(value);
}
