/** Runs the examples: each prints something, which is shown below its code. Read next: write.ts. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "node:util";
import * as lucidgrad from "lucidgrad";
import * as datasets from "lucidgrad/datasets";
import * as files from "lucidgrad/files";
import * as image from "lucidgrad/image";
import * as models from "lucidgrad/models";
import { transformWithOxc } from "vite";

export interface Shown {
  readonly code: string;
  readonly output: string;
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...scope: unknown[]) => Promise<void>;

/** What examples see. */
export const allNames: object = { ...lucidgrad, ...datasets, ...files, ...image, ...models };

/** An example of a comment, which sees all names, and as `path` a file or folder that it may write. */
export async function runExample(code: string, names: object): Promise<Shown> {
  const words = new Set(code.match(/\w+/g));
  const scope = Object.entries(names).filter(([name]) => words.has(name) && name !== "var");
  const { code: plain } = await transformWithOxc(code, "example.ts");
  const example = new AsyncFunction("path", ...scope.map(([name]) => name), `{ ${plain} }`);
  const path = join(tmpdir(), `lucidgrad-${crypto.randomUUID()}`);
  try {
    return { code, output: await outputOf(() => example(path, ...scope.map(([, value]) => value))) };
  } finally {
    rmSync(path, { recursive: true, force: true });
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
