/**
 * How well do running averages know the true statistics?
 *
 * One network, trained again for each momentum: with the same seed it learns just the same, since running averages play no part
 * in training. At some steps they are compared with the mean of all training digits under the weights of that moment, in standard
 * deviations, root mean square over the units of the first layer, and the test digits are read by them.
 */
import { manualSeed } from "lucidgrad";
import { COLORS } from "../support/chart.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network } from "./support/network.ts";
import { errorOfRunningMean } from "./support/running-statistics.ts";
import { curveOver } from "./support/statistics.ts";
import { accuracy, train } from "./support/training.ts";

interface Settings extends Trial {
  /** Null is the plain average over all batches. */
  readonly momentum: number | null;
  readonly lr: number;
}

interface Outcome {
  readonly measured: readonly {
    readonly step: number;
    readonly errorOfRunningMean: number;
    readonly evalAccuracy: number;
  }[];
}

type Result = Settings & Outcome;
type Measurement = Outcome["measured"][number];

const nameOf = (momentum: number | null): string => (momentum === null ? "plain average" : `momentum ${momentum}`);

/** A measure over the steps for one momentum. */
function overSteps(results: readonly Result[], momentum: number | null, measure: (m: Measurement) => number) {
  const measured = results.filter((result) => result.momentum === momentum).flatMap((result) => result.measured);
  return curveOver(measured, ({ step }) => step, measure);
}

const momenta = [1, 0.3, 0.1, 0.03, 0.01, 0.003, null];

export const momentum = defineExperiment<Settings, Outcome>({
  name: "momentum",
  effort: { seeds: 3, steps: 500 },

  trials: (effort) =>
    momenta.flatMap((momentum) =>
      seedsOf(effort).map((seed) => ({ momentum, lr: 0.1, seed, steps: effort.steps, batchSize: 64 })),
    ),

  run(trial, { train: digits, test }) {
    manualSeed(trial.seed);
    const model = network({ depth: 2, width: 64, batchNorm: "before", momentum: trial.momentum });
    const measured: Measurement[] = [];
    train(model, digits, trial, (step) => {
      if (![1, 3, 10, 30, 100, 300, trial.steps].includes(step)) return;
      const error = errorOfRunningMean(model, digits);
      measured.push({ step, errorOfRunningMean: error, evalAccuracy: accuracy(model.eval(), test) });
      model.train();
    });
    return { measured };
  },

  verdict(results, { momentum: texts }) {
    const steps = results[0].measured.map(({ step }) => step);
    const errorAt = (momentum: number | null, step: number) => {
      const errors = overSteps(results, momentum, (m) => m.errorOfRunningMean);
      return { momentum, x: step, median: errors.find(({ x }) => x === step)?.median ?? Number.NaN };
    };
    const bestAt = (step: number) =>
      momenta.map((momentum) => errorAt(momentum, step)).reduce((a, b) => (b.median < a.median ? b : a));
    const named = ({ momentum, median }: ReturnType<typeof bestAt>) => texts.named(momentum, median);
    const [early, late] = [bestAt(10), bestAt(steps[steps.length - 1])];
    const usual = errorAt(0.1, late.x);
    return (
      texts.nearest(early.x, named(early), late.x, named(late)) +
      texts.usual(named(usual), usual.median > 2 * late.median)
    );
  },

  figure: (results) => {
    const shown = [1, 0.3, 0.1, 0.01, null];
    const colors = [COLORS.plain, COLORS.fifth, COLORS.batchNorm, COLORS.third, COLORS.fourth];
    const curves = (measure: (m: Measurement) => number) =>
      shown.map((value, i) => ({ label: nameOf(value), color: colors[i], points: overSteps(results, value, measure) }));
    return {
      title: "Running averages against the true statistics",
      panels: [
        {
          title: "Error of the running mean",
          x: { label: "Step", log: true },
          y: { label: "Standard deviations", log: true },
          curves: curves((m) => m.errorOfRunningMean),
        },
        {
          title: "Test digits read in eval mode",
          x: { label: "Step", log: true },
          y: { label: "Share of test digits read" },
          curves: curves((m) => m.evalAccuracy),
        },
      ],
    };
  },
});
