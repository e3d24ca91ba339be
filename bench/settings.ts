/** The benchmark's command line. */
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Effort } from "./measure.ts";
import { fullName, type Workload, workloads } from "./workloads.ts";

export interface Settings {
  readonly mode: "quick" | "normal" | "full";
  readonly effort: Effort;
  readonly workloads: readonly Workload[];
  /** Where results.json and bench.png go. */
  readonly out: string;
}

const usage = "usage: npm run bench -- [--quick | --full] [--only NAME]... [--out DIR] [--help]";

const help = `${usage}

Measures lucidgrad beside jax-js, TensorFlow.js and, where a python3 has it, PyTorch: the same work, checked, in one run.

  --quick       shorter and fewer rounds: a first look, in about four minutes
  --full        longer rounds, and whole epochs instead of what some steps say of them: in about half an hour
  --only NAME   only what has NAME in its name, such as "product", "network CNN" or "training plain"; may be repeated
  --out DIR     folder for results.json and bench.png (bench/out)
  --help        this text
`;

const efforts: Record<Settings["mode"], Effort> = {
  quick: { rounds: 3, trainingSeconds: 0.4, operationSeconds: 0.05, warmUpSeconds: 0.5, wholeEpochs: false },
  normal: { rounds: 5, trainingSeconds: 0.8, operationSeconds: 0.06, warmUpSeconds: 1.5, wholeEpochs: false },
  full: { rounds: 3, trainingSeconds: 1.2, operationSeconds: 0.2, warmUpSeconds: 1.5, wholeEpochs: true },
};

/** What `args` ask for. Ends the program after --help, and with exit code 2 for arguments that make no sense. */
export function parseSettings(args: string[]): Settings {
  try {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: "boolean", default: false },
        full: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: [] },
        out: { type: "string", default: "bench/out" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    if (values.quick && values.full) throw new Error("--quick and --full exclude each other");
    mkdirSync(values.out, { recursive: true }); // better to fail now than when all is measured
    const mode = values.quick ? "quick" : values.full ? "full" : "normal";
    return { mode, effort: efforts[mode], workloads: selected(values.only), out: values.out };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    process.exit(2);
  }
}

function selected(names: readonly string[]): readonly Workload[] {
  const matching = (name: string) => {
    const found = workloads.filter((workload) => fullName(workload).includes(name));
    if (found.length > 0) return found;
    throw new Error(
      `--only must be in one of ${workloads.map((w) => `"${fullName(w)}"`).join(", ")}, but is "${name}"`,
    );
  };
  if (names.length === 0) return workloads;
  const chosen = new Set(names.flatMap(matching));
  return workloads.filter((workload) => chosen.has(workload));
}
