/** Settings worth trying, a button for each, and what to look at. */
import { addressOf } from "./address.ts";
import { byId, make } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import type { Session, Watcher } from "./session.ts";
import { defaultsOf, type Experiment, experiments, type Settings } from "./settings.ts";

const names = Object.keys(experiments) as Experiment[];

function settingsOf(name: Experiment): Settings {
  const change: Partial<Settings> = experiments[name];
  return { ...defaultsOf(change.network ?? "mlp"), ...change };
}

export class Experiments implements Watcher {
  readonly #session: Session;

  /** @param start trains networks of these settings so many steps */
  constructor(session: Session, start: (settings: Settings, steps: number) => void) {
    this.#session = session;
    for (const name of names) {
      const button = make("button", { type: "button", id: `experiment-${name}` });
      onLanguage(() => {
        button.textContent = say().experimentNames[name];
      });
      button.addEventListener("click", () => start(settingsOf(name), Number.POSITIVE_INFINITY));
      byId("experiments").append(button);
    }
    onLanguage(() => this.started());
  }

  /** Shows whose settings these are, by whatever way they came. */
  started(): void {
    const address = addressOf(this.#session.settings);
    const shown = names.find((name) => addressOf(settingsOf(name)) === address);
    for (const name of names) byId(`experiment-${name}`).setAttribute("aria-pressed", `${name === shown}`);
    byId("experiment-note").textContent = shown ? say().experimentNotes[shown] : say().experimentHint;
  }

  statusChanged(): void {
    const { status } = this.#session;
    for (const name of names) {
      byId(`experiment-${name}`, HTMLButtonElement).disabled = status === "loading" || status === "failed";
    }
  }
}
