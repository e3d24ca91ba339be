/**
 * What the page knows of the worker's networks: their settings, how far they are, what they have lost so far. Views watch it;
 * controls tell it what to do.
 */
import { FILE_NAME } from "./file.ts";
import { LossHistory } from "./history.ts";
import type { Drawing, Reply, Report, Request, Seen } from "./messages.ts";
import { type Data, defaults, type Settings } from "./settings.ts";
import type { Each, UnitWish } from "./trainer.ts";
import type { UnitReport } from "./unit-watch.ts";

export type Status = "loading" | "ready" | "running" | "paused" | "failed";

/** What went wrong, and why: the pictures did not come, or the worker stopped. */
export interface Failure {
  readonly of: "pictures" | "worker";
  readonly reason: string;
}

/** A view, or whoever wants to know. */
export interface Watcher {
  /** There are new networks, of `session.settings`. Their first report follows. */
  started?(): void;
  reported?(report: Report): void;
  statusChanged?(): void;
  /** The pictures are on their way: so many bytes of `total`, if the server says. */
  loading?(loaded: number, total: number | null): void;
  seen?(seen: Seen): void;
  /** The unit that was asked for. */
  unit?(unit: UnitReport): void;
  /** The theme has changed, and with it the colours. */
  redraw?(): void;
}

export class Session {
  settings: Settings = defaults;
  status: Status = "loading";
  failure: Failure | null = null;
  threads = 0;
  steps = 0;
  /** Where the run is to stop; Infinity for nowhere. */
  until = 0;
  losses = new LossHistory(0);
  /** The shares of test pictures read, at some steps. */
  accuracies: { steps: number[]; values: Each<number[]> } = { steps: [], values: [] };
  #worker = this.#newWorker();
  readonly #loaded = new Set<Data>();
  #run = 0;
  /** What to do as soon as the pictures are there. */
  #next: { settings: Settings; until: number } | null = null;
  #compared: ((inTrainMode: Each<number>) => void) | null = null;
  readonly #watchers: Watcher[] = [];

  watch(watcher: Watcher): void {
    this.#watchers.push(watcher);
  }

  /** New networks, which train until so many steps are made. The pictures come first, if they are not there yet. */
  start(settings: Settings, until = 0): void {
    this.#next = { settings, until };
    if (this.#loaded.has(settings.data)) this.#begin(this.#next);
    else {
      this.#setStatus("loading");
      const url = new URL(FILE_NAME, document.baseURI).href;
      this.#tell({ type: "load", data: settings.data, url });
    }
  }

  /** After a failure: the same again, with a new worker if the old one has stopped. */
  retry(): void {
    if (this.failure?.of === "worker") {
      this.#worker.terminate();
      this.#worker = this.#newWorker();
      this.#loaded.clear();
    }
    this.start(this.#next?.settings ?? this.settings, this.#next?.until ?? this.steps);
  }

  /** Goes on to where the run is to stop; for ever if it is there already. */
  run(until = this.until > this.steps ? this.until : Number.POSITIVE_INFINITY): void {
    this.until = until;
    this.#tell({ type: "run", until });
    this.#setStatus("running");
  }

  step(): void {
    this.#tell({ type: "run", until: this.steps + 1 });
  }

  pause(): void {
    this.#tell({ type: "pause" });
  }

  draw(drawing: Drawing | null): void {
    this.#tell({ type: "draw", drawing });
  }

  /** Show this unit from now on. */
  watchUnit(choice: UnitWish | null): void {
    this.#tell({ type: "watch", choice });
  }

  sample(): void {
    this.#tell({ type: "sample" });
  }

  /** The shares of test pictures read by the statistics of batches as in training. */
  accuraciesInTrainMode(): Promise<Each<number>> {
    this.#tell({ type: "compareModes" });
    return new Promise((resolve) => {
      this.#compared = resolve;
    });
  }

  redraw(): void {
    for (const watcher of this.#watchers) watcher.redraw?.();
  }

  #newWorker(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    worker.onerror = ({ message }) => this.#fail({ of: "worker", reason: message ?? "" });
    return worker;
  }

  #tell(request: Request): void {
    this.#worker.postMessage(request);
  }

  #hear(reply: Reply): void {
    switch (reply.type) {
      case "progress":
        for (const watcher of this.#watchers) watcher.loading?.(reply.loaded, reply.total);
        return;
      case "loaded":
        this.threads = reply.threads;
        this.#loaded.add(reply.data);
        if (this.#next?.settings.data === reply.data) this.#begin(this.#next);
        return;
      case "failed":
        this.#fail({ of: "pictures", reason: reply.reason });
        return;
      case "report":
        if (reply.run === this.#run && !this.#next) this.#heard(reply); // else late: of networks that are gone
        return;
      case "modes":
        if (reply.run === this.#run) this.#compared?.(reply.inTrainMode);
        return;
      case "unit":
        if (reply.run === this.#run && !this.#next) for (const watcher of this.#watchers) watcher.unit?.(reply.unit);
        return;
      case "seen":
        for (const watcher of this.#watchers) watcher.seen?.(reply);
    }
  }

  #begin({ settings, until }: { settings: Settings; until: number }): void {
    this.#next = null;
    this.settings = settings;
    this.steps = 0;
    this.until = until;
    this.losses = new LossHistory(settings.contestants.length);
    this.accuracies = { steps: [], values: settings.contestants.map(() => []) };
    this.failure = null;
    this.#tell({ type: "reset", run: ++this.#run, settings });
    for (const watcher of this.#watchers) watcher.started?.();
    this.#setStatus("ready");
    if (until > 0) this.run(until);
  }

  #heard(report: Report): void {
    this.steps = report.steps;
    for (const losses of report.losses) this.losses.add(losses);
    if (report.accuracy) {
      const { step, values } = report.accuracy;
      if (this.accuracies.steps.at(-1) !== step) {
        this.accuracies.steps.push(step);
        values.forEach((value, i) => {
          this.accuracies.values[i].push(value);
        });
      }
    }
    for (const watcher of this.#watchers) watcher.reported?.(report);
    if (report.isRunning) this.#setStatus("running");
    else if (report.steps > 0) this.#setStatus("paused");
  }

  #fail(failure: Failure): void {
    this.failure = failure;
    this.#setStatus("failed");
  }

  #setStatus(status: Status): void {
    this.status = status; // the same again, too: the number of steps has changed
    for (const watcher of this.#watchers) watcher.statusChanged?.();
  }
}
