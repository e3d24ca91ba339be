/**
 * The guide's chapters, kept true, and the page on JavaScript. A chapter holds four things that can go wrong, and each is made anew here:
 *
 * - ```ts blocks: together, in order, they are the chapter's program, examples/01-tensor.ts for 01-tensor.md
 * - ```text blocks: what the block before them prints when the program runs
 * - ```ts src/… blocks: lines of that file, word for word but for their indentation
 * - [`name`](../../src/….ts#L20): the line that declares `name`
 *
 * The English chapter is written by hand but for the printed text; the translations have its code, excerpts and printed text.
 */
import { readdirSync, readFileSync } from "node:fs";
import { drawPictures } from "./pictures.ts";
import { runPrograms } from "./run-program.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

export const LANGUAGES = ["docs/guide", "docs/guide.zh"];
/** Printed between the blocks of a program, to tell whose output is whose. */
const BORDER = "--- next block ---";

export const chapters = readdirSync(new URL(LANGUAGES[0], root))
  .filter((name) => /^\d\d-.*\.md$/.test(name))
  .sort();

/** The pages whose blocks are one program: the chapters, and the one for those who know Python. */
export const pagesOfOneProgram = [...chapters, "javascript.md"];

/** Every file of the guide as it should be: path to text. */
export async function makeGuide(): Promise<Map<string, string>> {
  const contents = LANGUAGES.map((folder): [string, string] => {
    const path = `${folder}/README.md`;
    return [path, withLines(read(path), path)];
  });
  const originals = pagesOfOneProgram.map((name) => read(`${LANGUAGES[0]}/${name}`));
  const border = `\nconsole.log(${JSON.stringify(BORDER)});\n`;
  const codes = originals.map((original) => programBlocks(original).map(({ code }) => code));
  const outputs = await runPrograms(
    codes.map((code) => code.join(border)),
    "examples",
  );
  const files = pagesOfOneProgram.map((name, i) => makeChapter(name, originals[i], outputs[i]));
  return new Map([...contents, ...files.flat(), ...drawPictures()]);
}

/** @param output what its program prints, with the borders between blocks */
function makeChapter(name: string, original: string, output: string): [path: string, text: string][] {
  const blocks = programBlocks(original);
  const code = blocks.map((block) => block.code);
  const printed = output.split(`${BORDER}\n`);
  const kept = blocks.map((block, i) =>
    withoutTimes(block.printed) === withoutTimes(printed[i]) ? block.printed : printed[i],
  );
  const excerpts = excerptsOf(original, `${LANGUAGES[0]}/${name}`);
  const title = /^# (.*)$/m.exec(original)?.[1];
  const program = `/** The program of docs/guide/${name}: ${title}. */\n${code.join("\n")}`;
  const pages = LANGUAGES.map((folder): [string, string] => {
    const path = `${folder}/${name}`;
    return [path, withLines(withExcerpts(withPrinted(read(path), code, kept, path), excerpts, path), path)];
  });
  return [[`examples/${name.replace(".md", ".ts")}`, program], ...pages];
}

/** The parts of a program are the ts blocks without the name of a file, and the text block after each, if it has one. */
const PROGRAM_BLOCK = /^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;

export const programBlocks = (page: string) =>
  [...page.matchAll(PROGRAM_BLOCK)].map(([, code, printed = ""]) => ({ code, printed }));

/** No two runs take the same time. */
const withoutTimes = (printed: string): string => printed.replace(/ *\d+\.\d+ ms/g, "");

export function withPrinted(page: string, code: readonly string[], printed: readonly string[], path: string): string {
  let i = 0;
  const made = page.replace(PROGRAM_BLOCK, () => {
    const output = printed[i] ? `\n\`\`\`text\n${printed[i]}\`\`\`\n` : "";
    return `\`\`\`ts\n${code[i++]}\`\`\`\n${output}`;
  });
  if (i !== code.length) throw new Error(`${path} has ${i} blocks of code, and the English chapter ${code.length}`);
  return made;
}

const EXCERPT = /^```ts (src\/\S+)\n([\s\S]*?)^```/gm;

/** The excerpts of a page. @throws unless each is in its file */
function excerptsOf(page: string, path: string): string[] {
  return [...page.matchAll(EXCERPT)].map(([block, file, lines]) => {
    if (outdented(`\n${read(file)}`).includes(outdented(`\n${lines}`))) return block; // whole lines
    throw new Error(`${path}: this is not in ${file}:\n${lines}`);
  });
}

/** A translation with the excerpts of the original. @throws unless each is in its file */
export const withExcerptsOf = (original: string, page: string, path: string): string =>
  withExcerpts(page, excerptsOf(original, path), path);

function withExcerpts(page: string, excerpts: readonly string[], path: string): string {
  let i = 0;
  const made = page.replace(EXCERPT, () => excerpts[i++]);
  if (i !== excerpts.length) throw new Error(`${path} has ${i} excerpts, and the English chapter ${excerpts.length}`);
  return made;
}

/** Lines without their indentation, so that an excerpt may start at the margin. */
const outdented = (text: string): string => text.replace(/^ +/gm, "");

/** Links to a declaration get its line. @throws if there is none of that name */
export function withLines(page: string, path: string): string {
  const link = /\[`([^`]+)`\]\(\.\.\/\.\.\/((?:src|examples)\/[^)#]+)#L\d+\)/g;
  return page.replace(link, (_, name: string, file: string) => {
    const line = lineOf(name, read(file).split("\n"));
    if (line < 0) throw new Error(`${path}: ${file} has no ${name}`);
    return `[\`${name}\`](../../${file}#L${line + 1})`;
  });
}

/** Where a name is declared, at the top level or in a class; or where a piece of code first stands. */
export function lineOf(name: string, lines: readonly string[]): number {
  if (!/^\w+$/.test(name)) return lines.findIndex((line) => line.includes(name));
  const declaration = new RegExp(
    `^(@\\w+ )*(export )?(abstract )?(function\\*?|class|const|let|interface|type) ${name}\\b`,
  );
  const member = new RegExp(`^  (static |override |readonly |protected |get )*${name}\\b[(:<? ]`);
  const top = lines.findIndex((line) => declaration.test(line));
  return top >= 0 ? top : lines.findIndex((line) => member.test(line));
}
