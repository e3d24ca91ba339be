// @ts-check
/**
 * What another thread runs: it takes blocks of jobs, and does them. Plain JavaScript: start-worker.ts starts it from its text.
 * jobs.ts is the other side, and explains the words.
 */
const [TICKET, DONE, KERNEL, BLOCKS, GRAIN, COUNT, SLEEPERS, ENDED] = [0, 1, 2, 3, 4, 5, 6, 7];
const JOB = 16;
/** How long to watch for the next job before sleeping. Milliseconds. */
const WATCHFUL = 0.1;

/** What TypeScript does not know of: WebAssembly, and a browser's worker. @type {any} */
const scope = globalThis;

/** @param {{ module: any, memory: any, thread: number, generation: number, scratch: number }} start */
function serve({ module, memory, thread, generation, scratch }) {
  const { exports } = new scope.WebAssembly.Instance(module, { env: { memory } });
  exports.becomeThread(thread, scratch);
  const kernels = Object.values(exports);
  const words = new Int32Array(memory.buffer);
  while (Atomics.load(words, ENDED) < generation) {
    const ticket = Atomics.load(words, TICKET);
    const left = ticket & 0xffff;
    if (left === 0) rest(words, ticket);
    else if (Atomics.compareExchange(words, TICKET, ticket, ticket - 1) === ticket) {
      const from = (words[BLOCKS] - left) * words[GRAIN];
      kernels[words[KERNEL]](4 * JOB, from, Math.min(from + words[GRAIN], words[COUNT]));
      Atomics.add(words, DONE, 1);
      Atomics.notify(words, DONE);
    }
  }
}

/** Watches for a moment, then sleeps, until there is another ticket. @type {(words: Int32Array, ticket: number) => void} */
function rest(words, ticket) {
  const sleepAt = performance.now() + WATCHFUL;
  for (let tries = 1; Atomics.load(words, TICKET) === ticket; tries++) {
    if (tries % 256 !== 0 || performance.now() < sleepAt) continue;
    Atomics.add(words, SLEEPERS, 1);
    Atomics.wait(words, TICKET, ticket);
    Atomics.sub(words, SLEEPERS, 1);
  }
}

const builtin = globalThis.process?.getBuiltinModule;
if (builtin) builtin("node:worker_threads").parentPort?.once("message", serve);
else scope.onmessage = (/** @type {{ data: Parameters<typeof serve>[0] }} */ { data }) => serve(data);
