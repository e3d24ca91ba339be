/** The README's tour is run, and prints what the README says. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

it("the tour in Chinese is the same program, with the same output", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map((name) => readFileSync(join(root, name), "utf8"));
  const blocks = (page: string) => [...page.matchAll(/^```(?:ts|text|sh)\n[\s\S]*?^```/gm)].map(([block]) => block);
  expect(blocks(english).length).toBeGreaterThan(2);
  expect(blocks(chinese)).toEqual(blocks(english));
});

it("the tour prints what it says", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, program, printed] = /```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const folder = mkdtempSync(join(root, "node_modules", ".readme-"));
  try {
    const file = join(folder, "tour.ts");
    writeFileSync(file, program.replace('"lucidgrad"', JSON.stringify(join(root, "src/index.ts"))));
    expect(execFileSync(process.execPath, ["--import", "tsx", file], { encoding: "utf8" })).toBe(printed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 20_000);
