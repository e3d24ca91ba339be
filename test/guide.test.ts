/** The guide is what its generator makes of it: every block of code has run, and printed what stands below it. */
import { expect, it } from "vitest";
import { chapters, makeGuide } from "../docs/generate/guide.ts";
import { makeSideBySide } from "../docs/generate/side-by-side.ts";
import { read } from "./support/tree.ts";

const [chaptersAndContents, sideBySide] = await Promise.all([makeGuide(), makeSideBySide()]);
const guide = new Map([...chaptersAndContents, ...sideBySide]);

it.each([...guide.keys()])("%s is up to date; if not, run npm run docs", (path) => {
  expect(read(path)).toBe(guide.get(path));
});

it.each(chapters)("%s is a program of 25 to 130 lines", (chapter) => {
  const lines = read(`examples/${chapter.replace(".md", ".ts")}`).split("\n").length - 1;
  expect(lines).toBeGreaterThanOrEqual(25);
  expect(lines).toBeLessThanOrEqual(130);
});

it("has eight chapters", () => expect(chapters).toHaveLength(8));
