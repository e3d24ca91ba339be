/**
 * What an editor shows: over every public name, member and option its documentation; and "go to definition" arrives in the
 * TypeScript source. In a clone, and where the package is installed.
 */
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative } from "node:path";
import { Project, type ProjectOptions, ts } from "ts-morph";
import { expect, it } from "vitest";
import { build, copyTree, installPackage } from "./support/clone.ts";
import { publicPlaces } from "./support/public-places.ts";
import { read, root } from "./support/tree.ts";

const entryPoints = Object.keys(JSON.parse(read("package.json")).exports);
const imports = entryPoints
  .map((name) => join("lucidgrad", name))
  .map((name) => `import * as ${name.replace(/.*\//, "")} from "${name}";\n`)
  .join("");

/** What is wrong where a user points, in an editor that has `folder` open. @param home the package's own folder */
function pointEverywhere(folder: string, options: ProjectOptions, home: string): { count: number; faults: string[] } {
  const project = new Project({ ...options, skipAddingFilesFromTsConfig: true });
  const file = project.createSourceFile(join(folder, "open.mts"), imports);
  const places = publicPlaces(file.compilerNode, project.getTypeChecker().compilerObject, home);
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
  return { count: places.length, faults };
}

/** Where a declaration is written: an editor follows the map that lies beside a .d.ts file. */
function sourceOf({ fileName, textSpan }: ts.DefinitionInfo): string {
  if (!fileName.endsWith(".d.ts")) return fileName;
  const before = readFileSync(fileName, "utf8").slice(0, textSpan.start).split("\n");
  const map = new SourceMap(JSON.parse(readFileSync(`${fileName}.map`, "utf8")));
  const entry = map.findEntry(before.length - 1, before[before.length - 1].length);
  if (!("originalSource" in entry)) return fileName;
  const source = join(dirname(fileName), entry.originalSource);
  return ts.sys.fileExists(source) ? source : `${source}, which is not there`;
}

it("in a clone", () => {
  const { count, faults } = pointEverywhere(root, { tsConfigFilePath: join(root, "tsconfig.json") }, root);
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(1000);
}, 60_000);

it("where the package is installed", async () => {
  const clone = copyTree();
  await build(clone);
  const user = await installPackage(clone);
  const home = join(user, "node_modules/lucidgrad");
  const compilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true };
  const { count, faults } = pointEverywhere(user, { compilerOptions }, home);
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(1000);
}, 60_000);
