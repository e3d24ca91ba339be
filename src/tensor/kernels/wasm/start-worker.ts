/** How another thread is started, in Node or in a browser. */
import { builtin } from "../../host.ts";

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
