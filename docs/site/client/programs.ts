/** The programs of a page get a button. What runs them is loaded when it is first pressed. */
import type { Language } from "../texts.ts";
import { hasEdits } from "./runner/edits.ts";
import type { Notebook } from "./runner/notebook.ts";
import { texts } from "./texts.ts";

export function wake(assets: URL, language: Language): void {
  const figures = [...document.querySelectorAll<HTMLElement>("figure.program")];
  const page = location.pathname.replace("/zh/", "/"); // the code is the same in both languages
  let notebook: Promise<Notebook> | undefined;
  const open = () => {
    notebook ??= import(/* @vite-ignore */ new URL("notebook.js", assets).href).then(
      ({ openNotebook }: typeof import("./runner/notebook.ts")) => openNotebook(figures, { language, page }),
    );
    return notebook;
  };
  for (const [block, figure] of figures.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "run";
    button.textContent = texts[language].run;
    button.addEventListener("click", async () => (await open()).run(block));
    figure.append(button);
    figure.querySelector(".code")?.addEventListener("click", async () => {
      if (!notebook && getSelection()?.isCollapsed) (await open()).edit(block);
    });
  }
  if (figures.length > 0 && hasEdits(page)) void open();
}
