/** The bar that stays in sight: run, step, reset, how far the networks are, and what is going on, in words. */
import { byId, make } from "./elements.ts";
import { TRAIN } from "./file.ts";
import { onLanguage, say } from "./language.ts";
import type { Report } from "./messages.ts";
import { namesOf } from "./names.ts";
import { lossText, wholeNumber } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";

export class Toolbar implements Watcher {
  readonly #session: Session;
  /** What the status says now, as a screen reader should not hear it twice. */
  #said = "";

  constructor(session: Session) {
    this.#session = session;
    byId("run").addEventListener("click", () => (session.status === "running" ? session.pause() : session.run()));
    byId("step").addEventListener("click", () => session.step());
    byId("reset").addEventListener("click", () => session.start(session.settings));
    byId("retry").addEventListener("click", () => session.retry());
    onLanguage(() => this.statusChanged());
  }

  loading(loaded: number, total: number | null): void {
    const bar = byId("loaded", HTMLProgressElement);
    if (total !== null) Object.assign(bar, { max: total, value: loaded });
    byId("loaded-bytes").textContent = `${(loaded / 1e6).toFixed(1)} MB`;
  }

  reported({ steps, stepTime }: Report): void {
    const { settings } = this.#session;
    byId("steps").textContent = wholeNumber(steps);
    byId("passes").textContent = ((steps * settings.batchSize) / TRAIN[settings.data]).toFixed(1);
    if (stepTime !== null) byId("step-time").textContent = stepTime.toFixed(1);
    else if (steps === 0) byId("step-time").textContent = "–"; // of these networks nothing is known yet
  }

  statusChanged(): void {
    const { status, threads } = this.#session;
    document.body.dataset.status = status;
    const [shown, heard = ""] = this.#words();
    const said = shown + heard;
    if (said !== this.#said) byId("status").replaceChildren(shown, make("span", { class: "heard" }, heard));
    this.#said = said;
    byId("threads").textContent =
      threads === 0 ? "" : threads === 1 && !crossOriginIsolated ? say().oneThread : say().threads(threads);
    const button = byId("run");
    button.dataset.text = status === "running" ? "pause" : "run";
    button.textContent = status === "running" ? say().pause : say().run;
    byId("loading").hidden = status !== "loading" && status !== "failed";
    byId("retry").hidden = status !== "failed";
    for (const id of ["run", "step", "reset", "sample", "clear"]) {
      byId(id, HTMLButtonElement).disabled = status === "loading" || status === "failed";
    }
  }

  /** What is going on; of what the charts show the most important numbers, for who cannot see them. */
  #words(): string[] {
    const { status, failure, steps, settings, losses } = this.#session;
    if (status === "loading") return [say().statusLoading];
    if (status === "ready") return [say().statusReady];
    if (status === "running") return [say().statusRunning];
    if (status === "failed") {
      const { of, reason } = failure!;
      return [of === "pictures" ? say().loadingFailed(reason) : say().workerFailed(reason)];
    }
    const values = namesOf(settings).map((name, i) => say().nameAndNumber(name, lossText(losses.smoothed[i])));
    return [say().statusPaused(wholeNumber(steps)), say().statusLosses(values.join(say().semicolon))];
  }
}
