/** Copies of what modules hold, all the way down: what two places share is one copy that they share. */
import { copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Parameter } from "./parameter.ts";
import { isUninitialized, uninitialized } from "./uninitialized.ts";

/** Gives the copy of a value; functions, numbers and objects of other classes are their own. */
export type Copied = <T>(value: T) => T;

/** @param ofModule the copy of a module, or null for what is no module */
export function copier(ofModule: (value: object, copied: Copied) => object | null): Copied {
  const copies = new Map<object, object>();
  const remember = <T extends object>(value: object, copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  const copied: Copied = <T>(value: T): T => {
    if (typeof value !== "object" || value === null) return value;
    return (copies.get(value) ?? copyOfObject(value)) as T;
  };
  function copyOfObject(value: object): object {
    if (value instanceof Tensor) return remember(value, copyOfTensor(value, copied));
    if (Array.isArray(value)) {
      const list = remember<unknown[]>(value, []); // known before it is filled: it may hold itself
      for (const item of value) list.push(copied(item));
      return list;
    }
    if (value instanceof Map) {
      const map = remember(value, new Map());
      for (const [key, item] of value) map.set(copied(key), copied(item));
      return map;
    }
    if (value instanceof Set) {
      const set = remember(value, new Set());
      for (const item of value) set.add(copied(item));
      return set;
    }
    if (isPlain(value)) {
      const plain = remember<Record<string, unknown>>(value, {});
      for (const [key, item] of Object.entries(value)) plain[key] = copied(item);
      return plain;
    }
    return remember(value, ofModule(value, copied) ?? value);
  }
  return copied;
}

/** The same values in memory of its own, with a copy of the gradient. */
function copyOfTensor(x: Tensor, copied: Copied): Tensor {
  const computed =
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment";
  check(x.isLeaf, computed);
  const values = copyOf(x);
  const copy = x instanceof Parameter ? new Parameter(values, x.requiresGrad) : values;
  copy.requiresGrad = x.requiresGrad;
  copy.grad = copied(x.grad);
  return isUninitialized(x) ? uninitialized(copy) : copy;
}
