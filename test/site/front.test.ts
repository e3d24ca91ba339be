/** The program of the front page prints what stands below it. */
import { expect, it } from "vitest";
import { runProgram } from "../../docs/generate/run-program.ts";
import { program } from "../../docs/site/front.ts";

it("the front page's program prints what it says", async () => {
  expect(await runProgram(program.code)).toBe(program.printed);
});
