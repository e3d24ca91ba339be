/**
 * Markdown to HTML, in two steps: all pages are parsed before one is written, since a link needs the headings of the page that it
 * leads to. Read next: colours.ts, layout.ts.
 */
import MarkdownIt, { type Token } from "markdown-it";
import { anchor } from "../generate/anchor.ts";
import type { Page } from "./book.ts";
import { coloured, escapeHtml } from "./colours.ts";

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** As GitHub has it. */
  readonly id: string;
}

/** A piece of a page from one heading to the next, for the search. */
export interface Passage {
  readonly heading: Heading;
  readonly text: string;
}

export interface Parsed {
  readonly tokens: readonly Token[];
  readonly title: string;
  readonly headings: readonly Heading[];
  readonly passages: readonly Passage[];
}

/** What HTML depends on beside the Markdown. */
export interface Surroundings {
  readonly programs: Page["programs"];
  /** What "Prints" is called. */
  readonly printed: string;
  /** The ids of the headings in the other language, in order. */
  readonly elsewhere: readonly string[];
  /** A link of the Markdown as a link of the site. */
  link(href: string): string;
  /** The width and height of a picture. */
  size(src: string): readonly [width: number, height: number];
}

interface Environment extends Surroundings {
  headings: readonly Heading[];
  /** How many headings and programs are written. */
  counts: { heading: number; program: number };
}

const markdown = new MarkdownIt({ html: false });

/** The one tag that the Markdown has. */
markdown.inline.ruler.before("html_inline", "line break", (state, silent) => {
  if (!state.src.startsWith("<br>", state.pos)) return false;
  if (!silent) state.push("hardbreak", "br", 0);
  state.pos += "<br>".length;
  return true;
});

/** What a piece of text says, without its marks. */
const plain = (inline: Token): string =>
  (inline.children ?? []).map(({ type, content }) => (type === "softbreak" ? " " : content)).join("");

export function parse(text: string): Parsed {
  const tokens = markdown.parse(text, {});
  const seen = new Map<string, number>();
  const headings: Heading[] = [];
  const passages: { heading: Heading; text: string }[] = [];
  tokens.forEach((token, i) => {
    if (token.type === "heading_open") {
      const words = plain(tokens[i + 1]);
      const name = anchor(words);
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      const heading = { level: Number(token.tag[1]), text: words, id: before > 0 ? `${name}-${before}` : name };
      headings.push(heading);
      passages.push({ heading, text: "" });
    } else if (token.type === "inline" && tokens[i - 1].type !== "heading_open") {
      const passage = passages.at(-1);
      if (passage) passage.text += `${plain(token)}\n`;
    }
  });
  return { tokens, title: headings[0].text, headings, passages };
}

export const render = ({ tokens, headings }: Parsed, surroundings: Surroundings): string => {
  const environment: Environment = { ...surroundings, headings, counts: { heading: 0, program: 0 } };
  return markdown.renderer.render([...tokens], markdown.options, { environment });
};

type Rule = NonNullable<(typeof markdown.renderer.rules)[string]>;
/** A rule of ours: what stands at `i` as HTML. */
const rule =
  (write: (tokens: Token[], i: number, env: Environment) => string): Rule =>
  (tokens, i, _, env) =>
    write(tokens, i, env?.environment as Environment);

const fallBack = (tokens: Token[], i: number): string => markdown.renderer.renderToken(tokens, i, markdown.options);

const isProgram = (tokens: Token[], i: number, env: Environment): boolean => {
  const [block, next] = [tokens[i], tokens[i + 1]];
  if (block?.type !== "fence" || !/^ts( graph)?$/.test(block.info)) return false;
  return env.programs === "together" || (env.programs === "alone" && next?.type === "fence" && next.info === "text");
};

interface Program {
  readonly code: string;
  readonly printed: string;
}

/** What client/runner runs: code, and what it prints. @param attributes of the figure */
export function figureOf({ code, printed }: Program, label: string, attributes: string): string {
  const output = printed && `<pre class="printed" aria-label="${label}">${escapeHtml(printed)}</pre>`;
  const pre = `<pre class="code"><code>${coloured(code, "ts")}</code></pre>`;
  return `<figure class="program" ${attributes}>${pre}${output}</figure>\n`;
}

function program(tokens: Token[], i: number, env: Environment): string {
  const [block, next] = [tokens[i], tokens[i + 1]];
  const kind = block.info === "ts graph" ? " data-graph" : "";
  const alone = env.programs === "alone" ? " data-alone" : "";
  const printed = next?.type === "fence" && next.info === "text" ? next.content : "";
  const number = env.counts.program++;
  const attributes = `id="block-${number + 1}" data-block="${number}"${kind}${alone}`;
  return figureOf({ code: block.content, printed }, env.printed, attributes);
}

Object.assign(markdown.renderer.rules, {
  heading_open: rule((tokens, i, env) => {
    const at = env.counts.heading++;
    const { id } = env.headings[at];
    const there = env.elsewhere[at];
    const attribute = there && there !== id ? ` data-elsewhere="${escapeHtml(there)}"` : "";
    return `<${tokens[i].tag} id="${escapeHtml(id)}"${attribute}>`;
  }),
  heading_close: rule((tokens, i, env) => {
    const { id, level } = env.headings[env.counts.heading - 1];
    const link =
      level > 1 ? ` <a class="anchor" href="#${encodeURIComponent(id)}" aria-hidden="true" tabindex="-1">#</a>` : "";
    return `${link}</${tokens[i].tag}>\n`;
  }),
  link_open: rule(
    (tokens, i, env) => `<a href="${escapeHtml(env.link(decodeURI(String(tokens[i].attrGet("href")))))}">`,
  ),
  image: rule((tokens, i, env) => {
    const src = String(tokens[i].attrGet("src"));
    const [width, height] = env.size(src);
    const alt = escapeHtml(tokens[i].content);
    return `<img src="${env.link(src)}" alt="${alt}" width="${width}" height="${height}" loading="lazy">`;
  }),
  table_open: rule(() => '<div class="table"><table>\n'),
  table_close: rule(() => "</table></div>\n"),
  // A heading without words is none.
  th_open: rule((tokens, i) => (tokens[i + 1].content === "" ? "<td>" : fallBack(tokens, i))),
  th_close: rule((tokens, i) => (tokens[i - 1].content === "" ? "</td>" : "</th>")),
  fence: rule((tokens, i, env) => {
    if (isProgram(tokens, i, env)) return program(tokens, i, env);
    if (isProgram(tokens, i - 1, env) && tokens[i].info === "text") return ""; // stands below its program already
    const [language, file] = tokens[i].info.split(" ");
    const code = `<pre class="code"><code>${coloured(tokens[i].content, language)}</code></pre>`;
    if (!file) return `${code}\n`;
    const caption = `<figcaption><a href="${env.link(`/${file}`)}">${file}</a></figcaption>`;
    return `<figure class="excerpt">${caption}${code}</figure>\n`;
  }),
});
