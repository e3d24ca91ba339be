/**
 * What the kernels ask of where they run, Node or a browser: settings, cores, threads. No other file knows which it is.
 * Node's own modules are asked for at run time: an `import` of them would not load in a browser.
 */

/** Undefined in a browser, and in Node before 20.16. */
export const builtin = globalThis.process?.getBuiltinModule;

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

/** Node 20 has relaxed SIMD behind a flag, which counts from the next module on. Newer ones complain about the flag. */
export function switchOnRelaxedSimd(): void {
  builtin?.("node:v8").setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/**
 * The garbage collector has threads of its own, and by default uses them while the program runs. Where every core already
 * works on a product, they take a core from it, and the others wait for that one: a training step takes twice as long.
 * From now on it works on the main thread, in small steps as before, which costs some per cent.
 *
 * A collection that is under way is finished first: begun with several threads and continued with one, it would crash V8
 * (about one run in twenty). Other threads' collections cannot be finished from here, so only the main thread does this.
 */
export function collectGarbageOnOneThread(): void {
  if (!builtin?.("node:worker_threads").isMainThread) return;
  const { setFlagsFromString } = builtin("node:v8");
  setFlagsFromString("--expose-gc");
  builtin("node:vm").runInNewContext("gc")();
  setFlagsFromString("--no-expose-gc");
  for (const flag of ["--no-concurrent-marking", "--no-concurrent-sweeping", "--no-parallel-scavenge"]) {
    setFlagsFromString(flag);
  }
}

/** What a browser has under the name Worker. */
declare const Worker: new (
  url: URL,
  options: { type: "module" },
) => { postMessage(message: unknown): void; onerror: ((event: { message: string }) => void) | null };

/**
 * Starts worker.mjs on another thread and sends it `message`. The thread does not keep the process alive.
 *
 * @param failed is told if it cannot start or stops, when this thread's event loop next runs
 */
export function startWorker(message: unknown, failed: (reason: string) => void): void {
  if (builtin) {
    const { Worker: NodeWorker } = builtin("node:worker_threads");
    // Without the process's own flags: a loader among them would be loaded again.
    const worker = new NodeWorker(new URL("./worker.mjs", import.meta.url), { execArgv: [] });
    worker.postMessage(message);
    worker.unref();
    worker.on("error", (error: Error) => failed(error.message));
    worker.on("exit", () => failed("it stopped"));
  } else {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    worker.postMessage(message);
    worker.onerror = ({ message: reason }) => failed(reason);
  }
}
