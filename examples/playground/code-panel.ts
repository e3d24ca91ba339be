/** The programs of programs.ts in two tabs, and a button that copies the one that is shown. */
import { byId, make } from "./elements.ts";
import { say } from "./language.ts";
import { lucidgradProgram, pytorchProgram } from "./programs.ts";
import type { Settings } from "./settings.ts";

/** Comments, texts, words of the two languages, numbers: what is coloured. */
const TOKENS =
  /(?<comment>(?:\/\/|# ).*)|(?<text>f?"[^"\n]*"|`[^`]*`)|(?<word>\b(?:import|from|const|let|function|return|for|of|if|new|await|def|in|with|not|True|False|true|false)\b)|(?<number>\b\d[\d.]*\b)/g;

export class CodePanel {
  readonly #tabs = [byId("tab-lucidgrad"), byId("tab-pytorch")];
  readonly #code = byId("code").firstElementChild as HTMLElement;
  #programs: readonly string[] = ["", ""];
  #selected = 0;

  constructor() {
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
      copy.textContent = hasWorked ? say().copied : say().copyFailed;
      setTimeout(() => {
        copy.textContent = say().copy;
      }, 2000);
    });
  }

  show(settings: Settings): void {
    this.#programs = [lucidgradProgram(settings), pytorchProgram(settings)];
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
