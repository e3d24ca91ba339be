/** Watching what is called: operations, and the functions beside them that say so, tell a watcher what they were given and what they gave. */

/** Is told of a call: the name of the function, its arguments and its result. */
export type Watcher = (name: string, args: readonly unknown[], result: unknown) => void;

/** What a change in place is seen as, after what it computes: its arguments are the tensor, and another one with its new values. */
export const BECOMES = "becomes";

let watcher: Watcher | null = null;

/** Runs `work`, and tells the watcher of each call in it that is not part of another. */
export function watchCalls<T>(tell: Watcher, work: () => T): T {
  const outer = watcher;
  watcher = tell;
  try {
    return work();
  } finally {
    watcher = outer;
  }
}

/** Whether anybody is told. */
export const isWatched = (): boolean => watcher !== null;

/** What a function does, which a watcher sees as one call. */
export function seen<T>(name: string, args: readonly unknown[], work: () => T): T {
  const tell = watcher;
  if (tell === null) return work();
  watcher = null; // what it is made of, nobody asks
  try {
    const result = work();
    tell(name, args, result);
    return result;
  } finally {
    watcher = tell;
  }
}
