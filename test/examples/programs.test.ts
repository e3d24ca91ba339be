/** The smaller programs as a user runs them: PyTorch's losses, then what they write, make up, draw and say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import cartpole from "../fixtures/example_cartpole.json" with { type: "json" };
import dates from "../fixtures/example_dates.json" with { type: "json" };
import gpt from "../fixtures/example_gpt.json" with { type: "json" };
import names from "../fixtures/example_names.json" with { type: "json" };
import { temporaryFolder } from "../support/folder.ts";
import { run } from "./run.ts";

const folder = temporaryFolder(afterAll);

it.each([
  ["gpt", "--steps 5 --every 1 --length 40", gpt, /^Shall I.{33}$/ms],
  ["names", "--limit 30 --epochs 2", names, /^Turkish +\p{L}+.*\n\nLucidgrad: \w+ \d+ %, \w+ \d+ %, \w+ \d+ %$/mu],
  ["dates", `--steps 5 --every 1 --out ${folder}`, dates, /^0 of 1000 dates right/m],
  ["cartpole", "--updates 4", cartpole, /^A last game, of \d+ steps:\n·*[/|\\]·*\n/m],
])(
  "%s.ts has PyTorch's losses within 1e-5",
  async (program, args, { losses }, end) => {
    const { stdout, stderr, code } = await run(`${program}.ts`, args.split(" "));
    expect([code, stderr]).toEqual([0, ""]);
    const found = [...stdout.matchAll(/ loss (-?[\d.]+)/g)].map(([, loss]) => Number(loss));
    expect(found).toHaveLength(losses.length);
    for (const [i, loss] of found.entries()) expect(Math.abs(loss - losses[i])).toBeLessThan(1e-5);
    expect(stdout).toMatch(end);
    if (program === "dates") expect(readFileSync(join(folder, "attention.png"), "latin1").slice(1, 4)).toBe("PNG");
  },
  60_000,
);

describe("arguments", () => {
  it.each([
    ["gpt.ts", "--temperature 0", "--temperature must be a number above 0"],
    ["gpt.ts", "--start ¿", "--start must be of the letters"],
    ["names.ts", "--epochs 1.5", "--epochs must be a whole number of at least 1"],
    ["dates.ts", "--out package.json", "--out must be a folder"],
    ["cartpole.ts", "--speed 9", "Unknown option '--speed'"],
  ])("%s %s: what is wrong, and exit code 2", async (program, args, problem) => {
    const { code, stdout, stderr } = await run(program, args.split(" "));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(problem);
    expect(stderr).toContain("--help");
  });

  it("--help explains all of them", async () => {
    const { code, stdout } = await run("cartpole.ts", ["--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^usage: npm run example:cartpole -- \[--updates N\] .*\[--lr X\] \[--language en\|zh\] \[--help\]\n\n/,
    );
    for (const flag of ["updates", "seed", "discount", "lr"])
      expect(stdout).toMatch(new RegExp(`^ {2}--${flag} [NX] .*\\(.+\\)$`, "m"));
  });
});
