/** Walking through what modules consist of, without recursion: a network may be deeper than JavaScript's stack. */
import { check } from "../tensor/check.ts";
import { join } from "./fields.ts";

/** Which parameters or buffers are meant. */
export interface RecurseOptions {
  /** Those of the modules below, too. Default: true. */
  recurse?: boolean;
}

export type Named<T> = [name: string, value: T];

/** A module as a walk comes to it, and again when it has been to all below it. */
interface Visit<T> {
  /** From the root on: `features.0`. */
  readonly name: string;
  /** In what it is a part of. */
  readonly key: string;
  readonly module: T;
  readonly isEnd: boolean;
}

/** `root` and all below it, depth first. @throws if one contains itself */
export function walk<T extends object>(root: T, childrenOf: (module: T) => readonly Named<T>[]): Visit<T>[] {
  const visits: Visit<T>[] = [];
  const above = new Set<T>();
  const stack: Visit<T>[] = [{ name: "", key: "", module: root, isEnd: false }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    visits.push(next);
    const { name, module } = next;
    if (next.isEnd) {
      above.delete(module);
      continue;
    }
    const inItself = () =>
      `"${name}" is the ${module.constructor.name} that it is in: a module cannot be a part of itself`;
    check(!above.has(module), inItself);
    above.add(module);
    stack.push({ ...next, isEnd: true });
    for (const [key, child] of childrenOf(module).toReversed()) {
      stack.push({ name: join(name, key), key, module: child, isEnd: false });
    }
  }
  return visits;
}

/** The entries without those whose value came before. */
export function distinct<T>(entries: readonly Named<T>[]): Named<T>[] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}
