/**
 * Jobs: calls of kernels, in blocks that several threads may take.
 *
 * A job's description lies in memory: which kernel, its operands' addresses and sizes, how many blocks there are. TICKET
 * holds the job's number and how many blocks are left; whoever lowers it by one has a block to do, and adds one to DONE
 * afterwards. Blocks depend on sizes alone, so results do not depend on the number of threads; and a thread that the system
 * has put aside holds up one block, not a job.
 * Read next: worker.mjs, the other side.
 */

import type { TypedArray } from "../../dtype.ts";
import { maySleep } from "../../host.ts";
import { isInMemory, STAGE_END, STAGE_START } from "../../memory/memory.ts";
import { isPoisoned } from "../../memory/poison.ts";
import type { Kernel } from "./kernel.ts";
import { startWorker } from "./start-worker.ts";

/** Words of the memory. */
const [TICKET, DONE, KERNEL, BLOCKS, GRAIN, COUNT, SLEEPERS, ENDED] = [0, 1, 2, 3, 4, 5, 6, 7];
/** Where a job's own words are. */
const JOB = 16;
/** Where zeros are, a line of the cache. */
export const ZEROS = 2048;
/** Where each thread has 512 bytes of its own. */
const SCRATCH = 32_768;
/** For fewer elements a plain loop is faster than a job. */
export const LARGE = 256;
/** How much a job may stage. */
export const STAGE_BYTES = STAGE_END - STAGE_START;
/** As many as TICKET can count. */
const MOST_BLOCKS = 0xffff;
/** How long to watch for others to finish before sleeping. Milliseconds. */
const WATCHFUL = 0.05;
/** After how long another thread is given up, and how much of it may pass between two looks. Milliseconds. */
const PATIENCE = 60_000;
const LOOK = 10;

/** Addresses of operands, and whole numbers, then numbers of float32. */
type Words = readonly number[];

