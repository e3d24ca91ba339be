/**
 * Does batch norm make the learning rate matter less?
 *
 * The same network is trained for a few hundred steps at each of thirteen learning rates from 0.001 to 10: with batch norm,
 * without, and without but with weights that start after He et al., since a good start could do as much. A learning rate is
 * called usable for a network if its final loss is at most twice that of the network's best one, and half that of guessing.
 */
import { manualSeed } from "../../src/index.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { network } from "./support/network.ts";
import { groupBy, logSpaced, summarize } from "./support/statistics.ts";
import { accuracy, finalLoss, train } from "./support/training.ts";
import { curvesOf, settingsOf, type Variant, variants } from "./support/variants.ts";

interface Settings extends Trial {
  readonly variant: Variant;
  readonly lr: number;
}

interface Outcome {
  /** Null if training diverged. */
  readonly loss: number | null;
  readonly testAccuracy: number;
}

type Result = Settings & Outcome;

/** For one network: the final loss at each learning rate, over the seeds. */
function lossesOf(results: readonly Result[], variant: Variant) {
  const own = results.filter((result) => result.variant === variant);
  return [...groupBy(own, ({ lr }) => lr)].map(([lr, group]) => ({
    x: lr,
    ...summarize(group.map(({ loss }) => loss ?? Number.NaN)),
  }));
}

/** The best learning rate of a network, and the least and greatest usable one. */
export function usableRange(results: readonly Result[], variant: Variant) {
  const losses = lossesOf(results, variant);
  const best = losses.reduce((a, b) => (b.median < a.median ? b : a));
  const limit = Math.min(2 * best.median, Math.log(10) / 2);
  const usable = losses.filter(({ median }) => median <= limit).map(({ x }) => x);
  const [from, to] = [usable[0] ?? best.x, usable[usable.length - 1] ?? best.x];
  return { from, to, factor: usable.length > 0 ? to / from : 0, lr: best.x, loss: best.median };
}

export const learningRate = defineExperiment<Settings, Outcome>({
  name: "learning-rate",
  question: "Does batch norm make the learning rate matter less?",
  scale: { seeds: 3, steps: 300 },

  trials: (scale) =>
    variants.flatMap((variant) =>
      logSpaced(0.001, 10, 13).flatMap((lr) =>
        seedsOf(scale).map((seed) => ({ variant, lr, seed, steps: scale.steps, batchSize: 64 })),
      ),
    ),

  run(trial, { train: digits, test }) {
    manualSeed(trial.seed);
    const model = network({ depth: 3, width: 100, ...settingsOf(trial.variant) });
    const loss = finalLoss(train(model, digits, trial));
    return { loss: Number.isNaN(loss) ? null : loss, testAccuracy: accuracy(model.eval(), test) };
  },

  verdict(results) {
    const [normalized, ...others] = variants.map((variant) => ({ variant, ...usableRange(results, variant) }));
    const text = ({ variant, from, to, factor, lr, loss }: typeof normalized) =>
      `${variant} ${factor === 0 ? "none" : `${from} to ${to}, a factor of ${Number(factor.toPrecision(2))}`} (best loss ${loss.toFixed(3)}, at ${lr})`;
    const wider = others.every(({ factor }) => normalized.factor > factor);
    return `${wider ? "Yes" : "No"}. Usable learning rates: ${text(normalized)}; ${others.map(text).join("; ")}.`;
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
