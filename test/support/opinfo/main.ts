/**
 * `npm run opinfo [-- ENTRY …]`: runs the test inputs that PyTorch has for its own operations, layers and losses, all of them
 * or those of an entry, on lucidgrad, and prints what is not as PyTorch has it, in lines that can be tried by hand.
 *
 * It needs a python3 with PyTorch 1.13, and takes a minute.
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

try {
  const torchNames = [...signatures.keys()].map((path) => path.replace("Tensor.", "").replace(/\w+$/, snakeCase));
  writeFileSync(names, torchNames.join("\n"));
  const complaint = runPyTorch("opinfo/records.py", names, records, ...process.argv.slice(2));
  if (complaint) throw new Error(complaint);
  for await (const line of createInterface({ input: createReadStream(records) })) {
    const record: PyTorchRecord | { missing: string } = JSON.parse(line);
    const verdict = "missing" in record ? record.missing : ask(record);
    if (typeof verdict === "string" || "missing" in record) {
      unasked.add(String(verdict));
      continue;
    }
    asked.add(record.entry);
    const { problem, code } = verdict;
    if (problem === null) continue;
    const explanation = explanationOf(record, verdict);
    const wanted = "error" in record.outcome ? `, not the error: ${record.outcome.error}` : "";
    if (explanation) explained.add(explanation);
    else wrong.push(`${record.entry}, ${record.kind}, ${record.dtype}: ${problem}${wanted}\n    ${code}`);
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
process.exitCode = wrong.length > 0 ? 1 : 0;
