/** The README's tour is run, and prints what the README says. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runProgram } from "../docs/generate/run-program.ts";

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");

it("the tour in Chinese is the same program, with the same output", () => {
  const [english, chinese] = ["README.md", "README.zh-CN.md"].map(read);
  const blocks = (page: string) => [...page.matchAll(/^```(?:ts|text|sh)\n[\s\S]*?^```/gm)].map(([block]) => block);
  expect(blocks(english).length).toBeGreaterThan(2);
  expect(blocks(chinese)).toEqual(blocks(english));
});

it("the tour prints what it says", async () => {
  const [, program, printed] = /```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(read("README.md")) ?? [];
  expect(await runProgram(program)).toBe(printed);
}, 20_000);
