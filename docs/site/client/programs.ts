/** The programs of a page get a bar with a button. What runs them is loaded when one is pressed first. */
import type { Language } from "../texts.ts";
import { caretIn } from "./runner/caret.ts";
import { hasEdits } from "./runner/edits.ts";
import type { Notebook } from "./runner/notebook.ts";
import { standIn } from "./runner/stand-in.ts";
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
  for (const [block, figure] of figures.entries()) {
    const name = figure.hasAttribute("data-graph") ? say.stepThrough : say.run;
    const bar = document.createElement("div");
    const button = document.createElement("button");
    const status = document.createElement("span");
    bar.className = "bar";
    button.type = "button";
    button.textContent = name;
    status.setAttribute("role", "status");
    bar.append(button, status);
    const code = figure.querySelector(".code");
    code?.after(bar);

    const withNotebook = async (act: (notebook: Notebook) => void) => {
      button.textContent = say.loading;
      status.textContent = "";
      try {
        notebook ??= open(); // it puts bars of its own in the place of these
        act(await notebook);
      } catch {
        notebook = undefined; // the next press tries again
        button.textContent = name;
        status.textContent = say.failed;
      }
    };
    button.addEventListener("click", () => void withNotebook((it) => it.run(block)));
    code?.addEventListener("click", () => {
      const caret = caretIn(code);
      if (notebook || caret === null) return;
      standIn(figure, { text: code.textContent, caret, label: say.editor });
      void withNotebook((it) => it.edit(block));
    });
  }
  if (figures.length > 0 && hasEdits(page)) notebook = open();
}
