/** Who takes part: a process for each engine and way to run it. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Column, ContenderSpec, Failure } from "./contender.ts";
import { findPython } from "./engines/pytorch.ts";

const cores = availableParallelism();
const threads = (count: number) => (count === 1 ? "1 thread" : `${count} threads`);
const threadCounts = [...new Set([1, cores])];

const enginePath = (file: string) => fileURLToPath(new URL(`engines/${file}`, import.meta.url));
/** Node that reads TypeScript runs the engines without a loader, and with that the package as it is built for users. */
const { typescript } = process.features as { typescript?: string | false };
const loader = typescript ? [] : process.execArgv;
const node = (file: string, ...args: string[]) => [process.execPath, ...loader, enginePath(file), ...args];

function single(project: string, variant: string, color: string, command: readonly string[]): ContenderSpec {
  return { name: `${project} ${variant}`, column: { project, variant, color }, command };
}

const lucidgrad = [
  single("lucidgrad", "js", "#a6cbe8", node("lucidgrad.ts", "js", "1")),
  ...threadCounts.map((count, i) =>
    single("lucidgrad", `wasm ${threads(count)}`, ["#4a90c8", "#0b4a86"][i], node("lucidgrad.ts", "wasm", `${count}`)),
  ),
];

/** lucidgrad as it is by itself, and its columns' neighbours that it is divided by. */
export const baseline: Column = lucidgrad.at(-1)!.column;
export const singleThread: Column = lucidgrad[1].column;
export const pytorchTensors: Column = { project: "PyTorch", variant: "tensors", color: "#007a5a" };

function pytorch(python: string, loader: "tensors" | "dataloader", column: Column): ContenderSpec[] {
  return threadCounts.map((count) => ({
    name: `PyTorch ${column.variant} ${threads(count)}`,
    column,
    command: [python, enginePath("pytorch.py"), `${count}`, loader],
    // One thread has to be asked for in several places; as many as there are is what each takes by itself.
    env: count === 1 ? { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" } : {},
    trainingOnly: loader === "dataloader",
  }));
}

/** All that may take part here; `absent` are those of which it is known already that they cannot. */
export async function findContenders(): Promise<{ specs: ContenderSpec[]; absent: Failure[] }> {
  const specs = [
    ...lucidgrad,
    single("jax-js", "wasm", "#e69f00", node("jax-js.ts")),
    single("TensorFlow.js", "wasm", "#d55e00", node("tfjs.ts")),
  ];
  try {
    const python = await findPython();
    const dataLoader = { project: "PyTorch", variant: "DataLoader", color: "#8ccfb6" };
    return {
      specs: [...specs, ...pytorch(python, "tensors", pytorchTensors), ...pytorch(python, "dataloader", dataLoader)],
      absent: [],
    };
  } catch (error) {
    return { specs, absent: [{ name: "PyTorch", reason: (error as Error).message }] };
  }
}
