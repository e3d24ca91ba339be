/** What all pages have around their text. Read next: pages.ts. */
import { addressIn, book, isTranslated, type Page, playgroundIn, relative, type Section, upFrom } from "./book.ts";
import { escapeHtml } from "./colours.ts";
import type { Heading } from "./markdown.ts";
import { type Language, other, texts } from "./texts.ts";

export interface Sheet {
  readonly language: Language;
  /** Where it is, without the language. */
  readonly address: string;
  readonly title: string;
  /** HTML. */
  readonly text: string;
  /** What stands beside the text: nothing on the front page. */
  readonly contents?: string;
  readonly kind: Section | "front";
}

const SECTIONS: readonly [name: "guide" | "experiments" | "playground" | "reference" | "project", address: string][] = [
  ["guide", "guide/index.html"],
  ["experiments", "experiments.html"],
  ["playground", "playground/index.html"],
  ["reference", "api/index.html"],
  ["project", "project.html"],
];

const search =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 4 4"/></svg>';
const halfMoon =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" class="filled"/></svg>';

const head = (title: string, language: string, up: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}assets/style.css">
<script src="${up}assets/page.js"></script>
</head>`;

/** A whole page. */
export function layOut({ language, address, title, text, contents, kind }: Sheet): string {
  const say = texts[language];
  const here = addressIn(language, address);
  const to = (target: string) => relative(here, target);
  const there = other(language);
  const sections = SECTIONS.map(([name, target]) => {
    const href = to(name === "playground" ? playgroundIn(language) : addressIn(language, target));
    const current = name === kind ? ' aria-current="true"' : "";
    return `<li><a href="${href}"${current}>${say[name]}</a></li>`;
  });
  const menu = contents
    ? `<details class="menu"><summary>${say.contents}</summary><nav aria-label="${say.contents}">${contents}</nav></details>\n`
    : "";
  return `${head(kind === "front" ? title : `${title} · lucidgrad`, say.code, upFrom(here))}
<body class="${kind}" data-language="${language}" data-page="${address}">
<a class="skip" href="#text">${say.skip}</a>
<header class="top">
<a class="brand" href="${to(addressIn(language, "index.html"))}">lucidgrad</a>
<nav class="sections" aria-label="${say.site}"><ul>${sections.join("")}</ul></nav>
<div class="tools">
<button type="button" id="search" aria-label="${say.search}" hidden>${search}<span>${say.search}</span><kbd aria-hidden="true">/</kbd></button>
<a id="language" href="${to(addressIn(there, address))}" lang="${texts[there].code}" hreflang="${texts[there].code}">${texts[there].name}</a>
<button type="button" id="theme" aria-label="${say.dark}" title="${say.dark}" hidden>${halfMoon}</button>
</div>
</header>
<div class="columns">
${menu}<main id="text" tabindex="-1">
${text}</main>
</div>
<footer><p>${say.footer}</p></footer>
</body>
</html>
`;
}

/** A page that is not in a language: code, or a folder. */
export const layOutSource = (
  address: string,
  title: string,
  text: string,
): string => `${head(`${title} · lucidgrad`, "en", upFrom(address))}
<body class="source" data-language="en">
<header class="top">
<a class="brand" href="${relative(address, "index.html")}">lucidgrad</a>
<div class="tools">
<a href="${relative(address, "zh/index.html")}" lang="${texts.zh.code}" hreflang="${texts.zh.code}">${texts.zh.name}</a>
<button type="button" id="theme" aria-label="${texts.en.dark}" title="${texts.en.dark}" hidden>${halfMoon}</button>
</div>
</header>
<main id="text">
${text}</main>
</body>
</html>
`;

export type Titles = (page: Page, language: Language) => string;

/** The pages of a section, and of the page that is read its headings. */
export function contentsOf(page: Page, language: Language, titles: Titles, headings: readonly Heading[]): string {
  const say = texts[language];
  const items = book
    .filter(({ section }) => section === page.section)
    .map((entry) => {
      const english = language === "zh" && !isTranslated(entry);
      const mark = english && page.section !== "reference" ? ` <span class="mark">${say.englishMark}</span>` : "";
      const number = Number(/\/(\d\d)-/.exec(entry.address)?.[1]);
      const title = (number ? `${number}. ` : "") + escapeHtml(titles(entry, language));
      const name = `<span${english ? ' lang="en"' : ""}>${title}</span>`;
      if (entry !== page) return `<li><a href="${relative(page.address, entry.address)}">${name}${mark}</a></li>`;
      const parts = headings.filter(({ level }) => level === 2);
      const links = parts.map(
        ({ id, text }) => `<li><a href="#${encodeURIComponent(id)}">${escapeHtml(text)}</a></li>`,
      );
      const list = links.length > 0 ? `<ol${english ? ' lang="en"' : ""}>${links.join("")}</ol>` : "";
      return `<li><a href="#text" aria-current="page">${name}${mark}</a>${list}</li>`;
    });
  return `<ol>${items.join("")}</ol>`;
}

/** The way to the page before and the page after. */
export function neighbours(page: Page, language: Language, titles: Titles): string {
  const say = texts[language];
  const at = book.indexOf(page);
  const link = (entry: Page | undefined, rel: "prev" | "next", word: string) => {
    if (!entry) return "";
    const lang = isTranslated(entry) ? "" : ' lang="en"';
    return `<a rel="${rel}" href="${relative(page.address, entry.address)}">${word} <b${lang}>${escapeHtml(titles(entry, language))}</b></a>`;
  };
  const [before, after] = [link(book[at - 1], "prev", say.previous), link(book[at + 1], "next", say.next)];
  return `<nav class="neighbours" aria-label="${say.neighbours}">${before}${after}</nav>\n`;
}
