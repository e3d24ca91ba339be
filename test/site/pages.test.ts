/** The site as files: every link leads somewhere, nothing comes from elsewhere, and code is that of the Markdown. */
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { programBlocks } from "../../docs/generate/guide.ts";
import { addressIn, book, isTranslated } from "../../docs/site/book.ts";
import { makePages } from "../../docs/site/pages.ts";
import { LANGUAGES } from "../../docs/site/texts.ts";
import { read } from "../support/tree.ts";

const { html, pictures, parsed } = makePages();
const ids = new Map([...html].map(([address, page]) => [address, idsOf(page)]));
/** What is made by others: by Vite, and by build.ts. */
const made = ["playground/index.html", "playground/index.html?language=zh", "assets/style.css", "assets/page.js"];

function idsOf(page: string): Set<string> {
  return new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
}

/** The links, pictures and scripts of a page that lead nowhere, or to another place than the site. */
function lost(address: string, page: string): string[] {
  const links = [...page.matchAll(/<(\w+)\b[^>]*? (?:href|src)="([^"]*)"/g)].map(([, tag, to]) => ({ tag, to }));
  const broken = links.filter(({ tag, to }) => {
    if (/^https?:/.test(to)) return tag !== "a"; // readers may be sent elsewhere, browsers not
    if (to === "data:,") return false;
    const [path, place] = decodeURIComponent(to).split("#");
    const target = path ? posix.join(posix.dirname(address), path) : address;
    if (path.startsWith("/") || target.startsWith("..")) return true;
    if (!html.has(target)) return !pictures.has(target) && !made.includes(target);
    return place !== undefined && !ids.get(target)?.has(place);
  });
  return broken.map(({ to }) => `${address}: ${to}`);
}

describe("links", () => {
  it("of all pages lead to pages, headings and lines", () => {
    expect(html.size).toBeGreaterThan(400);
    expect([...html].flatMap(([address, page]) => lost(address, page))).toEqual([]);
  });

  it("are noticed where they are broken", () => {
    const page =
      '<a href="none.html">a</a> <a href="index.html#none">b</a> <img src="https://example.org/a.png"> <a href="/">c</a>';
    const broken = ["none.html", "index.html#none", "https://example.org/a.png", "/"];
    expect(lost("guide/index.html", page)).toEqual(broken.map((to) => `guide/index.html: ${to}`));
  });
});

it("ids are there once", () => {
  for (const [address, page] of html) expect([...page.matchAll(/ id="/g)].length, address).toBe(ids.get(address)?.size);
});

it("every page is there in both languages, and a translation has the same headings and blocks", () => {
  for (const page of book) {
    const [en, zh] = LANGUAGES.map((language) => ({
      levels: parsed(page, language).headings.map(({ level }) => level),
      blocks: html.get(addressIn(language, page.address))?.match(/<pre|<img|<table/g),
    }));
    expect(zh, page.address).toEqual(en);
  }
  expect(book.filter(isTranslated)).toHaveLength(14);
});

const text = (page: string): string =>
  page
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

it("a page has no tag as text but in code", () => {
  for (const [address, page] of html) {
    if (address.startsWith("source/")) continue;
    const prose = page.replaceAll(/<(pre|code)[^>]*>.*?<\/\1>/gs, "");
    expect(/&lt;\/?(br|p|b|i|a|img)\b/.exec(prose)?.[0], address).toBeUndefined();
  }
});

it("the programs of a page are its blocks of code, with what they print; graphs are shown beside them", () => {
  const FIGURE =
    /<figure class="program"(?![^>]*data-graph)[^>]*><pre class="code"><code>(.*?)<\/code><\/pre>(?:<pre class="printed"[^>]*>(.*?)<\/pre>)?<\/figure>/gs;
  for (const page of book.filter(({ programs }) => programs !== "none"))
    for (const language of LANGUAGES) {
      const figures = [...(html.get(addressIn(language, page.address)) ?? "").matchAll(FIGURE)];
      const shown = figures.map(([, code, printed = ""]) => ({ code: text(code), printed: text(printed) }));
      const blocks = programBlocks(read(page.markdown[language]));
      const programs = page.programs === "alone" ? blocks.filter(({ printed }) => printed) : blocks;
      expect(shown, page.address).toEqual(programs);
    }
});
