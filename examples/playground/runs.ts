/** The runs before this one: kept as curves behind it, and listed with a link that leads back to each. */
import { addressOf } from "./address.ts";
import { byId, make } from "./elements.ts";
import type { LossHistory } from "./history.ts";
import { onLanguage, say } from "./language.ts";
import { namesOf } from "./names.ts";
import { wholeNumber } from "./numbers.ts";
import type { Session, Watcher } from "./session.ts";
import { CHOICES, defaultsOf, type Settings } from "./settings.ts";
import { chapterOf } from "./story.ts";
import type { Each } from "./trainer.ts";

export interface Run {
  /** By which its curves are labelled. */
  readonly number: number;
  readonly settings: Settings;
  readonly steps: number;
  readonly losses: LossHistory;
  readonly accuracies: { readonly steps: readonly number[]; readonly values: Each<readonly number[]> };
}

/** So many are kept; the oldest leaves. */
const MOST = 4;
/** A run of fewer steps is not worth keeping. */
const FEWEST_STEPS = 10;

export class Runs implements Watcher {
  readonly #session: Session;
  #runs: readonly Run[] = [];
  #number = 0;
  #current: Run | null = null;
  /** A step of the story has only its own runs behind it: others would crowd what it is about. */
  #isStory = false;
  /** Is told when they have changed. */
  changed: () => void = () => {};

  constructor(session: Session) {
    this.#session = session;
    byId("clear-runs").addEventListener("click", () => this.#keep([]));
    onLanguage(() => this.#write());
  }

  get list(): readonly Run[] {
    if (!this.#isStory) return this.#runs;
    const own = addressOf(this.#session.settings);
    return this.#runs.filter(({ settings }) => addressOf(settings) === own);
  }

  /** What ran until now is an earlier run from now on. The same experiment is kept once. */
  started(): void {
    const run = this.#current;
    this.#current = null;
    this.#isStory = chapterOf(this.#session.settings, this.#session.until) !== undefined;
    this.#write();
    if (!run || run.steps < FEWEST_STEPS) return;
    const address = addressOf(run.settings);
    const others = this.#runs.filter(({ settings }) => addressOf(settings) !== address);
    this.#keep([...others, { ...run, number: ++this.#number }].slice(-MOST));
  }

  reported(): void {
    const { settings, steps, losses, accuracies } = this.#session;
    this.#current = { number: 0, settings, steps, losses, accuracies };
  }

  #keep(runs: readonly Run[]): void {
    this.#runs = runs;
    this.#write();
    this.changed();
  }

  #write(): void {
    byId("runs").hidden = this.list.length === 0;
    byId("run-list").replaceChildren(
      ...this.list.map((run) => {
        const text = `${run.number}${say().colon}${describe(run.settings)}`;
        const remove = make(
          "button",
          { type: "button", class: "quiet", "aria-label": say().removeRun(run.number) },
          "×",
        );
        remove.addEventListener("click", () => this.#keep(this.#runs.filter((one) => one !== run)));
        const link = make("a", { href: `#${addressOf(run.settings, run.steps)}` }, text);
        return make("li", {}, link, ` ${say().stepsMade(wholeNumber(run.steps))} `, remove);
      }),
    );
  }
}

/** The settings in words: the networks, and what else is not as usual. */
export function describe(settings: Settings): string {
  const { choices, data, architectures, semicolon, seed } = say();
  const usual = defaultsOf(settings.network);
  return [
    namesOf(settings).join(" / "),
    ...(settings.data === usual.data ? [] : [data[settings.data]]),
    ...(settings.network === "mlp" ? [] : [architectures[settings.network]]),
    ...CHOICES.filter((name) => settings[name] !== usual[name]).map((name) => `${choices[name]} ${settings[name]}`),
    ...(settings.seed === usual.seed ? [] : [`${seed} ${settings.seed}`]),
  ].join(semicolon);
}
