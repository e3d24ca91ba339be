/**
 * The process of one engine: reads requests from stdin and answers each on stdout, a line of JSON. Arrays travel as files.
 * Read next: contender.ts, which is the other end.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Engine, NamedArray, TrainingProblem } from "./engine.ts";
import type { OperationName } from "./workloads.ts";

const arrayTypes = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

export interface ArrayFile {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: keyof typeof arrayTypes;
  readonly path: string;
}

export type Request =
  | { command: "prepare"; task: TaskDescription; inputs: ArrayFile[] }
  /** Do the work once, or train for so many steps, and write the results into the folder. */
  | { command: "check"; steps: number; folder: string }
  | { command: "time"; times: number };

export interface Replies {
  prepare: Record<string, never>;
  check: { outputs: ArrayFile[] };
  time: { seconds: number };
}

type TaskDescription = { operation: OperationName; dim?: number | undefined } | { batchNorm: boolean };

/** Work that is ready to be done. */
interface Task {
  run(times: number): Promise<void>;
  results(steps: number): Promise<NamedArray[]>;
}

export function readArray({ name, shape, type, path }: ArrayFile): NamedArray {
  const bytes = new Uint8Array(readFileSync(path)); // a copy of its own starts at byte 0, as Float32Array needs it
  return { name, shape, data: new arrayTypes[type](bytes.buffer) };
}

export function writeArray(folder: string, { name, shape, data }: NamedArray): ArrayFile {
  const path = join(folder, name);
  writeFileSync(path, data);
  const type = data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "uint8";
  return { name, shape, type, path };
}

function operationTask<T>(engine: Engine<T>, name: OperationName, dim: number | undefined, arrays: NamedArray[]): Task {
  const operation = engine.operations[name];
  if (typeof operation === "string") throw new Error(operation);
  const compute = operation(
    arrays.map((array) => engine.fromArray(array)),
    dim,
  );
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        const pending = engine.finish(compute());
        if (pending) await pending;
      }
    },
    async results() {
      return compute()
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
        "operation" in request.task
          ? operationTask(engine, request.task.operation, request.task.dim, arrays)
          : trainingTask(engine, request.task.batchNorm, arrays);
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
