/**
 * `npm run answers [-- NAME …]`: asks PyTorch for the answers that are missing or out of date, in all files or in those of
 * that name, and writes them into test/fixtures.
 *
 * `--all` asks for all of them again. `--pending` does not ask: it lists what is missing in test/fixtures/pending.json, so
 * that the tests run without PyTorch; a change is complete when the list is gone. `-t PATTERN`, as for vitest, looks at
 * the tests of such names alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Answer, PENDING, pathOf, pendingLine, readAnswers } from "./answer-files.ts";
import { runPyTorch } from "./python.ts";
import { root } from "./tree.ts";

interface Case {
  name: string;
  hash: string;
  program: unknown;
}

const { values: asked, positionals: wanted } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    pending: { type: "boolean", default: false },
    testNamePattern: { type: "string", short: "t" },
  },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), "answers-"));

const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

/** The cases that the tests declare, by the name of their file. */
function collectCases(): Map<string, Case[]> {
  const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", file))
    .filter((file) => {
      const declared = readFileSync(join(root, file), "utf8").matchAll(/(?:new Answers|callsOf)\("([^"]+)"/g);
      return [...declared].some(([, name]) => isWanted(name));
    });
  if (tests.length === 0) throw new Error(`No test has cases of the name ${wanted.join(" or ")}`);
  const pattern = asked.testNamePattern ? ["-t", asked.testNamePattern] : [];
  const { status, stdout } = spawnSync("npx", ["vitest", "run", "--maxWorkers=100%", ...tests, ...pattern], {
    cwd: root,
    env: { ...process.env, ANSWERS: folder },
    encoding: "utf8",
  });
  if (status !== 0) console.error(`${stdout}\nSome tests fail even without being compared.`);
  const names = readdirSync(folder).map((file) => file.replace(".json", ""));
  const read = (name: string): Case[] => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  return new Map(names.filter(isWanted).map((name) => [name, read(name)]));
}

/** Asks PyTorch, and returns its answers. Those that it could not give are reported, and missing. */
function ask(cases: readonly (Case & { file: string })[]): (Answer & { file: string })[] {
  const [programs, answers] = ["programs", "replies"].map((name) => join(folder, `${name}.txt`));
  writeFileSync(programs, JSON.stringify(cases));
  const complaint = runPyTorch("answers.py", programs, answers);
  if (complaint) {
    console.error(complaint);
    process.exitCode = 1;
  }
  return existsSync(answers) ? JSON.parse(readFileSync(answers, "utf8")) : [];
}

try {
  const declared = collectCases();
  const missing = [...declared].flatMap(([file, cases]) => {
    const known = readAnswers(file);
    const isOpen = ({ name, hash }: Case) => asked.all || known.get(name)?.hash !== hash;
    return cases.filter(isOpen).map((open) => ({ file, ...open }));
  });
  if (asked.pending) {
    const list = missing.map(({ file, name, hash }) => pendingLine(file, { name, hash }));
    if (list.length > 0) writeFileSync(PENDING, `${JSON.stringify(list, null, 1)}\n`);
    console.log(`${list.length} cases wait for PyTorch's answers`);
  } else {
    const replies = missing.length > 0 ? ask(missing) : [];
    for (const [file, cases] of declared) {
      const known = readAnswers(file);
      for (const { file: of, ...answer } of replies) if (of === file) known.set(answer.name, answer);
      const current = cases.flatMap(({ name, hash }) => {
        const answer = known.get(name);
        return answer?.hash === hash ? answer : [];
      });
      const kept = asked.testNamePattern ? known.values() : current;
      const lines = [...kept].map((answer) => JSON.stringify(answer));
      writeFileSync(pathOf(file), `[\n${lines.join(",\n")}\n]\n`);
    }
    rmSync(PENDING, { force: true });
    console.log(`PyTorch answered ${replies.length} of ${missing.length} open cases`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
