/** Copies of what modules hold, all the way down: what two places share is one copy that they share. */
import { copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Parameter } from "./parameter.ts";
import { isUninitialized, uninitialized } from "./uninitialized.ts";

/** Gives the copy of a value, which may still be empty; functions, numbers and objects of other classes are their own. */
export type Copied = <T>(value: T) => T;

/** A copy as it begins, and what puts copies into it. */
export interface Begun {
  readonly copy: object;
  readonly fill?: () => void;
}

/**
 * The copy of `root`. Each is known before it is filled, since it may hold itself, and filled after the one that it is in, since
 * a network may be deeper than JavaScript's stack.
 * @param ofModule the copy of a module, or null for what is no module
 */
export function deepCopy<Root>(root: Root, ofModule: (value: object, copied: Copied) => Begun | null): Root {
  const copies = new Map<object, object>();
  const fills: (() => void)[] = [];
  const copied: Copied = <T>(value: T): T => {
    if (typeof value !== "object" || value === null) return value;
    return (copies.get(value) ?? begin(value)) as T;
  };
  function begin(value: object): object {
    const { copy, fill } = ofModule(value, copied) ?? begun(value, copied);
    copies.set(value, copy);
    if (fill) fills.push(fill);
    return copy;
  }
  const copy = copied(root);
  for (let fill = fills.pop(); fill; fill = fills.pop()) fill();
  return copy;
}

function begun(value: object, copied: Copied): Begun {
  if (value instanceof Tensor) return { copy: copyOfTensor(value, copied) };
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    const fill = () => {
      for (const item of value) list.push(copied(item));
    };
    return { copy: list, fill };
  }
  if (value instanceof Map) {
    const map = new Map();
    const fill = () => {
      for (const [key, item] of value) map.set(copied(key), copied(item));
    };
    return { copy: map, fill };
  }
  if (value instanceof Set) {
    const set = new Set();
    const fill = () => {
      for (const item of value) set.add(copied(item));
    };
    return { copy: set, fill };
  }
  if (isPlain(value)) {
    const plain: Record<string, unknown> = {};
    const fill = () => {
      for (const [key, item] of Object.entries(value)) plain[key] = copied(item);
    };
    return { copy: plain, fill };
  }
  return { copy: value };
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
