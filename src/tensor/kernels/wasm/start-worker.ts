/**
 * How another thread is started, in Node or in a browser. What it runs is in this module as text, so that a bundle of one file,
 * wherever it lies, is all that threads need.
 */
import { builtin } from "../../host.ts";
import { worker as program } from "./compiled.ts";

/** What a browser has under the name Worker. */
declare const Worker: new (
  url: string,
) => { postMessage(message: unknown): void; onerror: ((event: { message?: string }) => void) | null };

/**
 * Starts worker.mjs on another thread and sends it `message`. The thread does not keep the process alive.
 *
 * @param failed is told if it cannot start or stops, when this thread's event loop next runs
 */
export function startWorker(message: unknown, failed: (reason: string) => void): void {
  if (builtin) {
    const { Worker: NodeWorker } = builtin("node:worker_threads");
    // Without the process's own flags: a loader among them would be loaded again.
    const worker = new NodeWorker(program, { eval: true, execArgv: [] });
    worker.postMessage(message);
    worker.unref();
    worker.on("error", (error: Error) => failed(error.message));
    worker.on("exit", () => failed("it stopped"));
  } else {
    const worker = new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
    worker.postMessage(message);
    worker.onerror = ({ message: reason }) =>
      failed(reason || "this page's policy may not allow workers of blob: addresses");
  }
}
