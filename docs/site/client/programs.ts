/** The programs of a page get a bar with a button. What runs them is loaded when one is pressed first. */
import type { Language } from "../texts.ts";
import { hasEdits } from "./runner/edits.ts";
import type { Notebook } from "./runner/notebook.ts";
import { texts } from "./texts.ts";

export function wake(site: URL, language: Language): void {
  const figures = [...document.querySelectorAll<HTMLElement>("figure.program")];
  const page = document.body.dataset.page ?? "";
  const say = texts[language];
  let notebook: Promise<Notebook> | undefined;

  const open = async (): Promise<Notebook> => {
    const module = new URL("assets/run.js", site).href;
    const { openNotebook } = (await import(/* @vite-ignore */ module)) as typeof import("./run.ts");
    const areExamples = figures.some(({ dataset }) => "alone" in dataset);
    return openNotebook(figures, { language, page, areExamples });
  };
  const run = async (block: number, button: HTMLButtonElement) => {
    button.textContent = say.loading;
    try {
      notebook ??= open();
      (await notebook).run(block);
    } catch {
      notebook = undefined; // the next press tries again
      button.textContent = say.run;
      button.after(say.failed);
    }
  };
  for (const [block, figure] of figures.entries()) {
    const bar = document.createElement("div");
    const button = document.createElement("button");
    bar.className = "bar";
    button.type = "button";
    button.textContent = say.run;
    button.addEventListener("click", () => void run(block, button));
    bar.append(button);
    figure.querySelector(".code")?.after(bar);
  }
  if (figures.length > 0 && hasEdits(page)) notebook = open();
}