export class Jobs {
  readonly #module: WebAssembly.Module;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Record<string, Kernel>;
  readonly #numberOf: Record<string, number>;
  readonly #ints: Int32Array;
  readonly #floats: Float32Array;
  readonly #bytes: Uint8Array;
  #stageTop = STAGE_START;
  #staged: [address: number, array: TypedArray][] = [];
  /** How many other threads there are; and how many there were before them, which have been ended. */
  #others = 0;
  #ended = 0;
  #hasFailed = false;
  #threads = 1;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#module = module;
    this.#memory = memory;
    this.#kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Record<string, Kernel>;
    this.#numberOf = Object.fromEntries(Object.keys(this.#kernels).map((name, k) => [name, k]));
    this.#ints = new Int32Array(memory.buffer);
    this.#floats = new Float32Array(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#kernels.becomeThread(0, SCRATCH, 0);
  }

  /** How many threads take blocks, this one among them. Others are started when there is a job for them. */
  get threads(): number {
    return this.#threads;
  }

  set threads(count: number) {
    this.#threads = this.#hasFailed ? 1 : count;
    if (this.#others < this.#threads) return;
    this.#ended += this.#others;
    this.#others = 0;
    Atomics.store(this.#ints, ENDED, this.#ended);
    this.#publish(0);
  }

  /** Whether all are in memory, or small enough to be copied there for a job. */
  canReach(...arrays: readonly TypedArray[]): boolean {
    let elsewhere = 0;
    for (const array of arrays) if (!isInMemory(array)) elsewhere += array.byteLength;
    return elsewhere <= STAGE_BYTES / 4;
  }

  /** Whether all are float32, and can be reached. */
  takes(...arrays: readonly TypedArray[]): boolean {
    return arrays.every((array) => array instanceof Float32Array) && this.canReach(...arrays);
  }

  /** The address of x[i]; what is elsewhere is copied into memory for this job. */
  input(x: TypedArray, i = 0): number {
    if (isInMemory(x)) return x.byteOffset + i * x.BYTES_PER_ELEMENT;
    const address = this.stage(x.byteLength);
    this.#bytes.set(new Uint8Array(x.buffer, x.byteOffset, x.byteLength), address);
    return address + i * x.BYTES_PER_ELEMENT;
  }

  /** The same for a result, which is copied back when the job is done. */
  output(y: TypedArray, i = 0): number {
    if (isInMemory(y)) return y.byteOffset + i * y.BYTES_PER_ELEMENT;
    const address = this.input(y);
    this.#staged.push([address, y]);
    return address + i * y.BYTES_PER_ELEMENT;
  }

  /** Memory for as long as the job runs. */
  stage(bytes: number): number {
    const address = this.#stageTop;
    const top = address + Math.ceil(bytes / 64) * 64 + 64;
    if (top > STAGE_END) {
      this.#clearStage();
      throw new RangeError("out of staging memory");
    }
    this.#stageTop = top;
    return address;
  }

  /** Does `count` elements, rows or tiles, in blocks of `atLeast` so many: of more where there would be too many blocks. */
  run(name: string, count: number, atLeast: number, words: Words, floats: Words = []): void {
    const ints = this.#ints;
    for (let k = 0; k < words.length; k++) ints[JOB + k] = words[k];
    for (let k = 0; k < floats.length; k++) this.#floats[JOB + words.length + k] = floats[k];
    const kernel = this.#kernels[name];
    const grain = Math.max(atLeast, Math.ceil(count / MOST_BLOCKS));
    if (this.#threads === 1 || count <= grain) kernel(4 * JOB, 0, count);
    else this.#share(name, kernel, count, grain);
  }

  /** So many float32 that are staged. */
  floats(address: number, count: number): Float32Array {
    return this.#floats.subarray(address / 4, address / 4 + count);
  }

  /** So many int32 that are staged. */
  ints(address: number, count: number): Int32Array {
    return this.#ints.subarray(address / 4, address / 4 + count);
  }

  /** A copy of so many float64. */
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, count).slice();
  }

  /** Ends the use of what was staged. */
  finish(): void {
    if (this.#stageTop === STAGE_START) return;
    for (const [address, array] of this.#staged) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      bytes.set(this.#bytes.subarray(address, address + array.byteLength));
    }
    this.#clearStage();
  }

  #clearStage(): void {
    if (isPoisoned) this.#bytes.fill(0xff, STAGE_START, this.#stageTop);
    this.#staged.length = 0;
    this.#stageTop = STAGE_START;
  }

  #share(name: string, kernel: Kernel, count: number, grain: number): void {
    while (this.#others < this.#threads - 1) this.#start();
    const ints = this.#ints;
    const blocks = Math.ceil(count / grain);
    ints[KERNEL] = this.#numberOf[name];
    ints[BLOCKS] = blocks;
    ints[GRAIN] = grain;
    ints[COUNT] = count;
    ints[DONE] = 0;
    this.#publish(blocks);
    for (;;) {
      const ticket = Atomics.load(ints, TICKET);
      const left = ticket & 0xffff;
      if (left === 0) break;
      if (Atomics.compareExchange(ints, TICKET, ticket, ticket - 1) !== ticket) continue;
      const from = (blocks - left) * grain;
      kernel(4 * JOB, from, Math.min(from + grain, count));
      Atomics.add(ints, DONE, 1);
    }
    this.#awaitOthers(blocks);
  }

  #publish(blocks: number): void {
    const ints = this.#ints;
    const number = ((ints[TICKET] >>> 16) + 1) & 0x7fff;
    Atomics.store(ints, TICKET, (number << 16) | blocks);
    if (Atomics.load(ints, SLEEPERS) > 0) Atomics.notify(ints, TICKET);
  }

  #awaitOthers(blocks: number): void {
    let [now, waited] = [performance.now(), 0];
    for (let tries = 1; ; tries++) {
      const done = Atomics.load(this.#ints, DONE);
      if (done === blocks) return;
      if (tries % 256 !== 0) continue;
      const last = now;
      now = performance.now();
      waited += Math.min(now - last, LOOK); // more means that the process was stopped, the other threads with it
      if (waited > PATIENCE) throw new Error("A thread of lucidgrad was stopped in the middle of its work");
      if (waited > WATCHFUL && maySleep) Atomics.wait(this.#ints, DONE, done, 1);
    }
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
      const scratch = SCRATCH + 512 * thread;
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
