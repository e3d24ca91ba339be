/**
 * The queue of jobs: calls of kernels, in blocks that several threads take. This thread adds jobs and goes on; the others do
 * them, one job after another; when this thread must wait for results, it takes blocks too.
 *
 * A job's description lies in memory: which kernel, its operands' addresses and sizes, how many blocks there are. TICKET
 * holds the number of the job that is being done and how many of its blocks are left; whoever lowers it by one has a block to
 * do, and adds one to DONE afterwards. Who has done a job's last block says in FINISHED that the next may begin. Blocks
 * depend on sizes alone, so results do not depend on the number of threads; and a thread that the system has put aside holds
 * up one block, not a job.
 * Read next: worker.mjs, the other side.
 */
import { maySleep } from "../../host.ts";
import { STAGE_START } from "../../memory/memory.ts";
import { isPending, settle, startPending } from "../../memory/pending.ts";
import { isPoisoned } from "../../memory/poison.ts";
import type { Kernel } from "./kernel.ts";
import { startWorker } from "./start-worker.ts";

/** Words of the memory, each in a line of the cache. */
const [TICKET, DONE, FINISHED, ADDED, SLEEPERS, ENDED] = [0, 16, 32, 48, 64, 80];
/** Where descriptions are, in turn; and the words of one. */
const [QUEUE, LENGTH, DESCRIPTION] = [2048, 64, 64];
const [KERNEL, BLOCKS, GRAIN, COUNT, OPERANDS] = [0, 1, 2, 3, 4];
/** Jobs are numbered with so many bits of TICKET, from 0 again after the last; the rest counts blocks. */
const NUMBERS = 0x7fff;
const MOST_BLOCKS = 0xffff;
/** Where each thread has 512 bytes of its own, up to where jobs stage; so many threads have. */
const SCRATCH = 32_768;
const SCRATCH_BYTES = 512;
export const MOST_THREADS = (STAGE_START - SCRATCH) / SCRATCH_BYTES;
/** The description of a job that is done at once. */
const AT_ONCE = 128;
/** How long to watch for others to finish before sleeping. Milliseconds. */
const WATCHFUL = 0.05;
/** After how long another thread is given up, and how much of it may pass between two looks. Milliseconds. */
const PATIENCE = 60_000;
const LOOK = 10;

/** Addresses of operands, and whole numbers. */
export type Words = readonly number[];

