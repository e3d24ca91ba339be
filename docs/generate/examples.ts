/** Runs the examples: each prints something, which is shown below its code. Read next: write.ts. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import * as lucidgrad from "lucidgrad";
import * as datasets from "lucidgrad/datasets";
import * as files from "lucidgrad/files";
import * as image from "lucidgrad/image";
import { Node, Project, SyntaxKind, ts } from "ts-morph";
import { printing } from "./comments.ts";
import type { Example } from "./examples/types.ts";

/** Where the names of a table are found, by the name of the table. */
const prefixes: Record<string, string> = {
  layers: "nn.",
  functional: "nn.functional.",
  init: "nn.init.",
  utils: "nn.utils.",
  optimizers: "optim.",
  schedules: "optim.lrScheduler.",
  pixels: "transforms.",
  bytes: "safetensors.",
};

export interface Shown {
  readonly code: string;
  readonly output: string;
}

/** The examples that are not in comments, by the name that each explains: its code as it is written, and what it prints. */
export async function runExamples(): Promise<Map<string, Shown>> {
  const project = new Project({ skipAddingFilesFromTsConfig: true });
  const shown = new Map<string, Shown>();
  const folder = fileURLToPath(new URL("examples/", import.meta.url));
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const source = project.addSourceFileAtPath(join(folder, file));
    const tables: Record<string, Record<string, Example>> = await import(`./examples/${file.slice(0, -3)}.ts`);
    for (const [table, examples] of Object.entries(tables)) {
      const written = source.getVariableDeclarationOrThrow(table);
      const entries = written.getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
      for (const [name, example] of Object.entries(examples)) {
        const code = codeOf(entries.getPropertyOrThrow(name));
        shown.set((prefixes[table] ?? "") + name, { code, output: await outputOf(example) });
      }
    }
  }
  return shown;
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...scope: unknown[]) => Promise<void>;

const scope = Object.entries({ ...lucidgrad, ...datasets, ...files, ...image }).filter(([name]) => name !== "var");

/** An example in a comment, which sees all names, and as `path` a file that it may write. */
export async function runWritten(code: string): Promise<Shown> {
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

/** An expression as a statement that prints it; a block as its statements. */
function codeOf(example: Node): string {
  const body = example.getFirstDescendantByKindOrThrow(SyntaxKind.ArrowFunction).getBody();
  const text = body.getText();
  if (!Node.isBlock(body)) return printing(text);
  const lines = text.slice(1, -1).split("\n").slice(1, -1);
  return lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
}

async function outputOf(example: Example): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    lucidgrad.manualSeed(0);
    const value = await example();
    if (value !== undefined) console.log(value);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
