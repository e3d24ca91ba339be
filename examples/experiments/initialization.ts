/**
 * Does batch norm make the initial weights matter less?
 *
 * All weights of a network start as normal random numbers with one standard deviation, from much too small to much too large.
 * The forward pass of a batch norm undoes the scale. But a gradient is as much smaller as the weights are larger, so the scale
 * still decides how fast they turn.
 */
import { manualSeed, nn } from "../../src/index.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { COLORS } from "./support/figure.ts";
import { linearLayers, network } from "./support/network.ts";
import { groupBy, logSpaced, summarize } from "./support/statistics.ts";
import { accuracy, finalLoss, train } from "./support/training.ts";

interface Settings extends Trial {
  readonly batchNorm: "before" | "none";
  /** The standard deviation of the initial weights. */
  readonly std: number;
  readonly lr: number;
}

interface Outcome {
  /** Null if training diverged. */
  readonly loss: number | null;
  readonly testAccuracy: number;
}

type Result = Settings & Outcome;

/** What a network that learned has at least; guessing has 0.1. */
const LEARNED = 0.8;

function accuraciesOf(results: readonly Result[], batchNorm: Settings["batchNorm"]) {
  const own = results.filter((result) => result.batchNorm === batchNorm);
  return [...groupBy(own, ({ std }) => std)].map(([std, group]) => ({
    x: std,
    ...summarize(group.map(({ testAccuracy }) => testAccuracy)),
  }));
}

/** The least and the greatest scale from which a network learned. */
export function learningRange(results: readonly Result[], batchNorm: Settings["batchNorm"]) {
  const all = accuraciesOf(results, batchNorm);
  const learned = all.filter(({ median }) => median >= LEARNED).map(({ x }) => x);
  const best = all.reduce((a, b) => (b.median > a.median ? b : a));
  const [from, to] = [learned[0] ?? best.x, learned[learned.length - 1] ?? best.x];
  return { from, to, factor: learned.length > 0 ? to / from : 0, best };
}

export const initialization = defineExperiment<Settings, Outcome>({
  name: "initialization",
  question: "Does batch norm make the initial weights matter less?",
  scale: { seeds: 3, steps: 300 },

  trials: (scale) =>
    (["before", "none"] as const).flatMap((batchNorm) =>
      logSpaced(0.0001, 10, 11).flatMap((std) =>
        seedsOf(scale).map((seed) => ({ batchNorm, std, lr: 0.1, seed, steps: scale.steps, batchSize: 64 })),
      ),
    ),

  run(trial, { train: digits, test }) {
    manualSeed(trial.seed);
    const model = network({ depth: 3, width: 100, batchNorm: trial.batchNorm });
    for (const { weight } of linearLayers(model)) nn.init.normal_(weight, 0, trial.std);
    const loss = finalLoss(train(model, digits, trial));
    return { loss: Number.isNaN(loss) ? null : loss, testAccuracy: accuracy(model.eval(), test) };
  },

  verdict(results) {
    const [normalized, plain] = (["before", "none"] as const).map((batchNorm) => learningRange(results, batchNorm));
    const text = ({ from, to, factor, best }: typeof plain) =>
      factor === 0
        ? `no scale at all (${percent(best.median)} at most)`
        : `${from} to ${to}, a factor of ${Number(factor.toPrecision(2))} (${percent(best.median)} at best)`;
    return (
      `${normalized.factor > plain.factor ? "Yes" : "No"}. ${percent(LEARNED)} of the test digits are reached from weights of a ` +
      `standard deviation of ${text(normalized)} with batch norm; ${text(plain)} without.`
    );
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

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
