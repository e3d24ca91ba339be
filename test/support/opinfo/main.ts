/**
 * `npm run opinfo [-- ENTRY …]`: runs the test inputs that PyTorch has for its own operations, layers and losses, all of them
 * or those of an entry, on lucidgrad, and prints what is not as PyTorch has it, in lines that can be tried by hand.
 *
 * It needs a python3 with PyTorch 1.13, and takes three minutes.
 */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { snakeCase } from "../../../docs/generate/torch-names.ts";
import { runPyTorch } from "../python.ts";
import { ask, type PyTorchRecord } from "./ask.ts";
import { explanationOf } from "./differences.ts";
import { signatures } from "./signatures.ts";

/** Counts by what is counted, the most frequent first. */
class Counts extends Map<string, number> {
  add(key: string): void {
    this.set(key, (this.get(key) ?? 0) + 1);
  }

  get total(): number {
    return [...this.values()].reduce((a, b) => a + b, 0);
  }

  override toString(): string {
    return [...this]
      .sort(([, a], [, b]) => b - a)
      .map(([key, count]) => `${String(count).padStart(6)}  ${key}`)
      .join("\n");
  }
}

const folder = mkdtempSync(join(tmpdir(), "opinfo-"));
const [names, records] = ["names", "records"].map((name) => join(folder, `${name}.txt`));
const asked = new Counts();
const explained = new Counts();
const wrong: string[] = [];
const unasked = new Counts();
/** The names of PyTorch's database of operations. */
const operations = new Map<string, { isAsked: boolean; isRight: boolean }>();

try {
  const torchNames = [...signatures.keys()].map((path) => path.replace("Tensor.", "").replace(/\w+$/, snakeCase));
  writeFileSync(names, torchNames.join("\n"));
  const complaint = runPyTorch("opinfo/records.py", names, records, ...process.argv.slice(2));
  if (complaint) throw new Error(complaint);
  for await (const line of createInterface({ input: createReadStream(records) })) {
    const record: PyTorchRecord | { missing: string } | { database: string[] } = JSON.parse(line);
    if ("database" in record) {
      for (const name of record.database) operations.set(name, { isAsked: false, isRight: true });
      continue;
    }
    const verdict = "missing" in record ? record.missing : ask(record);
    if (typeof verdict === "string" || "missing" in record) {
      unasked.add(String(verdict));
      continue;
    }
    asked.add(record.entry);
    const operation = operations.get(record.entry.split(" ")[0]); // without the variant
    if (operation) operation.isAsked = true;
    const { problem, code } = verdict;
    if (problem === null) continue;
    const explanation = explanationOf(record, verdict);
    const wanted = "error" in record.outcome ? `, not the error: ${record.outcome.error}` : "";
    if (explanation) explained.add(explanation);
    else {
      if (operation) operation.isRight = false;
      wrong.push(`${record.entry}, ${record.kind}, ${record.dtype}: ${problem}${wanted}\n    ${code}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

const right = asked.total - explained.total - wrong.length;
if (unasked.size > 0) console.log(`${unasked.total} cannot be asked:\n${unasked}\n`);
if (explained.size > 0) console.log(`${explained.total} are explained in docs/differences.md:\n${explained}\n`);
if (wrong.length > 0) console.log(`${wrong.length} are not as PyTorch has them:\n${wrong.join("\n")}\n`);
console.log(
  `${asked.total} records of ${asked.size} names: ${right} right, ${explained.total} explained, ${wrong.length} not`,
);
const notHere = [...operations].filter(([, { isAsked }]) => !isAsked).map(([name]) => name);
if (notHere.length > 0)
  console.log(`\n${notHere.length} names of operations are not here, or cannot be asked: ${notHere.join(", ")}\n`);
const allRight = [...operations.values()].filter(({ isAsked, isRight }) => isAsked && isRight).length;
console.log(`${allRight} of PyTorch's ${operations.size} names of operations are here, and nothing of them is wrong`);
process.exitCode = wrong.length > 0 ? 1 : 0;
