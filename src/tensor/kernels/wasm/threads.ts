/**
 * Other threads, which make parts of a matrix product or a convolution in memory that all share. worker.mjs is what they run.
 *
 * Each has words of its own in `control`: its state, the number of the function that it is to call, and the arguments. This
 * thread writes these and sets the state to BUSY; the other makes the call and sets it back to IDLE. A thread without a
 * call watches its state for a moment, then sleeps.
 */
import { maySleep, startWorker } from "./host.ts";
import type { ThreadFunctions } from "./modules.ts";
import type { Scratch } from "./scratch.ts";

/** STARTING: not there yet. IDLE: waits for a call. BUSY: makes it. ENDED: to make none any more. */
const [STARTING, IDLE, BUSY, ENDED] = [0, 1, 2, 3];

/** How many arguments a function may have: as many as `product`. */
const ARGUMENTS = 13;
/** After how long a thread that has not started, or not come back, is given up. Milliseconds. */
const PATIENCE = 10_000;
/** How long to watch for the others before sleeping: they have as much to do as this thread. Milliseconds. */
const WATCHFUL = 0.05;

class Thread {
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * (2 + ARGUMENTS)));
  readonly #startedAt = performance.now();

  constructor({ module, memory }: Scratch, failed: (reason: string) => void) {
    try {
      startWorker({ module, memory, control: this.#control }, failed);
    } catch (error) {
      failed((error as Error).message); // Node's permission model may not allow it
    }
  }

  get isIdle(): boolean {
    return Atomics.load(this.#control, 0) === IDLE;
  }

  get isLate(): boolean {
    return Atomics.load(this.#control, 0) === STARTING && performance.now() - this.#startedAt > PATIENCE;
  }

  call(functionNumber: number, args: readonly number[]): void {
    this.#control[1] = functionNumber;
    this.#control.set(args, 2);
    Atomics.store(this.#control, 0, BUSY);
    Atomics.notify(this.#control, 0);
  }

  /** Waits until the call is made, at most until the time `deadline`. */
  hasFinished(deadline: number): boolean {
    const sleepAt = performance.now() + WATCHFUL;
    for (let tries = 1; Atomics.load(this.#control, 0) === BUSY; tries++) {
      if (tries % 256 !== 0) continue;
      const now = performance.now();
      if (now > deadline) return false;
      if (now > sleepAt && maySleep) Atomics.wait(this.#control, 0, BUSY, deadline - now);
    }
    return true;
  }

  end(): void {
    Atomics.store(this.#control, 0, ENDED);
    Atomics.notify(this.#control, 0);
  }
}

type Arguments<Name extends keyof ThreadFunctions> = Readonly<Parameters<ThreadFunctions[Name]>>;

export class Threads {
  readonly scratch: Scratch<ThreadFunctions>;
  /** How many may work together, this one among them. */
  count = 1;
  #others: Thread[] = [];
  #hasFailed = false;

  constructor(scratch: Scratch<ThreadFunctions>) {
    this.scratch = scratch;
  }

  /** Once a thread has failed, all are done with: what it may still write must not be where anything is computed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /**
   * Has other threads make calls of one function, each one call, while this thread does its `own` part. What a thread is not
   * ready for is made here. Threads that are not there yet are started, and not waited for.
   *
   * @returns whether all were made; if not, a thread has failed
   */
  run<Name extends keyof ThreadFunctions>(name: Name, calls: readonly Arguments<Name>[], own: () => void): boolean {
    while (!this.#hasFailed && this.#others.length < calls.length) {
      this.#others.push(new Thread(this.scratch, (reason) => this.#fail(reason)));
    }
    if (this.#others.some((thread) => thread.isLate)) this.#fail("it did not start");
    if (this.#hasFailed) return false;
    const { functions } = this.scratch;
    const functionNumber = Object.keys(functions).indexOf(name);
    const busy: Thread[] = [];
    const left: Arguments<Name>[] = [];
    for (const [i, call] of calls.entries()) {
      const thread = this.#others[i];
      if (thread.isIdle) {
        thread.call(functionNumber, call);
        busy.push(thread);
      } else left.push(call);
    }
    const start = performance.now();
    own();
    for (const call of left) functions[name](...call);
    const now = performance.now();
    const deadline = now + PATIENCE + 20 * (now - start);
    if (!busy.every((thread) => thread.hasFinished(deadline))) this.#fail("it did not answer");
    return !this.#hasFailed;
  }

  #fail(reason: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    for (const thread of this.#others) thread.end();
    this.#others = [];
    console.warn(
      `lucidgrad: a thread for matrix products failed (${reason}). They go on with one thread: slower, with the same results.`,
    );
  }
}
