/**
 * What an experiment is: a question, a list of trainings to run, and what is made of their outcomes.
 *
 * Each training is a trial, settings in and numbers out. All that is shown, the chart and the verdict, is computed
 * from the list of results alone, and that list is what the JSON file keeps.
 */
import type { Figure } from "../../support/chart.ts";
import type { Texts } from "../texts.ts";
import type { Data } from "./digits.ts";

/** How much is run: the tests reduce it. */
export interface Effort {
  readonly seeds: number;
  readonly steps: number;
}

/** The settings of one training. */
export interface Trial {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
}

export interface Definition<T extends Trial, Outcome extends object> {
  /** As in `npm run experiment:name`. */
  readonly name: keyof Texts["questions"];
  readonly effort: Effort;
  trials(effort: Effort): T[];
  run(trial: T, data: Data): Outcome;
  /** What the results say, in a few sentences with numbers. */
  verdict(results: readonly (T & Outcome)[], texts: Texts): string;
  figure(results: readonly (T & Outcome)[]): Figure;
}

/** One run of an experiment, whatever its trials are like. */
export interface Run {
  /** How many samples all trainings will have seen. */
  readonly samples: number;
  /** The results so far: settings and outcomes. */
  readonly results: readonly object[];
  /** Runs the next training. Returns how many samples it saw; null if all are done. */
  next(data: Data): number | null;
  verdict(texts: Texts): string;
  figure(): Figure;
}

export interface Experiment {
  readonly name: keyof Texts["questions"];
  readonly effort: Effort;
  begin(effort: Effort): Run;
}

export function defineExperiment<T extends Trial, Outcome extends object>(
  definition: Definition<T, Outcome>,
): Experiment & Definition<T, Outcome> {
  const begin = (effort: Effort): Run => {
    const trials = definition.trials(effort);
    const results: (T & Outcome)[] = [];
    const samplesOf = ({ steps, batchSize }: Trial) => steps * batchSize;
    return {
      samples: trials.reduce((sum, trial) => sum + samplesOf(trial), 0),
      results,
      next(data) {
        const trial = trials[results.length];
        if (!trial) return null;
        results.push({ ...trial, ...definition.run(trial, data) });
        return samplesOf(trial);
      },
      verdict: (texts) => definition.verdict(results, texts),
      figure: () => definition.figure(results),
    };
  };
  return { ...definition, begin };
}

/** 0, 1, 2, … */
export const seedsOf = ({ seeds }: Effort): number[] => Array.from({ length: seeds }, (_, seed) => seed);
