/**
 * Code in colours. A piece of code becomes spans with classes, whose colours are in style.css: they change with the theme, and no
 * element has a colour of its own. Read next: markdown.ts.
 */
import { createCssVariablesTheme, createHighlighter } from "shiki";

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

/** The lines of a piece of code as HTML; a language that is not known has no colours. */
export function colouredLines(code: string, language: string): string[] {
  const lang = LANGUAGES[language as keyof typeof LANGUAGES];
  if (!lang) return code.split("\n").map(escapeHtml);
  const { tokens } = highlighter.codeToTokens(code, { lang, theme: THEME });
  return tokens.map((line) =>
    line
      .map(({ content, color }) => {
        const kind = CLASSES[color?.slice(`var(${PREFIX}`.length, -1) ?? ""];
        return kind ? `<span class="${kind}">${escapeHtml(content)}</span>` : escapeHtml(content);
      })
      .join(""),
  );
}

const known = new Map<string, string>();

/** A piece of code as HTML. Translations have the same code: it is coloured once. */
export function coloured(code: string, language: string): string {
  const key = `${language} ${code}`;
  const html = known.get(key) ?? colouredLines(code, language).join("\n");
  known.set(key, html);
  return html;
}
