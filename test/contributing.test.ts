/** What CONTRIBUTING.md adds, an operation and a layer, is added word for word to a copy of the tree, and works. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyTree, runIn } from "./support/clone.ts";
import { read } from "./support/tree.ts";

/** A numbered step: a file, the line below or above which something is added to it, or its end; and what is added. */
const STEP = /^\d\. [^`]* `([^`]+)`(?:, (above|below) `([^`]+)`|[^`])[\s\S]*?```ts\n([\s\S]*?) {3}```/gm;
const sections = read("CONTRIBUTING.md").split(/^## /m);
const [operation, layer] = ["Adding an operation", "Adding a layer"].map((title) => {
  const steps = sections.find((section) => section.startsWith(title))?.matchAll(STEP) ?? [];
  return [...steps].map(([, file, side, line, code]) => ({ file, side, line, code: code.replaceAll(/^ {3}/gm, "") }));
});
const commands = sections.find((section) => section.startsWith("Trying it"))?.match(/^np[mx] .*$/gm) ?? [];

const clone = copyTree(afterAll);

function add({ file, side, line, code }: (typeof operation)[number]): void {
  const lines = readFileSync(join(clone, file), "utf8").split("\n");
  const found = [...lines.keys()].filter((i) => lines[i].trim() === line);
  if (line) expect(found, `${line} in ${file}`).toHaveLength(1);
  const [at = lines.length] = found;
  lines.splice(side === "below" ? at + 1 : at, 0, code);
  writeFileSync(join(clone, file), lines.join("\n"));
}

it.each([
  ["an operation", 3, operation],
  ["a layer", 2, layer],
])("%s takes %i files, and fewer than 40 lines", (_, files, steps) => {
  expect(steps).toHaveLength(3);
  expect(new Set(steps.map(({ file }) => file)).size).toBe(files);
  expect(steps.flatMap(({ code }) => code.trimEnd().split("\n")).length).toBeLessThan(40);
});

describe("in a copy of the tree, without Python,", () => {
  beforeAll(() => [...operation, ...layer].forEach(add));

  it("both are there", async () => {
    expect(commands).toHaveLength(3); // each of which is a test, below
    const program = `import { arange, nn, tensor } from "lucidgrad";
      const shuffled = nn.functional.channelShuffle(arange(4).view(1, 4, 1), 2);
      console.log(tensor([0, Math.PI]).rad2deg(), new nn.ChannelShuffle(2), shuffled.view(4));`;
    writeFileSync(join(clone, "added.ts"), program);
    const printed = "tensor([  0., 180.]) ChannelShuffle(groups=2) tensor([0., 2., 1., 3.])\n";
    expect(await runIn(clone, "tsx", "added.ts")).toBe(printed);
  });

  it.each(commands)(
    "%s",
    async (command) => {
      const printed = await runIn(clone, "sh", "-c", command);
      if (command.includes("vitest")) expect(printed).toMatch(/Test Files +3 passed/);
    },
    120_000,
  );
});
