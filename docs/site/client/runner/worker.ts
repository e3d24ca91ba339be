/**
 * The worker: runs blocks, one after the other, and says what they print. It holds the engine, and the names of the blocks that have
 * run. It never goes back: who wants to run a block once more gives the blocks to a new worker.
 * Read next: scope.ts, how blocks share their names; console.ts, how they print; session.ts, the page's side.
 */

import { manualSeed } from "../../../../src/edge/index.ts"; // the engine, before it is wanted
import type { Tensor } from "../../../../src/tensor/tensor.ts";
import type { Names } from "../graph/names.ts";
import { type OpenGraph, openGraph, startRecording } from "../graph/snapshot.ts";
import { makeConsole, makeProcess } from "./console.ts";
import type { Code, Reply, Request, Scrubbed, Shown, Stream } from "./messages.ts";
import { allNames, loadModule } from "./modules.ts";
import { addNodesGlobals } from "./node/globals.ts";
import { placeSiteFiles } from "./node/site-files.ts";
import { Output } from "./output.ts";
import { problemOf } from "./problems.ts";
import { Scope } from "./scope.ts";
import { pictured, plotted } from "./showing.ts";

const reply = (message: Reply | Scrubbed): void => postMessage(message);

/** The block that runs, or was the last to: what a timer prints later is its, too. */
let output: Output | null = null;
const write = (stream: Stream, text: string): void => output?.write(stream, text);
const show = (shown: Shown): void => output?.show(shown);

/** The block that runs, and for which request. */
let now = { run: 0, block: 0 };

/** Graphs that are shown: their leaves may still be changed. */
const graphs: OpenGraph[] = [];
let scope: Scope;

const given = {
  process: makeProcess(write),
  plot: (...args: Parameters<typeof plotted>) => show(plotted(...args)),
  showImage: (...args: Parameters<typeof pictured>) => show(pictured(...args)),
  showGraph(result: Tensor, names: Names = {}): void {
    const graph = openGraph(result, names, scope.values());
    show({ kind: "graph", id: graphs.push(graph) - 1, graph: graph.snapshot() });
  },
};
const notebook = new Scope(given, loadModule);
Object.assign(globalThis.console, makeConsole(write)); // what the engine warns of is printed, too

addNodesGlobals();
placeSiteFiles(
  (path) => path.includes("train-images") && show({ kind: "note", note: "few digits" }),
  () => reply({ type: "shown", ...now, kind: "note", note: "no network" }), // of a silent block, too
);

async function runAll(codes: readonly Code[], run: number): Promise<void> {
  for (const { block, source, silent } of codes) {
    const own = silent ? null : new Output((shown) => reply({ type: "shown", run, block, ...shown }));
    output = own;
    now = { run, block };
    reply({ type: "started", ...now });
    const start = performance.now();
    try {
      await scope.run(block, source);
    } catch (error) {
      own?.end();
      reply({ type: "failed", run, block, problem: problemOf(error, { block, source }) });
      return;
    }
    own?.end();
    reply({ type: "finished", run, block, milliseconds: performance.now() - start });
  }
  reply({ type: "done", run });
}

/** As `npm run docs` runs it. */
async function runExample(code: Code, run: number): Promise<void> {
  scope = new Scope({ ...given, ...(await allNames()), path: `/tmp/${code.block}` }, loadModule);
  manualSeed(0);
  await runAll([code], run);
}

let isNoting = false;
function noteCalls(): void {
  if (!isNoting) startRecording();
  isNoting = true;
}

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  if (request.type === "scrub") {
    const { id, graph, scrub } = request;
    try {
      const changed = graphs[graph].scrub(scrub.leaf, scrub.element, scrub.value);
      reply({ type: "scrubbed", id, graph: changed });
    } catch (error) {
      reply({ type: "not scrubbed", id, problem: (error as Error).message });
    }
    return;
  }
  if (request.notes) noteCalls();
  scope = notebook;
  void (request.type === "run" ? runAll(request.codes, request.run) : runExample(request.code, request.run));
};
// What nobody waits for may fail, too.
function failLate(event: Event, error: unknown): void {
  event.preventDefault();
  show({ kind: "problem", problem: problemOf(error) });
}
self.addEventListener("unhandledrejection", (event) => failLate(event, event.reason));
self.addEventListener("error", (event) => failLate(event, event.error));
