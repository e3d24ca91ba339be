/**
 * Batch norm before the activation, or after it?
 *
 * The paper puts it before. The same network, with batch norm before each ReLU, after it, or nowhere, at five learning rates and
 * over more seeds than elsewhere, since the difference is small if there is one.
 */
import { manualSeed } from "lucidgrad";
import { COLORS } from "../support/chart.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network, type Placement } from "./support/network.ts";
import { curveOver } from "./support/statistics.ts";
import { type Trained, trainAndTest } from "./support/training.ts";

interface Settings extends Trial {
  readonly batchNorm: Placement;
  readonly lr: number;
}

type Result = Settings & Trained;

const placements: readonly { readonly value: Placement; readonly label: string; readonly color: string }[] = [
  { value: "before", label: "before the ReLU", color: COLORS.batchNorm },
  { value: "after", label: "after it", color: COLORS.third },
  { value: "none", label: "without batch norm", color: COLORS.plain },
];

/** The share of test digits that are misread, at each learning rate. */
const byRate = (results: readonly Result[], placement: Placement) =>
  curveOver(
    results.filter((result) => result.batchNorm === placement),
    ({ lr }) => lr,
    ({ testAccuracy }) => 1 - testAccuracy,
  );

export const placement = defineExperiment<Settings, Trained>({
  name: "placement",
  effort: { seeds: 5, steps: 400 },

  trials: (effort) =>
    placements.flatMap(({ value: batchNorm }) =>
      [0.01, 0.03, 0.1, 0.3, 1].flatMap((lr) =>
        seedsOf(effort).map((seed) => ({ batchNorm, lr, seed, steps: effort.steps, batchSize: 64 })),
      ),
    ),

  run(trial, data) {
    manualSeed(trial.seed);
    const model = network({ depth: 4, width: 100, batchNorm: trial.batchNorm });
    return trainAndTest(model, data, trial);
  },

  verdict(results, { placement: texts }) {
    const [before, after] = (["before", "after"] as const).map((place) => byRate(results, place));
    const best = (all: typeof before) => all.reduce((a, b) => (b.median < a.median ? b : a));
    const [b, a] = [best(before), best(after)];
    const overlap = b.low <= a.high && a.low <= b.high;
    const winner = b.median < a.median ? "before" : "after";
    const rates = before.map(({ x }) => x);
    const ahead = (one: typeof before, other: typeof before) => rates.filter((_, i) => one[i].high < other[i].low);
    return (
      texts.answer(texts.better(overlap ? null : winner), texts.misread(b), texts.misread(a)) +
      texts.ahead(rates, ahead(before, after), ahead(after, before))
    );
  },

  figure: (results) => ({
    title: "Batch norm before or after the activation",
    panels: [
      {
        title: "MNIST, four hidden layers, 400 steps",
        x: { label: "Learning rate", log: true },
        y: { label: "Share of test digits misread", log: true },
        curves: placements.map(({ value, label, color }) => ({ label, color, points: byRate(results, value) })),
      },
    ],
  }),
});
