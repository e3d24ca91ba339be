/**
 * Which blocks have run, and what has to run next. A worker only ever goes forward. So a block that runs for the first time runs in the
 * worker that holds those above; and a block that runs again, or below a change, begins in a new worker, in which those above run
 * again first: silently, where what they print is on the page already. So that nobody waits for that, a second worker has the engine
 * loaded, and those above run when they took long.
 */
import type { GraphSnapshot } from "../graph/types.ts";
import type { Code, Reply, Request, Scrub, Scrubbed } from "./messages.ts";

export interface Listener {
  heard(reply: Reply): void;
  /** The worker could not be loaded, or has died. */
  broke(): void;
}

/** How a run begins. */
export interface RunOptions {
  /** At the first block, in any case. */
  readonly again: boolean;
  /** With a note of how tensors are computed, which showGraph() needs. */
  readonly notes: boolean;
}

/** A worker, and the texts of the blocks that it has run, from the first. */
interface Holder {
  readonly worker: Worker;
  readonly ran: string[];
  notes: boolean;
}

/** What takes longer than this to run again is run before it is asked for. Milliseconds. */
const LONG = 60;
/** The number of a run that nobody has asked for. */
const AHEAD = 0;

export class Session {
  readonly #listener: Listener;
  #now: Holder | null = null;
  #spare: Holder | null = null;
  #waiting: Code[] = [];
  #runs = AHEAD;
  #scrubs = 0;
  /** Whether what runs shares nothing with the others. */
  #isExample = false;
  /** By block, how long it took. */
  readonly #took: number[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Runs a block, and before it what has to.
   * @param sources the texts of all blocks down to it
   * @param isShown whether what a block prints is on the page
   */
  run(sources: readonly string[], isShown: (block: number) => boolean, { again, notes }: RunOptions): void {
    const last = sources.length - 1;
    const leadsThere = (holder: Holder | null) =>
      holder !== null &&
      holder.ran.length <= (again ? 0 : last) &&
      holder.ran.every((source, block) => source === sources[block]) &&
      (holder.notes || !notes || holder.ran.length === 0);
    if (!leadsThere(this.#now)) {
      this.stop();
      if (!leadsThere(this.#spare)) this.#discardSpare();
      this.#begin();
    }
    const now = this.#now!;
    this.#isExample = false;
    now.notes ||= notes;
    const first = now.ran.length;
    this.#waiting = sources.slice(first).map((source, i) => {
      const block = first + i;
      return { block, source, silent: block < last && isShown(block) };
    });
    this.#post({ type: "run", run: ++this.#runs, codes: this.#waiting, notes });
  }

  /** Runs an example of the reference, which knows of no other. */
  runExample(block: number, source: string): void {
    if (!this.#now) this.#begin();
    this.#waiting = [{ block, source, silent: false }];
    this.#isExample = true;
    const notes = source.includes("showGraph");
    this.#post({ type: "example", run: ++this.#runs, code: this.#waiting[0], notes });
  }

  /** What changes the leaves of a graph that the worker of now has shown. */
  scrubber(graph: number): (scrub: Scrub) => Promise<GraphSnapshot> {
    const worker = this.#now?.worker;
    return (scrub) =>
      new Promise((resolve, reject) => {
        const id = this.#scrubs++;
        const hear = ({ data }: MessageEvent<Reply | Scrubbed>) => {
          if ("run" in data || data.id !== id) return;
          worker?.removeEventListener("message", hear);
          if (data.type === "scrubbed") resolve(data.graph);
          else reject(new Error(data.problem));
        };
        worker?.addEventListener("message", hear);
        worker?.postMessage({ type: "scrub", id, graph, scrub } satisfies Request);
      });
  }

  /** Ends what runs, for which there is no other way; all values are gone. */
  stop(): void {
    this.#now?.worker.terminate();
    this.#now = null;
    this.#waiting = [];
  }

  #post(request: Request): void {
    this.#now?.worker.postMessage(request);
  }

  #begin(): void {
    this.#now = this.#spare ?? newHolder();
    this.#spare = null;
    const { worker } = this.#now;
    worker.onmessage = ({ data: reply }: MessageEvent<Reply | Scrubbed>) => {
      if ("run" in reply) this.#heard(reply);
    };
    worker.onerror = () => {
      this.stop();
      this.#listener.broke();
    };
  }

  #heard(reply: Reply): void {
    if (reply.type === "failed") this.stop(); // half a block has run: nobody knows on what state
    if (reply.run !== this.#runs && reply.type !== "failed") return;
    if (reply.type === "finished") {
      const { source } = this.#waiting.shift()!;
      if (!this.#isExample) this.#now?.ran.push(source);
      this.#took[reply.block] = reply.milliseconds;
    }
    if (reply.type === "done" || reply.type === "failed") this.#prepare();
    this.#listener.heard(reply);
  }

  /** Readies a worker for the last block to run again. */
  #prepare(): void {
    const above = this.#now?.ran.slice(0, -1) ?? [];
    const long = above.some((_, block) => this.#took[block] > LONG);
    if (long) this.#discardSpare();
    this.#spare ??= newHolder();
    if (!long) return;
    this.#spare.ran.push(...above);
    this.#spare.notes = this.#now?.notes ?? false;
    this.#spare.worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
      if (reply.type === "failed") this.#discardSpare(); // what went well once may fail the next time
    };
    const codes = above.map((source, block) => ({ block, source, silent: true }));
    this.#spare.worker.postMessage({ type: "run", run: AHEAD, codes, notes: this.#spare.notes } satisfies Request);
  }

  #discardSpare(): void {
    this.#spare?.worker.terminate();
    this.#spare = null;
  }
}

const newHolder = (): Holder => ({
  worker: new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  ran: [],
  notes: false,
});