export class Queue {
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: readonly Kernel[];
  readonly #numberOf: Record<string, number>;
  readonly #ints: Int32Array;
  readonly #floats: Float32Array;
  readonly #finish = () => this.#doAll();
  /** The number of the last job. */
  #last = 0;
  /** How many other threads there are; and how many there were before them, which have been ended. */
  #others = 0;
  #ended = 0;
  #hasFailed = false;
  #threads = 1;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#module = module;
    this.#memory = memory;
    this.#ints = new Int32Array(memory.buffer);
    this.#floats = new Float32Array(memory.buffer);
    const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Record<string, Kernel>;
    this.#kernels = Object.values(kernels);
    this.#numberOf = Object.fromEntries(Object.keys(kernels).map((name, k) => [name, k]));
    kernels.becomeThread(0, SCRATCH, 0);
  }

  /** How many threads take blocks, this one among them. Others are started when there is such work. */
  get threads(): number {
    return this.#threads;
  }

  set threads(count: number) {
    settle();
    this.#threads = this.#hasFailed ? 1 : Math.min(count, MOST_THREADS);
    if (this.#others < this.#threads) return;
    this.#ended += this.#others;
    this.#others = 0;
    Atomics.store(this.#ints, ENDED, this.#ended);
    Atomics.notify(this.#ints, ADDED);
  }

  /** `count` elements, rows or tiles by a kernel, in blocks of `atLeast` so many: of more where there would be too many blocks. */
  run(name: string, count: number, atLeast: number, words: Words, floats: Words): void {
    const kernel = this.#numberOf[name];
    const grain = Math.max(atLeast, Math.ceil(count / MOST_BLOCKS));
    // One block is done here: a thread that shares its core with another program would keep this one waiting for it. With
    // poison no job begins before somebody waits: who forgets to wait finds that out.
    const isForOthers = this.#threads > 1 && count > grain;
    if (isForOthers || isPending() || isPoisoned) this.#add(kernel, count, grain, words, floats);
    else {
      this.#describe(AT_ONCE, words, floats);
      this.#kernels[kernel](4 * AT_ONCE, 0, count);
    }
  }

  #describe(at: number, words: Words, floats: Words): void {
    for (let k = 0; k < words.length; k++) this.#ints[at + k] = words[k];
    for (let k = 0; k < floats.length; k++) this.#floats[at + words.length + k] = floats[k];
  }

  #add(kernel: number, count: number, grain: number, words: Words, floats: Words): void {
    while (this.#others < this.#threads - 1) this.#start();
    const number = (this.#last + 1) & NUMBERS;
    while (this.#unfinished >= LENGTH) {
      this.#publish(); // what this thread begins, the others must know of: they would go on to what is not described yet
      this.#doBlock();
    }
    const ints = this.#ints;
    const at = descriptionOf(number);
    ints[at + KERNEL] = kernel;
    ints[at + BLOCKS] = Math.ceil(count / grain);
    ints[at + GRAIN] = grain;
    ints[at + COUNT] = count;
    this.#describe(at + OPERANDS, words, floats);
    this.#last = number;
    startPending(this.#finish);
    if (!isPoisoned) this.#publish();
  }

  get #unfinished(): number {
    return (this.#last - Atomics.load(this.#ints, FINISHED)) & NUMBERS;
  }

  #publish(): void {
    Atomics.store(this.#ints, ADDED, this.#last);
    if (Atomics.load(this.#ints, SLEEPERS) > 0) Atomics.notify(this.#ints, ADDED);
  }

  /** Takes blocks until there are none, and waits for those that others have taken. */
  #doAll(): void {
    this.#publish();
    const ints = this.#ints;
    let [tries, now, waited] = [0, 0, 0];
    for (;;) {
      const finished = Atomics.load(ints, FINISHED);
      if (finished === this.#last) return;
      if (this.#doBlock()) [tries, waited] = [0, 0];
      else if (++tries % 256 === 0) {
        const before = tries === 256 ? performance.now() : now;
        now = performance.now();
        waited += Math.min(now - before, LOOK); // more means that the process was stopped, the other threads with it
        if (waited > PATIENCE) throw new Error("A thread of lucidgrad was stopped in the middle of its work");
        if (waited > WATCHFUL && maySleep) Atomics.wait(ints, FINISHED, finished, 1);
      }
    }
  }

  /** Does a block of the job in hand, or begins the next job. @returns false if others have taken the last blocks */
  #doBlock(): boolean {
    const ints = this.#ints;
    const ticket = Atomics.load(ints, TICKET);
    const [number, left] = [ticket >>> 16, ticket & MOST_BLOCKS];
    const at = descriptionOf(number);
    if (left === 0) {
      if (number === this.#last || Atomics.load(ints, FINISHED) !== number) return false;
      const next = (number + 1) & NUMBERS;
      Atomics.compareExchange(ints, TICKET, ticket, (next << 16) | ints[descriptionOf(next) + BLOCKS]);
    } else if (Atomics.compareExchange(ints, TICKET, ticket, ticket - 1) === ticket) {
      const [blocks, grain] = [ints[at + BLOCKS], ints[at + GRAIN]];
      const from = (blocks - left) * grain;
      this.#kernels[ints[at + KERNEL]](4 * (at + OPERANDS), from, Math.min(from + grain, ints[at + COUNT]));
      if (Atomics.add(ints, DONE, 1) === blocks - 1) {
        Atomics.store(ints, DONE, 0);
        Atomics.store(ints, FINISHED, number);
      }
    }
    return true;
  }

  /** A thread that cannot start, or stops, takes no blocks: the others do them. */
  #start(): void {
    this.#others++;
    const thread = this.#others;
    const generation = this.#ended + thread;
    const failed = (reason: string) => {
      if (generation > this.#ended) this.#fail(reason);
    };
    try {
      const scratch = SCRATCH + SCRATCH_BYTES * thread;
      startWorker({ module: this.#module, memory: this.#memory, thread, generation, scratch }, failed);
    } catch (error) {
      failed((error as Error).message); // Node's permission model may not allow it
    }
  }

  #fail(reason: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.threads = 1;
    console.warn(`lucidgrad: a thread failed (${reason}). It goes on with one thread: slower, with the same results.`);
  }
}

/** Where the description of a job is. */
const descriptionOf = (number: number): number => QUEUE + (number % LENGTH) * DESCRIPTION;
