/**
 * What do small batches do to batch norm?
 *
 * Batches of 2 to 256, the same number of steps at the same learning rate. Then the test digits are read three ways: in
 * eval mode, by the running averages; in train mode, by the statistics of a batch of the size used in training; and by a
 * network without batch norm.
 *
 * And how good are the running averages? Their error is the distance from the mean over all training digits, in standard
 * deviations, root mean square over the units of the first layer.
 */
import { manualSeed } from "lucidgrad";
import { COLORS } from "../support/chart.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network } from "./support/network.ts";
import { errorOfRunningMean } from "./support/running-statistics.ts";
import { curveOver } from "./support/statistics.ts";
import { accuracy, train } from "./support/training.ts";

interface Settings extends Trial {
  readonly batchNorm: "before" | "none";
  readonly lr: number;
}

interface Outcome {
  readonly evalAccuracy: number;
  /** With the statistics of batches of the size used in training; null without batch norm. */
  readonly trainModeAccuracy: number | null;
  /** Of the first layer's running means, in standard deviations; null without batch norm. */
  readonly errorOfRunningMean: number | null;
}

type Result = Settings & Outcome;
type Measure = (result: Result) => number | null;

/** A measure over the batch sizes, for the networks of which it was taken. */
export const bySize = (results: readonly Result[], batchNorm: Settings["batchNorm"], measure: Measure) =>
  curveOver(
    results.filter((result) => result.batchNorm === batchNorm),
    ({ batchSize }) => batchSize,
    (result) => measure(result) ?? Number.NaN,
  );

const evalAccuracy: Measure = (result) => result.evalAccuracy;
const trainModeAccuracy: Measure = (result) => result.trainModeAccuracy;
const error: Measure = (result) => result.errorOfRunningMean;

const sizes = [2, 4, 8, 16, 32, 64, 128, 256];

export const batchSize = defineExperiment<Settings, Outcome>({
  name: "batch-size",
  effort: { seeds: 3, steps: 500 },

  trials: (effort) =>
    (["before", "none"] as const).flatMap((batchNorm) =>
      sizes.flatMap((batchSize) =>
        seedsOf(effort).map((seed) => ({ batchNorm, seed, steps: effort.steps, batchSize, lr: 0.05 })),
      ),
    ),

  run(trial, { train: digits, test }) {
    manualSeed(trial.seed);
    const model = network({ depth: 2, width: 64, batchNorm: trial.batchNorm, weights: "he" });
    train(model, digits, trial);
    const inEval = accuracy(model.eval(), test);
    const normalizes = trial.batchNorm === "before";
    return {
      evalAccuracy: inEval,
      errorOfRunningMean: normalizes ? errorOfRunningMean(model, digits) : null,
      trainModeAccuracy: normalizes ? accuracy(model.train(), test, trial.batchSize) : null,
    };
  },

  verdict(results, { batchSize: texts }) {
    const inEval = bySize(results, "before", evalAccuracy);
    const inTraining = bySize(results, "before", trainModeAccuracy);
    const plain = bySize(results, "none", evalAccuracy);
    const errors = bySize(results, "before", error);
    const at = (i: number) =>
      texts.at(inEval[i].x, inEval[i].median, errors[i].median, inTraining[i].median, plain[i].median);
    const better = inEval.filter(({ low }, i) => low > plain[i].high).map(({ x }) => x);
    const worse = inEval.filter(({ high }, i) => high < plain[i].low).map(({ x }) => x);
    return at(0) + at(inEval.length - 1) + texts.answer(better, worse);
  },

  figure: (results) => ({
    title: "Batch norm over the size of the batch",
    panels: [
      {
        title: "Test digits read",
        x: { label: "Batch size", log: true },
        y: { label: "Share of test digits read" },
        curves: [
          { label: "batch norm, eval mode", color: COLORS.batchNorm, points: bySize(results, "before", evalAccuracy) },
          {
            label: "batch norm, train mode",
            color: COLORS.third,
            points: bySize(results, "before", trainModeAccuracy),
          },
          { label: "without", color: COLORS.plain, points: bySize(results, "none", evalAccuracy) },
        ],
      },
      {
        title: "Error of the running mean",
        x: { label: "Batch size", log: true },
        y: { label: "Standard deviations", log: true },
        curves: [
          {
            label: "batch norm, eval mode",
            color: COLORS.batchNorm,
            points: bySize(results, "before", error),
          },
        ],
      },
    ],
  }),
});
