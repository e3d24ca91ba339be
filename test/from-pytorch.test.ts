/** The programs in Python of docs/guide/from-pytorch.md print what stands below them, which those in TypeScript print, too. */
import { expect, it } from "vitest";
import { inPython } from "../docs/generate/side-by-side.ts";
import { Answers, torch } from "./support/index.ts";

const answers = new Answers("from_pytorch");
const programs = inPython();

it("has five programs, in both languages", () => {
  expect(programs).toHaveLength(5);
  for (const { code, printed } of programs) expect([code, printed].every(Boolean)).toBe(true);
});

for (const [i, { code, printed }] of programs.entries()) {
  answers.it(`PyTorch prints what stands below program ${i + 1}`, () => torch.prints(code, printed));
}
