/**
 * What an editor shows over every public name, member and option: its documentation; and where "go to definition" arrives,
 * which should be the TypeScript source.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative } from "node:path";
import { Project, type ProjectOptions, ts } from "ts-morph";
import { once } from "./once.ts";
import { publicPlaces } from "./public-places.ts";
import { read } from "./tree.ts";

const entryPoints = Object.keys(JSON.parse(read("package.json")).exports);
const imports = entryPoints
  .map((name) => join("lucidgrad", name))
  .map((name) => `import * as ${name.replace(/.*\//, "")} from "${name}";\n`)
  .join("");

/**
 * What is wrong where a user points, in an editor that has `folder` open.
 * @param home the package's own folder
 * @param step 10 for every tenth place
 * @param first the number of the first place, less than `step`
 */
export function pointEverywhere(
  folder: string,
  options: ProjectOptions,
  home: string,
  step: number,
  first = 0,
): { count: number; faults: string[] } {
  const project = new Project({ ...options, skipAddingFilesFromTsConfig: true });
  const file = project.createSourceFile(join(folder, "open.mts"), imports);
  const all = publicPlaces(file.compilerNode, project.getTypeChecker().compilerObject, home);
  const places = all.filter((_, i) => i % step === first);
  file.replaceWithText(imports + places.map(({ code }) => `{ ${code} }\n`).join(""));
  const editor = project.getLanguageService().compilerObject;
  const faults: string[] = [];
  let line = imports.length;
  for (const { code, name } of places) {
    const at = line + "{ ".length + code.lastIndexOf(name);
    line += `{ ${code} }\n`.length;
    const [definition] = editor.getDefinitionAtPosition(file.getFilePath(), at) ?? [];
    const source = definition ? sourceOf(definition) : "nowhere";
    if (!source.startsWith(join(home, "src")) || !source.endsWith(".ts")) faults.push(`${code} is defined ${source}`);
    const { documentation } = editor.getQuickInfoAtPosition(file.getFilePath(), at) ?? {};
    if (!documentation?.length) faults.push(`${relative(home, source)}: ${code} has no documentation`);
  }
  return { count: all.length, faults };
}

const textOf = once((file) => readFileSync(file, "utf8"));
const mapOf = once((file) => new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8"))));

/** Where a declaration is written: an editor follows the map that lies beside a .d.ts file. */
function sourceOf({ fileName, textSpan }: ts.DefinitionInfo): string {
  if (!fileName.endsWith(".d.ts")) return fileName;
  const before = textOf(fileName).slice(0, textSpan.start).split("\n");
  const entry = mapOf(fileName).findEntry(before.length - 1, before[before.length - 1].length);
  if (!("originalSource" in entry)) return fileName;
  const source = join(dirname(fileName), entry.originalSource);
  return ts.sys.fileExists(source) ? source : `${source}, which is not there`;
}
