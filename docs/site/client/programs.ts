/** The programs of a page get a button. What runs them is loaded when it is first pressed. */
import type { Language } from "../texts.ts";
import { texts } from "./texts.ts";

export function wake(_site: URL, language: Language): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure.program")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "run";
    button.textContent = texts[language].run;
    figure.append(button);
  }
}
