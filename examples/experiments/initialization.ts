/**
 * Does batch norm make the initial weights matter less?
 *
 * All weights of a network start as normal random numbers with one standard deviation, from much too small to much too large.
 * The forward pass of a batch norm undoes the scale. But a gradient is as much smaller as the weights are larger, so the scale
 * still decides how fast they turn.
 */
import { manualSeed, nn } from "lucidgrad";
import { COLORS } from "../support/chart.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { linearLayers, network } from "./support/network.ts";
import { curveOver, logSpaced } from "./support/statistics.ts";
import { type Trained, trainAndTest } from "./support/training.ts";

interface Settings extends Trial {
  readonly batchNorm: "before" | "none";
  /** The standard deviation of the initial weights. */
  readonly std: number;
  readonly lr: number;
}

type Result = Settings & Trained;

/** What a network that learned has at least; guessing has 0.1. */
const LEARNED = 0.8;

const accuraciesOf = (results: readonly Result[], batchNorm: Settings["batchNorm"]) =>
  curveOver(
    results.filter((result) => result.batchNorm === batchNorm),
    ({ std }) => std,
    ({ testAccuracy }) => testAccuracy,
  );

/** The least and the greatest scale from which a network learned. */
export function learningRange(results: readonly Result[], batchNorm: Settings["batchNorm"]) {
  const all = accuraciesOf(results, batchNorm);
  const learned = all.filter(({ median }) => median >= LEARNED).map(({ x }) => x);
  const best = all.reduce((a, b) => (b.median > a.median ? b : a));
  const [from, to] = [learned[0] ?? best.x, learned[learned.length - 1] ?? best.x];
  // The range may go on below the least scale that was tried.
  return { from, to, isOpen: from === all[0].x, factor: learned.length > 0 ? to / from : 0, best };
}

export const initialization = defineExperiment<Settings, Trained>({
  name: "initialization",
  effort: { seeds: 3, steps: 300 },

  trials: (effort) =>
    (["before", "none"] as const).flatMap((batchNorm) =>
      logSpaced(0.0001, 10, 11).flatMap((std) =>
        seedsOf(effort).map((seed) => ({ batchNorm, std, lr: 0.1, seed, steps: effort.steps, batchSize: 64 })),
      ),
    ),

  run(trial, data) {
    manualSeed(trial.seed);
    const model = network({ depth: 3, width: 100, batchNorm: trial.batchNorm });
    for (const { weight } of linearLayers(model)) nn.init.normal_(weight, 0, trial.std);
    return trainAndTest(model, data, trial);
  },

  verdict(results, { initialization: texts }) {
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) => learningRange(results, batchNorm));
    const scales = (range: typeof plain) => texts.scales(range, range.isOpen, range.best.median);
    return texts.answer(normalized.factor > 3 * plain.factor, LEARNED, scales(normalized), scales(plain));
  },

  figure: (results) => ({
    title: "What is learned over the scale of the initial weights",
    panels: [
      {
        title: "MNIST, three hidden layers, 300 steps at a learning rate of 0.1",
        x: { label: "Standard deviation of the initial weights", log: true },
        y: { label: "Share of test digits read" },
        curves: [
          { label: "with batch norm", color: COLORS.batchNorm, points: accuraciesOf(results, "before") },
          { label: "without", color: COLORS.plain, points: accuraciesOf(results, "none") },
        ],
      },
    ],
  }),
});
