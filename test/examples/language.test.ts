/** Every program that package.json names speaks Chinese: its help, what it says of wrong arguments, and what it prints. */
import { afterAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { read } from "../support/tree.ts";
import { run } from "./run.ts";

const folder = temporaryFolder(afterAll);
const scripts: string[] = Object.values(JSON.parse(read("package.json")).scripts);
const programs = new Set(scripts.flatMap((script) => /^tsx examples\/(\S+)/.exec(script)?.[1] ?? []));

const runInChinese = (program: string, ...args: string[]) => run(program, [...args, "--language", "zh"]);

/** No line without Chinese, no English sentence in one: three words that are neither a command nor a default. */
function expectChinese(text: string): void {
  for (const line of text.split("\n").filter((line) => line !== "")) expect(line).toMatch(/\p{Script=Han}/u);
  expect(text.replaceAll(/npm run [\w:-]+|（[^（）]*）$/gm, "")).not.toMatch(/[a-z]+,? [a-z]+,? [a-z]+/i);
}

it("there are programs", () => expect(programs.size).toBeGreaterThan(10));

/** What is wrong, and how it is right, in Chinese. */
async function expectRefusal(program: string, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runInChinese(program, ...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^.+\n用法：.+\n$/);
  expectChinese(stderr);
}

it.each([...programs])("%s explains itself, and says what is wrong", async (program) => {
  const { code, stdout, stderr } = await runInChinese(program, "--help");
  expect([code, stderr]).toEqual([0, ""]);
  expectChinese(stdout);
  const [usage] = stdout.split("\n");
  const options = [...usage.matchAll(/\[(--[\w-]+) /g)].map(([, option]) => option);
  expect(options).toContain("--language");
  for (const option of options) expect(stdout).toMatch(new RegExp(`^ {2}${option} .*\\p{Script=Han}`, "mu"));
  const [, number = "--model"] = /(--[\w-]+) [NX]\]/.exec(usage) ?? [];
  await expectRefusal(program, `${number}=?`);
  await expectRefusal(program, "--speed", "9");
});

it.each([["--lr", "fast"], ["--momentum", "1"], ["--network", "rnn"], ["--epochs"], ["--help=yes"], ["extra"]])(
  "mnist-batchnorm.ts %s %s: what is wrong",
  (...args) => expectRefusal("mnist-batchnorm.ts", ...args.filter(Boolean)),
);

it.each([
  ["names.ts", "--limit 30 --epochs 1", 0],
  ["vae.ts", `--limit 128 --epochs 1 --out ${folder}`, 0],
  ["gpt.ts", "--start ¿", 2],
  ["dates.ts", "--out package.json", 2],
  ["pictures.ts", "--folder nowhere", 1],
  ["style.ts", "--content nobody", 1],
  ["classify.ts", "", 2],
])("%s %s", async (program, args, expected) => {
  const { code, stdout, stderr } = await runInChinese(program, ...args.split(" ").filter(Boolean));
  expect(code).toBe(expected);
  expectChinese(stdout + stderr);
});

it("a language that it does not speak is refused in English", async () => {
  const { code, stderr } = await run("vae.ts", ["--language", "fr"]);
  expect([code, stderr.split("\n")[0]]).toEqual([2, "--language must be en or zh, but is 'fr'"]);
});
