/**
 * What the kernels ask of where they run, Node or a browser: settings, cores, threads. No other file knows which it is.
 * Node's own modules are asked for at run time: an `import` of them would not load in a browser.
 */

/** Undefined in a browser, and in Node before 20.16. */
export const builtin: NodeJS.Process["getBuiltinModule"] | undefined = globalThis.process?.getBuiltinModule;

/** What only a browser has. */
const browser = globalThis as { navigator?: { hardwareConcurrency: number }; crossOriginIsolated?: boolean };

/** An environment variable; an empty one is as good as none. */
export const setting = (name: string): string | undefined => globalThis.process?.env?.[name] || undefined;

/** How many threads can run at the same time. */
export const cores = (): number =>
  builtin?.("node:os").availableParallelism() ?? browser.navigator?.hardwareConcurrency ?? 1;

/** Whether threads can be started on memory that they share. A browser wants the page cross-origin isolated for that. */
export const hasThreads = (): boolean =>
  typeof SharedArrayBuffer !== "undefined" && (builtin !== undefined || browser.crossOriginIsolated === true);

/** Whether this thread may sleep until another wakes it. A page's main thread may not. */
export const maySleep = !("document" in globalThis);
