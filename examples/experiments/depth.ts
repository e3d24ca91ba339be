/**
 * Does batch norm let deeper networks learn?
 *
 * Networks of 2 to 20 hidden layers, each with the best of five learning rates: with batch norm, without, and without but with
 * weights that start after He et al. 2015, who made them for deep networks of ReLUs.
 */
import { manualSeed } from "lucidgrad";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network } from "./support/network.ts";
import { curveOver, groupBy, type Summary } from "./support/statistics.ts";
import { type Trained, trainAndTest } from "./support/training.ts";
import { curvesOf, settingsOf, type Variant, variants } from "./support/variants.ts";

interface Settings extends Trial {
  readonly variant: Variant;
  readonly depth: number;
  readonly lr: number;
}

type Result = Settings & Trained;

/** For each depth the accuracies at the learning rate with the best median. */
export function bestByDepth(results: readonly Result[], variant: Variant): (Summary & { x: number; lr: number })[] {
  const own = results.filter((result) => result.variant === variant);
  return [...groupBy(own, ({ depth }) => depth)].map(([depth, group]) => {
    const byRate = curveOver(
      group,
      ({ lr }) => lr,
      ({ testAccuracy }) => testAccuracy,
    );
    const { x: lr, ...summary } = byRate.reduce((a, b) => (b.median > a.median ? b : a));
    return { x: depth, lr, ...summary };
  });
}

const depths = [2, 4, 8, 12, 16, 20];

export const depth = defineExperiment<Settings, Trained>({
  name: "depth",
  effort: { seeds: 3, steps: 300 },

  trials: (effort) =>
    variants.flatMap((variant) =>
      depths.flatMap((depth) =>
        [0.01, 0.025, 0.05, 0.1, 0.25].flatMap((lr) =>
          seedsOf(effort).map((seed) => ({ variant, depth, lr, seed, steps: effort.steps, batchSize: 64 })),
        ),
      ),
    ),

  run(trial, data) {
    manualSeed(trial.seed);
    const model = network({ depth: trial.depth, width: 64, ...settingsOf(trial.variant) });
    return trainAndTest(model, data, trial);
  },

  verdict(results, { depth: texts }) {
    const [normalized, plain, he] = variants.map((variant) => bestByDepth(results, variant));
    const last = normalized.length - 1;
    const across = (all: typeof plain) => texts.across(all[0], all[last]);
    const gain = normalized[last].median - plain[last].median;
    const byStart = he[last].median - plain[last].median;
    return (
      texts.answer(gain > 0.05, across(normalized), across(plain)) +
      texts.byStart(he[last], gain > 0 ? byStart / gain : 0)
    );
  },

  figure: (results) => ({
    title: "What is learned over the depth of the network",
    panels: [
      {
        title: "MNIST, 300 steps, the best of five learning rates",
        x: { label: "Hidden layers" },
        y: { label: "Share of test digits read" },
        curves: curvesOf((variant) => bestByDepth(results, variant)),
      },
    ],
  }),
});
