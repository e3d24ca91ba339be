/** Chinese texts have the words of docs/glossary.md, in the guide, on the site, and in what programs and experiments say. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { all } from "../examples/experiments/all.ts";
import type { Definition, Trial } from "../examples/experiments/support/experiment.ts";
import { texts as ofExperiments } from "../examples/experiments/texts.ts";
import { read, root } from "./support/tree.ts";

const rows = [...read("docs/glossary.md").matchAll(/^\| (.+?) \| (.+?) \| *(.*?) *\|$/gm)].filter(
  ([, english]) => !/^(English|---)$/.test(english),
);
const banned = rows.flatMap(([, , , others]) =>
  others
    .split("、")
    .map((other) => other.trim())
    .filter(Boolean),
);

const filesIn = (folder: string): string[] =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name))
    : [];
const pages = ["README.zh-CN.md", "docs/experiments.zh.md", ...filesIn("docs/guide.zh")].filter((file) =>
  file.endsWith(".md"),
);
const tables = [...filesIn("examples"), ...filesIn("docs/site")].filter(
  (file) => /texts[\w-]*(\/[\w-]+)?\.ts$/.test(file) && !/node_modules|dist/.test(file),
);

/** The words of a text that the glossary has others for. */
const wrongWords = (text: string): string[] => banned.filter((word) => text.includes(word));

it("the glossary has a Chinese word for each term, and none of them is banned", () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(banned).toContain("批次大小");
  for (const [, , chinese] of rows) expect(wrongWords(chinese)).toEqual([]);
  expect(wrongWords("训练三个轮次")).toEqual(["轮次"]);
});

it.each([...pages, ...tables])("%s has its words", (file) => expect(wrongWords(read(file))).toEqual([]));

/** What stands in quotes in a table, in any depth; what a function says, too. */
const leavesOf = (table: object): string[] =>
  Object.values(table).flatMap((text: unknown) => (typeof text === "object" && text ? leavesOf(text) : `${text}`));

const programs = ["examples/experiments/texts.ts", "examples/support/texts.ts", ...filesIn("examples/texts")];
it.each(programs)("all that %s says in Chinese is Chinese", async (file) => {
  const { texts } = await import(join(root, file));
  for (const text of leavesOf(texts.zh)) expect(text).toMatch(/[\p{Script=Han}、：（）]/u);
});

describe("a verdict has the same numbers in both languages", () => {
  const numbersIn = (text: string) => [...new Set(text.match(/\d[\d.]*\d|\d/g))].sort();
  it.each(all.map(({ name }) => name))("%s", (name) => {
    const experiment = all.find((one) => one.name === name) as unknown as Definition<Trial, object>;
    const { results } = JSON.parse(read(`docs/experiments/${name}.json`));
    const [english, chinese] = (["en", "zh"] as const).map((language) =>
      experiment.verdict(results, ofExperiments[language]),
    );
    expect(numbersIn(chinese)).toEqual(numbersIn(english));
    expect(read("docs/experiments.zh.md")).toContain(`：${ofExperiments.zh.questions[name]}\n`);
  });
});
