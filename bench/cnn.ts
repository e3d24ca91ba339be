/**
 * A training step of a small convolutional network beside PyTorch's, with one thread and with all: conv 1→16, batch norm, ReLU,
 * pool, conv 16→32, batch norm, ReLU, pool, linear; batches of 64 digits, SGD with momentum. In turns, so that a slow moment
 * of the machine meets all. Other JavaScript engines have no such network on their fast CPU backends.
 *
 *   npm run bench:cnn
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { findPython } from "./engines/pytorch.ts";

const ROUNDS = 5;
const enginePath = (file: string) => fileURLToPath(new URL(`engines/${file}`, import.meta.url));
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

interface Engine {
  readonly name: string;
  readonly command: readonly string[];
  /** Milliseconds a step: the median of each round. */
  readonly times: number[];
}

/** Runs one round of an engine, in a process of its own. */
function measure({ command: [program, ...args] }: Engine): number {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} failed: ${stderr.slice(-500)}`);
  return Number(stdout.trim());
}

const counts = [...new Set([1, availableParallelism()])];
const threads = (count: number) => `${count} thread${count === 1 ? "" : "s"}`;
const node = [process.execPath, ...process.execArgv, enginePath("lucidgrad-cnn.ts")];
const engines: Engine[] = counts.map((count) => ({
  name: `lucidgrad, ${threads(count)}`,
  command: [...node, `${count}`],
  times: [],
}));
try {
  const python = await findPython();
  for (const count of counts) {
    engines.push({
      name: `PyTorch, ${threads(count)}`,
      command: [python, enginePath("pytorch-cnn.py"), `${count}`],
      times: [],
    });
  }
} catch (error) {
  console.log(`PyTorch does not take part: ${(error as Error).message}`);
}
for (let round = 0; round < ROUNDS; round++) for (const engine of engines) engine.times.push(measure(engine));

const peers = engines.filter(({ name }) => name.startsWith("PyTorch")).map(({ times }) => median(times));
const best = Math.min(...peers);
console.log(`milliseconds a step, the median of ${ROUNDS} rounds (the fastest round); beside PyTorch's faster one`);
for (const { name, times } of engines) {
  const ratio = peers.length > 0 ? `   × ${(median(times) / best).toFixed(2)}` : "";
  console.log(`${name.padEnd(22)} ${median(times).toFixed(1).padStart(6)} (${Math.min(...times).toFixed(1)})${ratio}`);
}
