// @ts-check
/**
 * What another thread runs: it waits for calls of the module's functions, makes them, and says when they are done. Plain
 * JavaScript, since it has to start without a loader. threads.ts is the other side, and explains the words of `control`.
 */
const [STARTING, IDLE, BUSY] = [0, 1, 2];
/** How long to watch for the next call before sleeping: waking takes a tenth of that. Milliseconds. */
const WATCHFUL = 0.5;

/** What TypeScript does not know of: WebAssembly, and a browser's worker. @type {any} */
const scope = globalThis;

/** @param {{ module: any, memory: any, control: Int32Array }} start */
function serve({ module, memory, control }) {
  const functions = Object.values(new scope.WebAssembly.Instance(module, { host: { memory } }).exports);
  Atomics.compareExchange(control, 0, STARTING, IDLE);
  for (;;) {
    const sleepAt = performance.now() + WATCHFUL;
    for (let tries = 1; Atomics.load(control, 0) === IDLE; tries++) {
      if (tries % 256 === 0 && performance.now() > sleepAt) Atomics.wait(control, 0, IDLE);
    }
    if (Atomics.load(control, 0) !== BUSY) return;
    functions[control[1]](...control.subarray(2));
    Atomics.compareExchange(control, 0, BUSY, IDLE);
    Atomics.notify(control, 0);
  }
}

const builtin = globalThis.process?.getBuiltinModule;
if (builtin) builtin("node:worker_threads").parentPort?.once("message", serve);
else scope.onmessage = (/** @type {{ data: Parameters<typeof serve>[0] }} */ { data }) => serve(data);
