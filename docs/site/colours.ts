/**
 * Code in colours. A piece of code becomes spans with classes, whose colours are in style/text.css: they change with the theme, and no
 * element has a colour of its own. Read next: markdown.ts.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createCssVariablesTheme, createHighlighter } from "shiki";
import shiki from "shiki/package.json" with { type: "json" };
import { read, root } from "./book.ts";

const THEME = "classes";
const PREFIX = "--";

/** TextMate's kinds of words, as shiki calls them in a theme of CSS variables, and the class of each. */
const CLASSES: Record<string, string> = {
  "token-keyword": "keyword",
  "token-string": "string",
  "token-string-expression": "string",
  "token-comment": "comment",
  "token-constant": "constant",
  "token-function": "name",
};

const LANGUAGES = { ts: "ts", mjs: "ts", js: "ts", python: "python", py: "python", sh: "sh", json: "json" } as const;

const highlighter = await createHighlighter({
  themes: [createCssVariablesTheme({ name: THEME, variablePrefix: PREFIX })],
  langs: [...new Set(Object.values(LANGUAGES))],
});

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A language that is not known has no colours. */
function colour(code: string, language: string): string {
  const lang = LANGUAGES[language as keyof typeof LANGUAGES];
  if (!lang) return escapeHtml(code);
  const { tokens } = highlighter.codeToTokens(code, { lang, theme: THEME, tokenizeTimeLimit: 0 });
  const lines = tokens.map((line) =>
    line
      .map(({ content, color }) => {
        const kind = CLASSES[color?.slice(`var(${PREFIX}`.length, -1) ?? ""];
        return kind ? `<span class="${kind}">${escapeHtml(content)}</span>` : escapeHtml(content);
      })
      .join(""),
  );
  return lines.join("\n");
}

/** Code that an earlier run has coloured, by its hash, in which this file counts, too: grammars of TypeScript take their time. */
const KEPT = `${root}node_modules/.cache/site-colours.json`;
const kept: Record<string, string> = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, "utf8")) : {};
const used: Record<string, string> = {};
const maker = shiki.version + read("docs/site/colours.ts");

export function keepColours(): void {
  mkdirSync(dirname(KEPT), { recursive: true });
  writeFileSync(KEPT, JSON.stringify(used));
}

/** A piece of code as HTML, as many lines as it has. */
export function coloured(code: string, language: string): string {
  const key = createHash("sha1").update(`${maker} ${language} ${code}`).digest("base64");
  used[key] ??= kept[key] ?? colour(code, language);
  return used[key];
}
