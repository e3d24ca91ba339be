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
    return openNotebook(figures, { language, page });
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
  const edit = async (block: number) => {
    notebook ??= open();
    (await notebook).edit(block);
  };
  for (const [block, figure] of figures.entries()) {
    const bar = document.createElement("div");
    const button = document.createElement("button");
    bar.className = "bar";
    button.type = "button";
    button.textContent = say.run;
    button.addEventListener("click", () => void run(block, button));
    bar.append(button);
    const code = figure.querySelector(".code");
    code?.after(bar);
    code?.addEventListener("click", () => {
      if (!notebook && getSelection()?.isCollapsed) void edit(block); // who selects text wants to copy it
    });
  }
  if (figures.length > 0 && hasEdits(page)) notebook = open();
}
