/**
 * What does batch norm do to the numbers inside?
 *
 * In a network of eight hidden layers, what enters each ReLU is looked at before training, soon after, and at the end: its mean,
 * its spread, how many units are dead (no digit of a thousand makes them positive), and how large the gradient of each layer's
 * weights is.
 */
import { manualSeed, nn, type Tensor } from "lucidgrad";
import { COLORS } from "../support/chart.ts";
import type { Digits } from "./support/digits.ts";
import { defineExperiment, seedsOf, type Trial } from "./support/experiment.ts";
import { linearLayers, network } from "./support/network.ts";
import { curveOver, summarize } from "./support/statistics.ts";
import { accuracy, train } from "./support/training.ts";

interface Settings extends Trial {
  readonly batchNorm: "before" | "none";
  readonly lr: number;
}

/** One layer at one moment. */
interface LayerState {
  readonly step: number;
  /** From 1. */
  readonly layer: number;
  readonly mean: number;
  readonly spread: number;
  readonly deadUnits: number;
  readonly gradientNorm: number;
}

interface Outcome {
  readonly layers: readonly LayerState[];
  readonly testAccuracy: number;
}

type Result = Settings & Outcome;

/** Every layer on a thousand digits, in train mode. */
function observe(model: nn.Sequential, { images, labels }: Digits, step: number): LayerState[] {
  const entering: Tensor[] = [];
  const relus = [...model].filter((layer) => layer instanceof nn.ReLU);
  const hooks = relus.map((relu) => relu.registerForwardPreHook((_, [x]) => void entering.push(x.detach())));
  const running = Object.entries(model.stateDict()).map(([name, value]) => [name, value.clone()] as const);
  model.zeroGrad();
  nn.functional.crossEntropy(model.forward(images.narrow(0, 0, 1000)), labels.narrow(0, 0, 1000)).backward();
  model.loadStateDict(Object.fromEntries(running)); // looking must not move the running averages
  for (const hook of hooks) hook.remove();
  const weights = linearLayers(model).map(({ weight }) => weight);
  return entering.map((x, i) => {
    const mean = x.mean();
    return {
      step,
      layer: i + 1,
      mean: mean.item(),
      spread: x.sub(mean).pow(2).mean().sqrt().item(),
      deadUnits: x.gt(0).any(0).logicalNot().sum().item() / x.shape[1],
      gradientNorm: weights[i].grad?.norm().item() ?? 0,
    };
  });
}

/** A measure over the layers, at one step of the training. */
function overLayers(results: readonly Result[], batchNorm: string, step: number, measure: (s: LayerState) => number) {
  const own = results.filter((result) => result.batchNorm === batchNorm).flatMap(({ layers }) => layers);
  return curveOver(
    own.filter((state) => state.step === step),
    ({ layer }) => layer,
    measure,
  );
}

export const activations = defineExperiment<Settings, Outcome>({
  name: "activations",
  effort: { seeds: 3, steps: 300 },

  trials: (effort) =>
    (["before", "none"] as const).flatMap((batchNorm) =>
      seedsOf(effort).map((seed) => ({ batchNorm, lr: 0.1, seed, steps: effort.steps, batchSize: 64 })),
    ),

  run(trial, { train: digits, test }) {
    manualSeed(trial.seed);
    const model = network({ depth: 8, width: 100, batchNorm: trial.batchNorm });
    const layers = observe(model, digits, 0);
    train(model, digits, trial, (step) => {
      if (step === Math.ceil(trial.steps / 10) || step === trial.steps) layers.push(...observe(model, digits, step));
    });
    return { layers, testAccuracy: accuracy(model.eval(), test) };
  },

  verdict(results, { activations: texts }) {
    const last = Math.max(...results.flatMap(({ layers }) => layers.map(({ step }) => step)));
    const text = (batchNorm: Settings["batchNorm"]) => {
      const spread = overLayers(results, batchNorm, 0, (s) => s.spread).map(({ median }) => median);
      const [gradient] = overLayers(results, batchNorm, 0, (s) => s.gradientNorm);
      const dead = (step: number) =>
        Math.max(...overLayers(results, batchNorm, step, (s) => s.deadUnits).map(({ median }) => median));
      const own = results.filter((result) => result.batchNorm === batchNorm);
      const read = summarize(own.map(({ testAccuracy }) => testAccuracy)).median;
      return (
        texts.layers([spread[0], spread[spread.length - 1]], gradient.median) +
        texts.dead(dead(0), dead(last), last, read)
      );
    };
    return texts.withBatchNorm + text("before") + texts.without + text("none");
  },

  figure(results) {
    const steps = [...new Set(results.flatMap(({ layers }) => layers.map(({ step }) => step)))];
    const shown = [steps[0], steps[steps.length - 1]];
    const curves = (measure: (s: LayerState) => number) =>
      (["before", "none"] as const).flatMap((batchNorm) =>
        shown.map((step) => ({
          label: `${batchNorm === "before" ? "with batch norm" : "without"}, step ${step}`,
          color: batchNorm === "before" ? COLORS.batchNorm : COLORS.plain,
          dashed: step === 0,
          points: overLayers(results, batchNorm, step, measure),
        })),
      );
    const x = { label: "Hidden layer" };
    return {
      title: "What enters the ReLU of each layer, and the gradient of its weights",
      panels: [
        { title: "Mean", x, y: { label: "Mean" }, curves: curves((s) => s.mean) },
        { title: "Spread", x, y: { label: "Standard deviation", log: true }, curves: curves((s) => s.spread) },
        { title: "Gradient", x, y: { label: "Norm", log: true }, curves: curves((s) => s.gradientNorm) },
        { title: "Dead units", x, y: { label: "Share of units" }, curves: curves((s) => s.deadUnits) },
      ],
    };
  },
});
