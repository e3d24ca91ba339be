/**
 * Which pages there are, in the order of the book, and which Markdown each is made of. A page has the same address in both
 * languages, but that the Chinese ones are in the folder zh: what is not translated is there in English.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { pages as referencePages } from "../generate/pages.ts";
import type { Language } from "./texts.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const read = (path: string): string => readFileSync(root + path, "utf8");

export type Section = "guide" | "experiments" | "reference" | "project";

export interface Page {
  /** "guide/02-autograd.html" */
  readonly address: string;
  readonly section: Section;
  readonly markdown: Readonly<Record<Language, string>>;
  /** Its blocks of code: parts of one program, each a program by itself, or only to be read. */
  readonly programs: "together" | "alone" | "none";
}

const GLOSSARY = "docs/glossary.md";
const chapters = readdirSync(`${root}docs/guide`).filter((name) => /^\d\d-.*\.md$/.test(name));

export const book: readonly Page[] = [
  ...["README.md", ...chapters.sort(), "javascript.md", "from-pytorch.md"].map(
    (name): Page => ({
      address: `guide/${toHtml(name)}`,
      section: "guide",
      markdown: { en: `docs/guide/${name}`, zh: `docs/guide.zh/${name}` },
      programs: name === "from-pytorch.md" ? "alone" : "together",
    }),
  ),
  single("guide", GLOSSARY),
  single("experiments", "docs/experiments.md", "docs/experiments.zh.md"),
  ...["README.md", ...Object.keys(referencePages)].map(
    (name): Page => ({
      address: `api/${toHtml(name)}`,
      section: "reference",
      markdown: { en: `docs/api/${name}`, zh: `docs/api/${name}` },
      programs: "alone",
    }),
  ),
  single("project", "README.md", "README.zh-CN.md"),
  single("project", "docs/compatibility.md"),
  single("project", "docs/differences.md"),
  single("project", "docs/performance.md"),
  single("project", "CONTRIBUTING.md"),
];

function single(section: Section, en: string, zh = en): Page {
  const name = en === "README.md" ? "project.html" : toHtml(posix.basename(en)).toLowerCase();
  return { address: name, section, markdown: { en, zh }, programs: "none" };
}

function toHtml(name: string): string {
  return name.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");
}

/** Or in both languages at once, as the glossary is. */
export const isTranslated = ({ markdown }: Page): boolean => markdown.en !== markdown.zh || markdown.en === GLOSSARY;

const byMarkdown = new Map(book.flatMap((page) => Object.values(page.markdown).map((path) => [path, page])));
export const pageOf = (markdown: string): Page | undefined => byMarkdown.get(markdown);

/** Where a page is in the site. */
export const addressIn = (language: Language, address: string): string =>
  language === "zh" ? `zh/${address}` : address;

/** The playground is one page for both. */
export const playgroundIn = (language: Language): string =>
  `playground/index.html${language === "en" ? "" : `?language=${language}`}`;

/** How a page of one address names another. */
export const relative = (from: string, to: string): string => posix.relative(dirname(from), to);

/** The way from an address up to the site's folder. */
export const upFrom = (address: string): string => "../".repeat(address.split("/").length - 1);

/** Where a file or folder of the repository that is no page is in the site. */
export function sourceAddress(path: string): string {
  const plain = path.replace(/^\./, ""); // hosts do not serve what begins with a dot
  return `source/${plain}${isFolder(path) ? "/index" : ""}.html`;
}

export const isFolder = (path: string): boolean => existsSync(`${root}${path}/`);
