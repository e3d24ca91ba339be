/** What the fields of an object hold, and the names that this has in a state dict. */
import { check } from "../tensor/check.ts";
import { isPlain } from "../tensor/plain.ts";
import { Tensor } from "../tensor/tensor.ts";

/** What a module holds. */
export type Kind = "parameter" | "buffer" | "module";

/** The method by which a container gives the list or map of its items, if that is no field: who changes it changes the container. */
export const hiddenItems = Symbol("items");

/** Something in a field, or in an array, a set, a map or a plain object there. */
interface Content {
  /** The field and, from there on, the keys. */
  readonly path: readonly string[];
  readonly value: unknown;
}

/** What a field holds, in its order. */
export function contentsOf(field: string, held: unknown): Content[] {
  const contents: Content[] = [];
  const seen = new Set<unknown>(); // what holds itself is looked through once
  const stack: Content[] = [{ path: [field], value: held }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { path, value } = next;
    const items = itemsOf(value);
    if (!items) contents.push(next);
    else if (!seen.has(value)) {
      seen.add(value);
      const inside: Content[] = [];
      for (const [key, item] of items) {
        if (typeof item === "object" && item !== null) inside.push({ path: [...path, String(key)], value: item });
      }
      stack.push(...inside.reverse());
    }
  }
  return contents;
}

function itemsOf(value: unknown): Iterable<[key: unknown, item: unknown]> | null {
  if (Array.isArray(value) || value instanceof Map) return value.entries();
  if (value instanceof Set) return [...value].entries();
  return isPlain(value) ? Object.entries(value) : null;
}

/** @throws in PyTorch's words, if a name could not be told apart in `fc1.weight` */
export function checkName(kind: Kind, name: string): void {
  check(name !== "", () => `${kind} name can't be empty string ""`);
  check(!name.includes("."), () => `${kind} name can't contain ".", got: ${name}`);
}

/** @throws for a tensor or module of another copy of the library, which this one would not train */
export function checkOwnCopy(place: string, value: unknown): void {
  const isObject = typeof value === "object" && value !== null && !(value instanceof Tensor);
  const isOther = isObject && ("gradFn" in value || "namedParameters" in value);
  const other = () =>
    `"${place}" is a ${value?.constructor.name} of another copy of lucidgrad, which this one cannot train: there may be only ` +
    "one in a program, see `npm ls lucidgrad`";
  check(!isOther, other, TypeError);
}

/** `fc1.weight` */
export const join = (prefix: string, name: string): string => (prefix ? `${prefix}.${name}` : name);

/** `runningMean` as `running_mean`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
