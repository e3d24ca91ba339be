/**
 * Which blocks have run, and what has to run next. A worker only ever goes forward. So a block that runs for the first time runs in the
 * worker that holds those above; and a block that runs again, or below a change, begins in a new worker, in which those above run
 * again first: silently, where what they print is on the page already. A second worker waits, with the engine loaded.
 */
import type { GraphSnapshot } from "../graph/types.ts";
import type { Code, Reply, Request, Scrub } from "./messages.ts";

export interface Listener {
  heard(reply: Reply): void;
  /** The worker could not be loaded, or has died. */
  broke(): void;
}

export class Session {
  readonly #listener: Listener;
  #worker: Worker | null = null;
  #spare: Worker | null = null;
  /** The text of each block that the worker has run, from the first. */
  #ran: string[] = [];
  #waiting: Code[] = [];
  /** Whether the worker notes how tensors are computed. */
  #notes = false;
  #scrubs = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** How many blocks, from the first, are in the state that the worker holds. */
  get ran(): number {
    return this.#ran.length;
  }

  /**
   * Runs a block, and before it what has to.
   * @param sources the texts of all blocks down to it
   * @param isShown whether what a block prints is on the page
   * @param options whether to begin at the first block in any case; and whether somebody wants to see graphs
   */
  run(sources: readonly string[], isShown: (block: number) => boolean, { again = false, notes = false }): void {
    const last = sources.length - 1;
    const isAhead = this.#ran.length > last || this.#ran.some((source, block) => source !== sources[block]);
    if (again || isAhead || !this.#worker || (notes && !this.#notes)) this.#begin();
    this.#notes ||= notes;
    const first = this.#ran.length;
    this.#waiting = sources.slice(first).map((source, i) => {
      const block = first + i;
      return { block, source, silent: block < last && isShown(block) };
    });
    this.#post({ type: "run", codes: this.#waiting, notes });
  }

  /** Runs an example of the reference, which knows of no other. */
  runExample(block: number, source: string): void {
    if (!this.#worker) this.#begin();
    this.#waiting = [{ block, source, silent: false }];
    this.#post({ type: "example", code: this.#waiting[0], notes: source.includes("showGraph") });
  }

  /** What changes the leaves of a graph that the worker of now has shown. */
  scrubber(graph: number): (scrub: Scrub) => Promise<GraphSnapshot> {
    const worker = this.#worker;
    return (scrub) =>
      new Promise((resolve, reject) => {
        const id = this.#scrubs++;
        const hear = ({ data }: MessageEvent<Reply>) => {
          if (data.type !== "scrubbed" && data.type !== "not scrubbed") return;
          if (data.id !== id) return;
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
    this.#worker?.terminate();
    this.#worker = null;
    this.#notes = false;
    this.#ran = [];
    this.#waiting = [];
  }

  #post(request: Request): void {
    this.#worker?.postMessage(request);
  }

  #begin(): void {
    this.stop();
    this.#worker = this.#spare ?? newWorker();
    this.#spare = null;
    const worker = this.#worker;
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => this.#heard(reply);
    worker.onerror = () => {
      this.stop();
      this.#listener.broke();
    };
  }

  #heard(reply: Reply): void {
    if (reply.type === "finished") this.#ran.push(this.#waiting.shift()!.source);
    if (reply.type === "failed") this.stop(); // half a block has run: nobody knows on what state
    if (reply.type === "done" || reply.type === "failed") this.#spare ??= newWorker();
    this.#listener.heard(reply);
  }
}

const newWorker = (): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
