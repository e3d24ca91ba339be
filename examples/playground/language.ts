/** The language that the page speaks, and the elements that it puts texts into. */
import { type Language, type TextName, type Texts, texts } from "./texts.ts";

let language: Language = navigator.language.startsWith("zh") ? "zh" : "en";
const listeners: (() => void)[] = [];

/** The texts of the language that is spoken now. */
export const say = (): Texts => texts[language];

/** Calls `write` now and whenever the language changes. */
export function onLanguage(write: () => void): void {
  listeners.push(write);
  write();
}

export function switchLanguage(): void {
  language = language === "en" ? "zh" : "en";
  for (const write of listeners) write();
}

/** Fills in what the page says at all times: data-text is a text, data-label is what a screen reader says. */
export function writeTexts(): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `lucidgrad ${say().playground}`;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = say()[element.dataset.text as TextName];
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-label]")) {
    element.setAttribute("aria-label", say()[element.dataset.label as TextName]);
  }
}
