/**
 * The process of one engine: reads requests from stdin and answers each on stdout, a line of JSON. Arrays travel as files.
 * Read next: contender.ts, which is the other end.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Engine, NamedArray, TrainingProblem } from "./engine.ts";
import type { Operation } from "./workloads.ts";

export interface ArrayFile {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: "float32" | "uint8";
  readonly path: string;
}

export type Request =
  | { command: "prepare"; kind: Operation; inputs: ArrayFile[] }
  | { command: "prepare"; kind: "train"; batchNorm: boolean; inputs: ArrayFile[] }
  /** Do the work once, or train for so many steps, and write the results into the folder. */
  | { command: "check"; steps: number; folder: string }
  | { command: "time"; times: number };

export interface Replies {
  prepare: Record<string, never>;
  check: { outputs: ArrayFile[] };
  time: { seconds: number };
}

/** Work that is ready to be done. */
interface Task {
  run(times: number): Promise<void>;
  results(steps: number): Promise<NamedArray[]>;
}

export function readArray({ name, shape, type, path }: ArrayFile): NamedArray {
  const bytes = new Uint8Array(readFileSync(path)); // a copy of its own starts at byte 0, as Float32Array needs it
  return { name, shape, data: type === "uint8" ? bytes : new Float32Array(bytes.buffer) };
}

export function writeArray(folder: string, { name, shape, data }: NamedArray): ArrayFile {
  const path = join(folder, name);
  writeFileSync(path, data);
  return { name, shape, type: data instanceof Uint8Array ? "uint8" : "float32", path };
}

function operationTask<T>(engine: Engine<T>, kind: Operation, arrays: NamedArray[]): Task {
  const operation = engine.operations[kind];
  const inputs = arrays.map((array) => engine.fromArray(array));
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const pending = engine.finish(operation(inputs));
        if (pending) await pending;
      }
    },
    async results() {
      return operation(inputs)
        .map((output) => engine.toArray(output))
        .map((data, i) => ({ name: `output ${i}`, shape: [data.length], data }));
    },
  };
}

function trainingTask<T>(engine: Engine<T>, batchNorm: boolean, arrays: NamedArray[]): Task {
  const state = new Map(arrays.map((array) => [array.name, array]));
  const take = (name: string): Uint8Array => {
    const { data } = state.get(name)!;
    state.delete(name);
    return data as Uint8Array;
  };
  const problem: TrainingProblem = { images: take("images"), labels: take("labels"), state, batchNorm };
  const timed = engine.createTrainer(problem, { shuffle: true });
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const pending = timed.step();
        if (pending) await pending;
      }
      timed.loss();
    },
    async results(steps) {
      const trainer = engine.createTrainer(problem, { shuffle: false });
      const losses = new Float32Array(steps);
      for (let i = 0; i < steps; i++) {
        await trainer.step();
        losses[i] = trainer.loss();
      }
      const named = [["losses", losses] as const, ...trainer.state()];
      return named.map(([name, data]) => ({ name, shape: [data.length], data }));
    },
  };
}

/** Answers requests until stdin ends. */
export async function serve<T>(load: () => Promise<Engine<T>>): Promise<void> {
  console.log = console.info = console.error; // stdout is for the answers
  const answer = (reply: object) => process.stdout.write(`${JSON.stringify(reply)}\n`);
  let engine: Engine<T>;
  try {
    engine = await load();
  } catch (error) {
    answer({ error: (error as Error).message });
    return;
  }
  answer({ version: engine.version });
  let task: Task | undefined;

  async function handle(request: Request): Promise<Replies[Request["command"]]> {
    if (request.command === "prepare") {
      task = undefined; // so that two are never in memory
      const arrays = request.inputs.map(readArray);
      task =
        request.kind === "train"
          ? trainingTask(engine, request.batchNorm, arrays)
          : operationTask(engine, request.kind, arrays);
      return {};
    }
    if (!task) throw new Error(`nothing is prepared for "${request.command}"`);
    if (request.command === "check") {
      const results = await task.results(request.steps);
      return { outputs: results.map((result) => writeArray(request.folder, result)) };
    }
    const start = performance.now();
    await task.run(request.times);
    return { seconds: (performance.now() - start) / 1000 };
  }

  for await (const line of createInterface({ input: process.stdin })) {
    try {
      answer(await handle(JSON.parse(line)));
    } catch (error) {
      answer({ error: (error as Error).message });
    }
  }
  process.exit(); // whatever threads the engine keeps
}
