/** The programs of this experiment in two tabs, and a button that copies the one that is shown. */
import { byId, flash, make } from "./elements.ts";
import { say } from "./language.ts";
import { lucidgradProgram } from "./lucidgrad-program.ts";
import { pytorchProgram } from "./pytorch-program.ts";
import type { Session, Watcher } from "./session.ts";

/** Comments, texts, words of the two languages, numbers: what is coloured. */
const TOKENS =
  /(?<comment>(?:\/\/|# ).*)|(?<text>f?"[^"\n]*"|`[^`]*`)|(?<word>\b(?:import|from|const|let|function|yield|return|for|of|if|new|await|def|in|with|not|while|lambda|instanceof|True|False|true|false)\b)|(?<number>\b\d[\d.]*\b)/g;

/** Steps of a program for networks that have not made any. */
const STEPS = 100;

export class CodePanel implements Watcher {
  readonly #session: Session;
  readonly #tabs = [byId("tab-lucidgrad"), byId("tab-pytorch")];
  readonly #code = byId("code").firstElementChild as HTMLElement;
  #programs: readonly string[] = ["", ""];
  #selected = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => this.#select(i));
      tab.addEventListener("keydown", ({ key }) => {
        if (key !== "ArrowLeft" && key !== "ArrowRight") return;
        this.#select(1 - i);
        this.#tabs[1 - i].focus();
      });
    });
    const copy = byId("copy");
    copy.addEventListener("click", async () => {
      const hasWorked = await navigator.clipboard.writeText(this.#programs[this.#selected]).then(
        () => true,
        () => false, // the browser does not allow it
      );
      flash(copy, hasWorked ? say().copied : say().copyFailed, () => say().copy);
    });
  }

  /** They make as many steps as the networks here have made. */
  statusChanged(): void {
    const { settings, status } = this.#session;
    if (status === "running") return;
    const steps = this.#session.steps || STEPS;
    this.#programs = [lucidgradProgram(settings, steps), pytorchProgram(settings, steps)];
    this.#select(this.#selected);
  }

  #select(i: number): void {
    this.#selected = i;
    this.#tabs.forEach((tab, k) => {
      tab.setAttribute("aria-selected", `${k === i}`);
    });
    byId("code").setAttribute("aria-labelledby", this.#tabs[i].id);
    this.#code.replaceChildren(...coloured(this.#programs[i]));
  }
}

function coloured(program: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of program.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? "";
    nodes.push(document.createTextNode(program.slice(end, match.index)), make("span", { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, document.createTextNode(program.slice(end))];
}
