/** The two preferences, language and theme, and the texts that are the same at all times. */
import { byId } from "./elements.ts";
import { onLanguage, say, switchLanguage } from "./language.ts";
import type { TextName } from "./texts.ts";

/** @param redraw draws all that has colours of its own anew */
export function preparePreferences(redraw: () => void): void {
  const root = document.documentElement;
  byId("language").addEventListener("click", switchLanguage);
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    remember(root.dataset.theme);
    writeButtons();
    redraw();
  });
  matchMedia("(forced-colors: active)").addEventListener("change", redraw);
  /** The buttons say what they lead to. */
  const writeButtons = () => {
    byId("language").textContent = say().otherLanguage;
    byId("theme").textContent = root.dataset.theme === "dark" ? say().lightMode : say().darkMode;
  };
  onLanguage(() => {
    writeTexts();
    writeButtons();
  });
}

/** For the next visit, and for the site, which reads the same name: index.html. */
function remember(theme: string): void {
  try {
    localStorage.setItem("lucidgrad-theme", theme);
  } catch {
    // Nothing is remembered where nothing can be.
  }
}

/** data-text is a text, data-label is what a screen reader says. */
function writeTexts(): void {
  document.documentElement.lang = say().code;
  document.title = `lucidgrad ${say().playground}`;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = say()[element.dataset.text as TextName];
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", say()[element.dataset.label as TextName]);
  }
}
