/** Where README, guide and reference send a reader: every link leads somewhere, and the short ways into the code are short. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Project } from "ts-morph";
import { describe, expect, it } from "vitest";
import { anchor } from "../docs/generate/anchor.ts";
import { lineOf } from "../docs/generate/guide.ts";
import { once } from "./support/once.ts";
import { read as readFile, root } from "./support/tree.ts";

const read = once(readFile); // thousands of links lead to a few files

const withoutBlocks = (page: string) => page.replaceAll(/^```[\s\S]*?^```/gm, "");
const markdownIn = (folder: string) =>
  readdirSync(join(root, folder), { encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));
const pages = [".", "docs", "docs/api", "docs/guide", "docs/guide.zh"].flatMap(markdownIn);

/** The relative links of a page: what it says, the file that it leads to, and where in that. */
function linksOf(page: string, text = read(page)) {
  const links = withoutBlocks(text).matchAll(/\[((?:`[^`]*`|[^`\]])*)\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g);
  return [...links].map(([, words, path, place]) => ({ words, file: path ? join(dirname(page), path) : page, place }));
}

/** GitHub numbers headings that would have the same anchor. */
const anchorsOf = once((text) => {
  const plain = (withoutBlocks(text).match(/(?<=^#+ ).*$/gm) ?? []).map(anchor);
  return plain.map((name, i) => {
    const before = plain.slice(0, i).filter((other) => other === name).length;
    return before > 0 ? `${name}-${before}` : name;
  });
});

const linesOf = once((text) => text.split("\n"));

/** The links of a page that lead to no file, no heading, or no line; and the names that are not in the file they link to. */
function brokenLinks(page: string, text = read(page)): string[] {
  const broken = linksOf(page, text).filter(({ words, file, place }) => {
    if (!existsSync(join(root, file))) return true;
    if (!/\.(md|ts)$/.test(file)) return false;
    const content = file === page ? text : read(file);
    const [, name] = /`([^`]+)`$/.exec(words) ?? [];
    if (name && file.endsWith(".ts") && lineOf(name, linesOf(content)) < 0) return true;
    if (/^L\d+$/.test(place)) return Number(place.slice(1)) > linesOf(content).length;
    return place !== "" && !anchorsOf(content).includes(place);
  });
  return broken.map(({ words, file, place }) => `${words}: ${file}#${place}`);
}

describe("links", () => {
  it.each(pages)("of %s lead to files, headings, lines and names", (page) => expect(brokenLinks(page)).toEqual([]));

  it("lead to one heading each: no two of a page of the reference have the same anchor", () => {
    for (const page of markdownIn("docs/api"))
      expect(anchorsOf(read(page)).filter((name) => /-\d+$/.test(name))).toEqual([]);
  });

  it("are noticed where they are broken", () => {
    const good = "# A\n\n[a](#a) [e](CONTRIBUTING.md#contributing) [op.ts `defineOp`](src/autograd/op.ts) ";
    const bad = "[b](#b) [c](none.md) [d](src/index.ts#L9999) [op.ts `defineop`](src/autograd/op.ts)";
    const broken = ["b: README.md#b", "c: none.md#", "d: src/index.ts#L9999", "op.ts `defineop`: src/autograd/op.ts#"];
    expect(brokenLinks("README.md", good + bad)).toEqual(broken);
  });
});

it("what a comment says to read next is there", () => {
  const files = ["src", "examples", "docs/generate", "test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.m?ts$/.test(name) && !/node_modules|dist/.test(name))
      .map((name) => join(folder, name)),
  );
  const named = files.flatMap((file) => {
    const advice = read(file).match(/Read next: (?:[^*]|\n \* )*/g) ?? [];
    const names = advice.flatMap((text) => text.match(/[\w./-]*\w\.m?ts\b|[\w/-]+\/(?= )/g) ?? []);
    return names.map((name) => ({ file, name }));
  });
  expect(named.length).toBeGreaterThan(60);
  const isThere = (path: string) => existsSync(join(root, path));
  expect(named.filter(({ file, name }) => !isThere(name) && !isThere(join(dirname(file), name)))).toEqual([]);
});

describe.each(["README.md", "README.zh-CN.md"])("from %s", (readme) => {
  it("in three clicks to the line that updates the running variance", () => {
    let reached = linksOf(readme);
    for (let clicks = 1; clicks < 3; clicks++) {
      const opened = new Set(reached.map(({ file }) => file).filter((file) => file.endsWith(".md")));
      reached = [...opened].flatMap((page) => linksOf(page));
    }
    const lines = reached.map(
      ({ file, place }) => place.startsWith("L") && read(file).split("\n")[+place.slice(1) - 1],
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^ *moveTowards\(runningVar, .*squares, .*count - 1, momentum\);$/),
    );
  });

  it("to the four files of batch norm", () => {
    const words = linksOf(readme).map(({ words }) => words);
    for (const name of ["batchStatistics", "batchNorm", "BatchNorm1d", "moveTowards"])
      expect(words).toContainEqual(expect.stringMatching(`\\.ts \`${name}\`$`));
  });
});

it("the guide leads from loss.backward() to the code that runs it, in four steps, in both languages", () => {
  const project = new Project({ tsConfigFilePath: join(root, "tsconfig.json"), skipAddingFilesFromTsConfig: true });
  const file = project.addSourceFileAtPath(join(root, "examples/mnist-batchnorm.ts"));
  const editor = project.getLanguageService().compilerObject;
  let here = { fileName: `${file.getFilePath()}`, start: 0 };
  const steps = ["backward()", "backward(this,", "propagate(grads"].map((code) => {
    const text = readFileSync(here.fileName, "utf8");
    const [definition] = editor.getDefinitionAtPosition(here.fileName, text.indexOf(code, here.start)) ?? [];
    here = { fileName: definition.fileName, start: definition.textSpan.start };
    return here;
  });
  const places = steps.map(({ fileName, start }) => {
    const line = readFileSync(fileName, "utf8").slice(0, start).split("\n").length;
    return { file: fileName.slice(root.length), place: `L${line}` };
  });
  for (const guide of ["docs/guide/README.md", "docs/guide.zh/README.md"])
    expect(linksOf(guide)).toEqual(expect.arrayContaining(places.map((place) => expect.objectContaining(place))));
  expect(readFileSync(here.fileName, "utf8").indexOf("= pullBack(dy);", here.start)).toBeGreaterThan(0);
});

it("the tour in Chinese is the same program, with the same output", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map((page) =>
    read(page).match(/^```[a-z]+\n[\s\S]*?^```/gm),
  );
  expect(english?.length).toBeGreaterThan(2);
  expect(chinese).toEqual(english);
});
