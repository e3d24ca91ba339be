/** The guide is what its generator makes of it: every block of code has run, and printed what stands below it. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chapters, makeGuide } from "../docs/generate/guide.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const guide = await makeGuide();

describe.each([...guide.keys()])("%s", (path) => {
  it("is up to date; if not, run npm run docs", () => {
    expect(existsSync(new URL(path, root)) && read(path)).toBe(guide.get(path));
  });
});

it("has eight chapters, each a program of 25 to 130 lines", () => {
  expect(chapters).toHaveLength(8);
  for (const chapter of chapters) {
    const lines = read(`examples/${chapter.replace(".md", ".ts")}`).split("\n").length - 1;
    expect(lines, chapter).toBeGreaterThanOrEqual(25);
    expect(lines, chapter).toBeLessThanOrEqual(130);
  }
});
