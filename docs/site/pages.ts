/** The site's HTML: address to text. All links are relative, so that it works in any folder, and from none. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import {
  addressIn,
  book,
  isFolder,
  isTranslated,
  type Page,
  pageOf,
  read,
  relative,
  root,
  sourceAddress,
} from "./book.ts";
import { coloured, escapeHtml, keepColours } from "./colours.ts";
import { frontPage } from "./front.ts";
import { contentsOf, layOut, layOutSource, neighbours, type Titles } from "./layout.ts";
import { type Parsed, parse, render } from "./markdown.ts";
import { LANGUAGES, type Language, other, texts } from "./texts.ts";

export interface Pages {
  /** Address to HTML. */
  readonly html: ReadonlyMap<string, string>;
  /** Address to the file of the repository that is copied there. */
  readonly pictures: ReadonlyMap<string, string>;
  readonly parsed: (page: Page, language: Language) => Parsed;
}

export function makePages(): Pages {
  const documents = new Map(
    book.flatMap(({ markdown }) => Object.values(markdown)).map((path) => [path, parse(withoutSwitch(read(path)))]),
  );
  const parsed = (page: Page, language: Language) => documents.get(page.markdown[language])!;
  const titles: Titles = (page, language) => parsed(page, language).title;
  const html = new Map<string, string>();
  const pictures = new Map<string, string>();
  const sources = new Set<string>();

  /** A picture's address, which is its path without docs/. */
  const picture = (path: string): string => {
    const address = path.replace(/^docs\//, "");
    pictures.set(address, path);
    return address;
  };

  /** What a Markdown file links to, as the address of a page in a language. */
  function addressOf(markdown: string, language: Language, href: string): string {
    const [name, place] = href.split("#");
    const path = name.startsWith("/") ? name.slice(1) : name ? posix.join(posix.dirname(markdown), name) : markdown;
    const page = pageOf(path);
    if (page) return addressIn(language, page.address) + (place ? `#${placeIn(page, language, path, place)}` : "");
    if (!existsSync(root + path)) throw new Error(`${markdown}: there is no ${path}`);
    if (/\.(png|svg)$/.test(path)) return picture(path);
    sources.add(path.replace(/\/$/, ""));
    return sourceAddress(path) + (place ? `#${place}` : "");
  }

  /** A heading of a file, in the language of the page, which may have another file. */
  function placeIn(page: Page, language: Language, path: string, place: string): string {
    const at = documents.get(path)!.headings.findIndex(({ id }) => id === place);
    return encodeURIComponent(parsed(page, language).headings[at]?.id ?? place);
  }

  for (const page of book)
    for (const language of LANGUAGES) {
      const markdown = page.markdown[language];
      const here = addressIn(language, page.address);
      const document = parsed(page, language);
      const say = texts[language];
      const english = language === "zh" && !isTranslated(page);
      const text = render(document, {
        programs: page.programs,
        printed: say.printed,
        elsewhere: parsed(page, other(language)).headings.map(({ id }) => id),
        link: (href) => (/^\w+:/.test(href) ? href : relative(here, addressOf(markdown, language, href))),
        size: (src) => sizeOf(posix.join(posix.dirname(markdown), src)),
      });
      const note = english ? `<p class="note">${say.englishOnly}</p>\n` : "";
      const noScript = page.programs === "none" ? "" : `<noscript><p class="note">${say.noScript}</p></noscript>\n`;
      const article = `<article${english ? ' lang="en"' : ""}>\n${text}</article>\n`;
      html.set(
        here,
        layOut({
          language,
          address: page.address,
          title: document.title,
          kind: page.section,
          contents: contentsOf(page, language, titles, document.headings),
          text: note + noScript + article + neighbours(page, language, titles),
        }),
      );
    }
  for (const language of LANGUAGES) {
    const here = addressIn(language, "index.html");
    const show = (path: string) => ({ src: relative(here, picture(path)), size: sizeOf(path) });
    html.set(here, frontPage(language, show));
  }
  for (const path of sources) addSource(path, sources, html); // grows while it is walked: folders name what is in them
  keepColours();
  return { html, pictures, parsed };
}

/** The line that leads to the other language: the page has that at the top. */
const withoutSwitch = (text: string): string => text.replace(/^.*\bEnglish\b.* · .*简体中文.*\n/m, "");

/** The page of a file, or of a folder, whose files and folders get pages, too. */
function addSource(path: string, sources: Set<string>, html: Map<string, string>): void {
  const address = sourceAddress(path);
  if (!isFolder(path)) {
    const lines = coloured(read(path).trimEnd(), posix.extname(path).slice(1)).split("\n");
    const code = lines.map((line, i) => `<span class="line" id="L${i + 1}">${line}\n</span>`).join("");
    const text = `<h1>${escapeHtml(path)}</h1>\n<pre class="code lines"><code>${code}</code></pre>\n`;
    html.set(address, layOutSource(address, path, text));
    return;
  }
  const entries = readdirSync(root + path, { withFileTypes: true }).filter(
    ({ name }) => !/^(dist|node_modules)$|\.wasm$/.test(name),
  );
  const links = entries.map((entry) => {
    const file = `${path}/${entry.name}`;
    sources.add(file);
    return `<li><a href="${relative(address, sourceAddress(file))}">${escapeHtml(entry.name)}${entry.isDirectory() ? "/" : ""}</a></li>`;
  });
  html.set(address, layOutSource(address, path, `<h1>${escapeHtml(path)}</h1>\n<ul>${links.join("")}</ul>\n`));
}

/** The width and height of a PNG or SVG. */
function sizeOf(path: string): readonly [number, number] {
  const bytes = readFileSync(root + path);
  if (path.endsWith(".png")) return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(bytes.toString()) ?? [];
  return [Math.ceil(Number(width)), Math.ceil(Number(height))];
}
