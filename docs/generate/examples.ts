/** Runs the examples: each prints something, which is shown below its code. Read next: write.ts. */
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { manualSeed } from "lucidgrad";
import { Node, Project, SyntaxKind } from "ts-morph";
import * as autograd from "./examples/autograd.ts";
import * as data from "./examples/data.ts";
import * as functional from "./examples/functional.ts";
import * as nn from "./examples/nn.ts";
import * as optim from "./examples/optim.ts";
import * as seeing from "./examples/seeing.ts";
import * as tensor from "./examples/tensor.ts";
import type { Example } from "./examples/types.ts";

const modules: Record<string, Record<string, Record<string, Example>>> = {
  "autograd.ts": autograd,
  "data.ts": data,
  "functional.ts": functional,
  "nn.ts": nn,
  "optim.ts": optim,
  "seeing.ts": seeing,
  "tensor.ts": tensor,
};

/** Where the names of a table are found, by the name of the table. */
const prefixes: Record<string, string> = {
  tensorMethods: "Tensor.",
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

/** Every example by the name that it explains: its code as it is written, and what it prints. */
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

/** An expression as what prints it; a block as its statements. */
function codeOf(example: Node): string {
  const body = example.getFirstDescendantByKindOrThrow(SyntaxKind.ArrowFunction).getBody();
  const text = body.getText();
  if (!Node.isBlock(body)) return text.startsWith("console.log(") ? `${text};` : `console.log(${text});`;
  const lines = text.slice(1, -1).split("\n").slice(1, -1);
  return lines.map((line) => line.replace(/^ {4}/, "")).join("\n");
}

async function outputOf(example: Example): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    manualSeed(0);
    const value = await example();
    if (value !== undefined) console.log(value);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}
