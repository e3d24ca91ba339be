/** Runs the examples: each prints something, which is shown below its code. Read next: write.ts. */
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import * as lucidgrad from "lucidgrad";
import * as datasets from "lucidgrad/datasets";
import { Node, Project, SyntaxKind, ts } from "ts-morph";
import { printing } from "./comments.ts";
import * as backend from "./examples/backend.ts";
import * as data from "./examples/data.ts";
import * as functional from "./examples/functional.ts";
import * as nn from "./examples/nn.ts";
import * as optim from "./examples/optim.ts";
import * as seeing from "./examples/seeing.ts";
import type { Example } from "./examples/types.ts";

const modules: Record<string, Record<string, Record<string, Example>>> = {
  "backend.ts": backend,
  "data.ts": data,
  "functional.ts": functional,
  "nn.ts": nn,
  "optim.ts": optim,
  "seeing.ts": seeing,
};

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
  for (const [file, tables] of Object.entries(modules)) {
    const source = project.addSourceFileAtPath(fileURLToPath(new URL(`examples/${file}`, import.meta.url)));
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

const scope = Object.entries({ ...lucidgrad, ...datasets }).filter(([name]) => name !== "var");

/** An example in a comment, which sees all names. */
export async function runWritten(code: string): Promise<Shown> {
  const names = scope.map(([name]) => name);
  const example = new AsyncFunction(...names, `{ ${ts.transpile(code, { target: ts.ScriptTarget.ESNext })} }`);
  return { code, output: await outputOf(() => example(...scope.map(([, value]) => value))) };
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
