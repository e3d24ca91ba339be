// @ts-check
/**
 * What another thread runs: it does jobs of the queue, block by block. Plain JavaScript: start-worker.ts starts it from its text.
 * queue.ts is the other side, and explains the words.
 */
const [TICKET, DONE, FINISHED, ADDED, SLEEPERS, ENDED] = [0, 16, 32, 48, 64, 80];
const [QUEUE, LENGTH, DESCRIPTION] = [2048, 64, 64];
const [KERNEL, BLOCKS, GRAIN, COUNT, OPERANDS] = [0, 1, 2, 3, 4];
const [NUMBERS, MOST_BLOCKS] = [0x7fff, 0xffff];
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
    const [number, left] = [ticket >>> 16, ticket & MOST_BLOCKS];
    const at = descriptionOf(number);
    if (left === 0) {
      const added = Atomics.load(words, ADDED);
      const next = (number + 1) & NUMBERS;
      if (added === number) rest(words, added);
      else if (Atomics.load(words, FINISHED) === number)
        Atomics.compareExchange(words, TICKET, ticket, (next << 16) | words[descriptionOf(next) + BLOCKS]);
    } else if (Atomics.compareExchange(words, TICKET, ticket, ticket - 1) === ticket) {
      const [blocks, grain] = [words[at + BLOCKS], words[at + GRAIN]];
      const from = (blocks - left) * grain;
      kernels[words[at + KERNEL]](4 * (at + OPERANDS), from, Math.min(from + grain, words[at + COUNT]));
      if (Atomics.add(words, DONE, 1) === blocks - 1) {
        Atomics.store(words, DONE, 0);
        Atomics.store(words, FINISHED, number);
        Atomics.notify(words, FINISHED);
      }
    }
  }
}

/** Where the description of a job is. @type {(number: number) => number} */
const descriptionOf = (number) => QUEUE + (number % LENGTH) * DESCRIPTION;

/** Watches for a moment, then sleeps, until there is another job or this thread is to end. @type {(words: Int32Array, added: number) => void} */
function rest(words, added) {
  const sleepAt = performance.now() + WATCHFUL;
  for (let tries = 1; Atomics.load(words, ADDED) === added; tries++) {
    if (tries % 256 !== 0 || performance.now() < sleepAt) continue;
    Atomics.add(words, SLEEPERS, 1);
    Atomics.wait(words, ADDED, added);
    Atomics.sub(words, SLEEPERS, 1);
    return;
  }
}

const builtin = globalThis.process?.getBuiltinModule;
if (builtin) builtin("node:worker_threads").parentPort?.once("message", serve);
else scope.onmessage = (/** @type {{ data: Parameters<typeof serve>[0] }} */ { data }) => serve(data);
