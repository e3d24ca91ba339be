/** Watching what is called: operations, and the functions beside them that say so, tell a watcher what they were given and what they gave. */

// biome-ignore lint/suspicious/noExplicitAny: of whatever arguments
type AnyFunction = (...args: any[]) => unknown;

/**
 * Is told of a call: the name of the function, its arguments and its result. And the function, for who wants to call it again with
 * other arguments, if users do not have it by this name.
 */
export type Watcher = (name: string, args: readonly unknown[], result: unknown, called?: AnyFunction) => void;

/** What a change in place is seen as, after what it computes: its arguments are the tensor, and another one with its new values. */
export const BECOMES = "becomes";

let watcher: Watcher | null = null;

/** Tells the watcher of each call that is not part of another, from now on until what is returned is called. */
export function startWatching(tell: Watcher): () => void {
  const outer = watcher;
  watcher = tell;
  return () => {
    watcher = outer;
  };
}

/** Runs `work`, and tells the watcher of each call in it that is not part of another. */
export function watchCalls<T>(tell: Watcher, work: () => T): T {
  const stop = startWatching(tell);
  try {
    return work();
  } finally {
    stop();
  }
}

/** Whether anybody is told. */
export const isWatched = (): boolean => watcher !== null;

/** What a function does, which a watcher sees as one call. */
export function seen<T>(name: string, args: readonly unknown[], work: () => T, called?: AnyFunction): T {
  const tell = watcher;
  if (tell === null) return work();
  watcher = null; // what it is made of, nobody asks
  try {
    const result = work();
    tell(name, args, result, called);
    return result;
  } finally {
    watcher = tell;
  }
}
