/** The language that the page speaks. */
import { type Language, type Texts, texts } from "./texts.ts";

/** Node, in which captions are tested, has no address, and may have no navigator. */
const { location, navigator } = globalThis as { location?: { search: string }; navigator?: { language: string } };
/** What the link said that led here, or what the browser speaks. */
const wanted = new URLSearchParams(location?.search).get("language") ?? navigator?.language;
let language: Language = wanted?.startsWith("zh") ? "zh" : "en";
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
