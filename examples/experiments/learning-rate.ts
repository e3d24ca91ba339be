/**
 * Does batch norm make the learning rate matter less?
 *
 * The same network is trained for a few hundred steps at each of thirteen learning rates from 0.001 to 10: with batch norm,
 * without, and without but with weights that start after He et al., since a good start could do as much. A learning rate is
 * called usable for a network if its final loss is at most twice that of the network's best one, and half that of guessing.
 */
import { manualSeed } from "lucidgrad";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network } from "./support/network.ts";
import { curveOver, logSpaced } from "./support/statistics.ts";
import { type Trained, trainAndTest } from "./support/training.ts";
import { curvesOf, settingsOf, type Variant, variants } from "./support/variants.ts";

interface Settings extends Trial {
  readonly variant: Variant;
  readonly lr: number;
}

type Result = Settings & Trained;

/** For one network: the final loss at each learning rate, over the seeds. */
const lossesOf = (results: readonly Result[], variant: Variant) =>
  curveOver(
    results.filter((result) => result.variant === variant),
    ({ lr }) => lr,
    ({ loss }) => loss ?? Number.NaN,
  );

/** The best learning rate of a network, and the least and greatest usable one. */
export function usableRange(results: readonly Result[], variant: Variant) {
  const losses = lossesOf(results, variant);
  const best = losses.reduce((a, b) => (b.median < a.median ? b : a));
  const limit = Math.min(2 * best.median, Math.log(10) / 2);
  const usable = losses.filter(({ median }) => median <= limit).map(({ x }) => x);
  const [from, to] = [usable[0] ?? best.x, usable[usable.length - 1] ?? best.x];
  return { from, to, factor: usable.length > 0 ? to / from : 0, lr: best.x, loss: best.median };
}

export const learningRate = defineExperiment<Settings, Trained>({
  name: "learning-rate",
  effort: { seeds: 3, steps: 300 },

  trials: (effort) =>
    variants.flatMap((variant) =>
      logSpaced(0.001, 10, 13).flatMap((lr) =>
        seedsOf(effort).map((seed) => ({ variant, lr, seed, steps: effort.steps, batchSize: 64 })),
      ),
    ),

  run(trial, data) {
    manualSeed(trial.seed);
    const model = network({ depth: 3, width: 100, ...settingsOf(trial.variant) });
    return trainAndTest(model, data, trial);
  },

  verdict(results, { learningRate: texts }) {
    const [normalized, ...others] = variants.map((variant) => ({ variant, ...usableRange(results, variant) }));
    const wider = others.every(({ factor }) => normalized.factor > 3 * factor);
    const usable = [normalized, ...others].map((range) => texts.usable(range.variant, range, range.loss, range.lr));
    return texts.answer(wider, usable);
  },

  figure: (results) => ({
    title: "Final training loss over the learning rate",
    panels: [
      {
        title: "MNIST, three hidden layers, 300 steps",
        x: { label: "Learning rate", log: true },
        y: { label: "Final training loss", max: 2.5 },
        curves: curvesOf((variant) => lossesOf(results, variant)),
      },
    ],
  }),
});
