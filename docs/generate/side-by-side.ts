/**
 * The page for those who come from PyTorch, kept true: pairs of programs, in Python and in TypeScript, which print the same. Each ts
 * block is a program by itself, the file in examples/from-pytorch that the lines above it link to; what it prints stands below it.
 * That PyTorch prints it, too, test/from-pytorch.test.ts says.
 */
import { readFileSync } from "node:fs";
import { LANGUAGES, programBlocks, withExcerptsOf, withLines, withPrinted } from "./guide.ts";
import { runPrograms } from "./run-program.ts";

const root = new URL("../../", import.meta.url);
const PAGE = "from-pytorch.md";
const [ENGLISH] = LANGUAGES;

const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The programs in Python, in order, and what the page says that they print. */
export const inPython = (): { code: string; printed: string }[] => {
  const page = read(`${ENGLISH}/${PAGE}`);
  const codes = [...page.matchAll(PYTHON)].map(([, code]) => code);
  return programBlocks(page).map(({ printed }, i) => ({ code: codes[i], printed }));
};

const PYTHON = /^```python\n([\s\S]*?)^```\n/gm;

/** The page in all languages, and its programs: path to text. */
export async function makeSideBySide(): Promise<Map<string, string>> {
  const original = read(`${ENGLISH}/${PAGE}`);
  const programs = programBlocks(original).map(({ code }) => code);
  const names = [...original.matchAll(/\]\(\.\.\/\.\.\/(examples\/from-pytorch\/[\w-]+\.ts)\)/g)].map(
    ([, path]) => path,
  );
  const printed = await runPrograms(programs, "examples");
  const python = [...original.matchAll(PYTHON)].map(([block]) => block);
  const pages = LANGUAGES.map((folder): [string, string] => {
    const path = `${folder}/${PAGE}`;
    let i = 0;
    const page = withPrinted(read(path), programs, printed, path).replace(PYTHON, () => python[i++]);
    if (i !== python.length)
      throw new Error(`${path} has ${i} programs in Python, and the English page ${python.length}`);
    return [path, withLines(withExcerptsOf(original, page, path), path)];
  });
  return new Map([...pages, ...programs.map((code, i): [string, string] => [names[i], code])]);
}
