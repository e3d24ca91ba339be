/**
 * The script of every page, and all of it that comes before a reader asks for more: colours, language, search and programs. It is an
 * ordinary script in the head, not a module: it chooses the colours before anything is painted, and works in a page that was opened
 * as a file.
 */
import type { Language } from "../texts.ts";
import { keepOffline } from "./offline.ts";
import { wake } from "./programs.ts";
import { texts } from "./texts.ts";

/** The folder of the site. What is loaded later is beside this script, in assets. */
const site = new URL("..", (document.currentScript as HTMLScriptElement).src);
const root = document.documentElement;

// Colours: the system's, until the reader has chosen others.
const THEME = "lucidgrad-theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const showTheme = () => {
  root.dataset.theme = remembered(THEME) ?? (systemIsDark.matches ? "dark" : "light");
  document.querySelector("#theme")?.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
};
showTheme();
systemIsDark.addEventListener("change", showTheme);
addEventListener("storage", showTheme); // chosen in another tab

/** Without a place to remember in, as in a page opened as a file in some browsers, nothing is remembered. */
function remembered(key: string, value?: string): string | null {
  try {
    if (value) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return value ?? null;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const language = document.body.dataset.language as Language;
  const say = texts[language];
  showTheme();
  unhide("#theme")?.addEventListener("click", () => {
    remembered(THEME, root.dataset.theme === "dark" ? "light" : "dark");
    showTheme();
  });
  document.querySelector("#language")?.addEventListener("click", keepPlace);
  letMenuFold(document.querySelector<HTMLDetailsElement>(".menu"));
  letKeysScroll(say.scrolls);
  if (location.protocol === "file:") {
    document.querySelector("figure.program")?.before(note(say.fromFile));
    return;
  }
  letSearch(language);
  wake(site, language);
  void keepOffline(site, language);
});

function unhide(selector: string): HTMLElement | null {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) element.hidden = false;
  return element;
}

function note(text: string): HTMLElement {
  const paragraph = document.createElement("p");
  paragraph.className = "note";
  paragraph.textContent = text;
  return paragraph;
}

/** The other language opens at the heading that is read now. */
function keepPlace(event: Event): void {
  const headings = [...document.querySelectorAll<HTMLElement>("article :is(h1, h2, h3)[id]")];
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).slice(1);
  const heading = passed.at(-1);
  const link = event.currentTarget as HTMLAnchorElement;
  link.hash = heading ? (heading.dataset.elsewhere ?? heading.id) : "";
}

/** On a narrow page the contents are folded away, and again when something was chosen; beside the text they are open. */
function letMenuFold(menu: HTMLDetailsElement | null): void {
  if (!menu) return;
  const isWide = matchMedia("(width >= 64rem)"); // as style/page.css has it
  const fold = () => {
    menu.open = isWide.matches;
  };
  fold();
  isWide.addEventListener("change", fold);
  menu.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) fold();
  });
}

/** What is wider than its place is scrolled with the keyboard, too, once it has the focus. */
function letKeysScroll(label: string): void {
  const mark = () => {
    for (const box of document.querySelectorAll<HTMLElement>("pre, .table")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      if (scrolls === (box.tabIndex === 0)) continue;
      if (scrolls) {
        box.tabIndex = 0;
        box.role = "group";
        if (!box.ariaLabel) box.ariaLabel = label;
      } else box.removeAttribute("tabindex");
    }
  };
  mark();
  addEventListener("load", mark);
  addEventListener("resize", mark);
}

/** The search is loaded when somebody wants it. */
function letSearch(language: Language): void {
  const button = unhide("#search");
  const open = async () => {
    const module = new URL("assets/search.js", site).href;
    try {
      const { openSearch } = (await import(/* @vite-ignore */ module)) as typeof import("./search-box.ts");
      await openSearch(site, language);
    } catch {
      sayInDialog(texts[language].noSearch, texts[language].close);
    }
  };
  button?.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    const typing = (event.target as Element).closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    void open();
  });
}

function sayInDialog(text: string, close: string): void {
  const [dialog, button] = [document.createElement("dialog"), document.createElement("button")];
  button.textContent = close;
  button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.className = "search";
  dialog.ariaLabel = text;
  dialog.append(note(text), button);
  document.body.append(dialog);
  dialog.showModal();
}
