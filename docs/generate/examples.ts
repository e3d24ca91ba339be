/** Runs the examples: each prints something, which is shown below its code. Read next: write.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import * as lucidgrad from "lucidgrad";
import * as datasets from "lucidgrad/datasets";
import * as files from "lucidgrad/files";
import * as image from "lucidgrad/image";
import * as models from "lucidgrad/models";
import { ts } from "ts-morph";

export interface Shown {
  readonly code: string;
  readonly output: string;
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...scope: unknown[]) => Promise<void>;

/** An example of a comment, which sees all names, and as `path` a file that it may write. */
export async function runExample(
  code: string,
  names: object = { ...lucidgrad, ...datasets, ...files, ...image, ...models },
): Promise<Shown> {
  const scope = Object.entries(names).filter(([name]) => name !== "var");
  const example = new AsyncFunction(
    "path",
    ...scope.map(([name]) => name),
    `{ ${ts.transpile(code, { target: ts.ScriptTarget.ESNext })} }`,
  );
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-"));
  try {
    return { code, output: await outputOf(() => example(join(folder, "file"), ...scope.map(([, value]) => value))) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function outputOf(example: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    lucidgrad.manualSeed(0);
    await example();
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
