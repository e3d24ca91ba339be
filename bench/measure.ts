/**
 * One workload: every contender gets the same numbers, shows its results, and, if they agree, is timed.
 * They take turns, round by round, so that whatever else the machine does hits all alike; the median of the rounds counts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { judge, type Verdict } from "./agreement.ts";
import type { Column, Contender, Failure } from "./contender.ts";
import { writeInputs } from "./inputs.ts";
import { readArray } from "./serve.ts";
import { CHECKED_STEPS, isTraining, STEPS_PER_EPOCH, TOLERANCE, type Workload } from "./workloads.ts";

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** How long a turn of a contender takes, about. */
  readonly trainingSeconds: number;
  readonly operationSeconds: number;
  /** How long to train before anything is measured: JavaScript is compiled while it runs, for seconds. */
  readonly warmUpSeconds: number;
  /** Train whole epochs instead, however long they take. */
  readonly wholeEpochs: boolean;
}

export interface Timing {
  readonly name: string;
  readonly column: Column;
  /** For doing the work once, or one training step: the median of the rounds. */
  readonly seconds: number;
  readonly rounds: readonly number[];
  /** How often the work was done in a round. */
  readonly timesPerRound: number;
}

export interface Measurement {
  readonly workload: Workload;
  readonly timings: readonly Timing[];
  readonly failures: readonly Failure[];
  readonly agreeing: number;
  readonly largestDifference: number;
}

/** More than these tell nothing new about the speed of a training step. */
const MOST_STEPS = 300;
/** The threads of some engines spin for a while after work; by then they sleep, and do not disturb the next engine. */
const PAUSE_MILLISECONDS = 50;

export async function measure(workload: Workload, contenders: Contender[], effort: Effort): Promise<Measurement> {
  const failures: Failure[] = [];
  let active = contenders.filter(({ trainingOnly }) => isTraining(workload) || !trainingOnly);
  /** Whoever fails is out. */
  async function inTurn<T>(work: (contender: Contender) => Promise<T>): Promise<Map<Contender, T>> {
    const results = new Map<Contender, T>();
    for (const contender of active) {
      try {
        results.set(contender, await work(contender));
      } catch (error) {
        failures.push({ name: contender.name, reason: (error as Error).message });
      }
    }
    active = [...results.keys()];
    return results;
  }

  const verdict = await withFolder(async (folder) => {
    const files = await writeInputs(workload, folder);
    await inTurn((contender) => contender.ask({ command: "prepare", task: workload, inputs: files }));
    const results = await inTurn((contender) => check(contender, folder));
    return judge([...results.values()], TOLERANCE);
  });
  failures.push(...verdict.dissenters);
  active = active.filter(({ name }) => verdict.dissenters.every((dissenter) => dissenter.name !== name));

  const isStep = isTraining(workload) || workload.section === "network";
  await inTurn((contender) => warmUp(contender, isStep ? effort.warmUpSeconds : 2 * effort.operationSeconds));
  const times = await inTurn((contender) => timesPerRound(contender, workload, effort));
  const samples = new Map(active.map((contender): [Contender, number[]] => [contender, []]));
  for (let round = 0; round < effort.rounds; round++) {
    await inTurn(async (contender) => {
      const count = times.get(contender)!;
      await contender.ask({ command: "time", times: Math.ceil(count / 4) }); // its threads wake up, and find their cores
      const { seconds } = await contender.ask({ command: "time", times: count });
      samples.get(contender)!.push(seconds / count);
      await sleep(PAUSE_MILLISECONDS);
    });
  }
  const timings = active.map((contender) => {
    const rounds = samples.get(contender)!;
    const { name, column } = contender;
    return { name, column, seconds: median(rounds), rounds, timesPerRound: times.get(contender)! };
  });
  const { agreeing, largestDifference } = verdict;
  return { workload, timings, failures, agreeing, largestDifference };
}

/** Runs `use` with a folder that is there as long. */
async function withFolder(use: (folder: string) => Promise<Verdict>): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function check(contender: Contender, parent: string) {
  const folder = mkdtempSync(join(parent, "results-"));
  const { outputs } = await contender.ask({ command: "check", steps: CHECKED_STEPS, folder });
  return { name: contender.name, project: contender.column.project, arrays: outputs.map(readArray) };
}

async function warmUp(contender: Contender, seconds: number): Promise<void> {
  for (let spent = 0, times = 1; spent < seconds; times *= 2) spent += times * (await secondsEach(contender, times));
}

/** Finds out how often the work fits into a turn. */
async function timesPerRound(contender: Contender, workload: Workload, effort: Effort): Promise<number> {
  const most = isTraining(workload) ? MOST_STEPS : Infinity;
  const turn = isTraining(workload) ? effort.trainingSeconds : effort.operationSeconds;
  await secondsEach(contender, 1);
  for (let times = 1; ; times *= 2) {
    const each = await secondsEach(contender, times);
    if (each * times < turn / 4 && times < most) continue;
    if (isTraining(workload) && effort.wholeEpochs) return STEPS_PER_EPOCH;
    return Math.max(1, Math.min(most, Math.round(turn / each)));
  }
}

async function secondsEach(contender: Contender, times: number): Promise<number> {
  const { seconds } = await contender.ask({ command: "time", times });
  return seconds / times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
