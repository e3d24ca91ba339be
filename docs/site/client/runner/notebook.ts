/**
 * The blocks of a page that run where they stand. Read next: session.ts, what runs when; block-view.ts, a block on the page; worker.ts,
 * where it runs.
 */
import "./runner.css";
import { BlockView } from "./block-view.ts";
import { type Edit, keepEdits, keptEdits, linkedEdits, linkWith, markOf } from "./edits.ts";
import { adviceFor, type Failure } from "./habits.ts";
import type { Place, Problem, Reply } from "./messages.ts";
import { Session } from "./session.ts";
import { duration, type Language, textsIn } from "./texts.ts";

/** Where a reader of Python finds more, seen from the site's folder. */
const JAVASCRIPT = "guide/javascript.html";

export interface NotebookOptions {
  readonly language: Language;
  /** Its address in its language; and under which edits are kept: the same in both, if a page has the same code. */
  readonly page: string;
}

export interface Notebook {
  /** Runs a block, and first what has to run above it. */
  run(block: number): void;
  /** Opens a block's editor. */
  edit(block: number): void;
  /** When the edits of the link, or of the last visit, are shown. */
  readonly ready: Promise<void>;
}

/**
 * Makes the figures blocks that run, and share what they declare in their order; but an example of the reference, `data-alone`, sees all
 * names of the package, and no other block.
 */
export function openNotebook(figures: readonly HTMLElement[], { language, page }: NotebookOptions): Notebook {
  const say = textsIn(language);
  const views = figures.map(
    (figure, block) =>
      new BlockView(figure, block + 1, language, {
        run: (fromTheFirst) => run(block, fromTheFirst),
        stop,
        changed,
        reset: () => reset(block),
        copyLink: () => void copyLink(block),
        scrubber: (graph) => session.scrubber(graph),
      }),
  );
  const session = new Session({ heard, broke });
  const partsOf = (block: number) => (views[block].isAlone ? [views[block]] : views.slice(0, block + 1));
  const codeDownTo = (block: number) => partsOf(block).map(({ source }) => source);
  const originalDownTo = (block: number) => partsOf(block).map(({ original }) => original);
  /** By block: the code down to it that has printed what is shown below it. */
  const shownFor = views.map((_, block) => JSON.stringify(originalDownTo(block)));
  const isShown = (block: number) => shownFor[block] === JSON.stringify(codeDownTo(block));
  /** The block that a reader has asked for, and the one that runs for it. */
  let [wanted, running] = [-1, -1];

  function run(block: number, fromTheFirst = false): void {
    if (session.isBusy) {
      views[block].status(say("busy"));
      return;
    }
    wanted = block;
    views[block].status(say("loading"));
    views[block].setBusy(true);
    if (views[block].isAlone) session.runExample(block, views[block].source);
    else
      session.run(codeDownTo(block), fromTheFirst ? () => false : isShown, {
        again: fromTheFirst,
        notes: showsGraphs(),
      });
  }

  const showsGraphs = () => views.some(({ source }) => source.includes("showGraph"));

  function heard(reply: Reply): void {
    if (reply.type === "started") {
      running = reply.block;
      if (running === wanted || !isShown(running)) views[running].begin();
      if (running === wanted) views[wanted].status(say("running"));
      else views[wanted].status(say("runningAbove"), running);
    } else if (reply.type === "shown") {
      if (reply.kind === "problem") showProblem(reply.block, reply.problem);
      else views[reply.block].show(reply);
    } else if (reply.type === "finished") {
      finish(reply.block);
      if (reply.block === wanted) views[wanted].status(`${say("done")} ${duration(reply.milliseconds)}`);
    } else if (reply.type === "failed") {
      const { block, problem } = reply;
      showProblem(block, problem);
      finish(block);
      if (block === wanted) views[wanted].status(say("failed"));
      else views[wanted].status(say("failedAbove"), block);
      views[wanted].setBusy(false);
    } else if (reply.type === "done") {
      views[wanted].setBusy(false);
    }
  }

  /** Below its block; and in each block the line that failed, or called what did, is marked. */
  function showProblem(block: number, problem: Problem): void {
    const { text, places } = problem;
    views[block].problem(text);
    const advice = places.length > 0 && adviceFor(failureAt(places[0], text), language);
    if (advice) views[block].advice(advice, `${"../".repeat(page.split("/").length - 1)}${JAVASCRIPT}`);
    for (const [i, view] of views.entries()) {
      const place = places.find(({ block }) => block === i);
      if (place) void view.mark([place.line]);
    }
  }

  function failureAt({ block, line }: Place, text: string): Failure {
    const codes = codeDownTo(block);
    return { message: text.split("\n")[0], source: views[block].source, line, above: codes.slice(0, -1).join("") };
  }

  function finish(block: number): void {
    views[block].end();
    shownFor[block] = JSON.stringify(codeDownTo(block));
    showStale();
  }

  function broke(): void {
    if (wanted >= 0) idle(say("noEngine"));
  }

  function stop(): void {
    session.stop();
    idle(say("stopped"));
  }

  function idle(status: string): void {
    if (running >= 0) views[running].end();
    views[wanted].setBusy(false);
    views[wanted].status(status);
  }

  function changed(): void {
    const edits = allEdits();
    keepEdits(page, edits);
    if (location.hash.startsWith("#code=")) history.replaceState(null, "", location.pathname + location.search);
    showStale();
  }

  function reset(block: number): void {
    views[block].reset();
    shownFor[block] = JSON.stringify(originalDownTo(block));
    changed();
  }

  const allEdits = (): Edit[] =>
    views.flatMap((view, block) => (view.isChanged ? { block, of: markOf(view.original), code: view.source } : []));

  function showStale(): void {
    for (const [block, view] of views.entries()) view.setStale(!isShown(block));
  }

  async function copyLink(block: number): Promise<void> {
    const link = await linkWith(allEdits());
    try {
      await navigator.clipboard.writeText(link);
      views[block].status(say("copied"));
    } catch {
      history.replaceState(null, "", link); // it can be copied from there
      views[block].status(say("copyThis"));
    }
  }

  async function restore(): Promise<void> {
    const linked = await linkedEdits();
    for (const { block, of, code } of linked.length > 0 ? linked : keptEdits(page)) {
      const view = views[block];
      if (view && markOf(view.original) === of) {
        if (!view.isChanged) view.setSource(code); // what a reader has typed meanwhile stays
        if (linked.length > 0) view.status(say("fromLink"));
      } else if (linked.length > 0) views[Math.min(block, views.length - 1)]?.status(say("oldLink"));
    }
    showStale();
  }

  return { run, edit: (block) => void views[block].edit(), ready: restore() };
}
