/** What the example measures, and how it is printed and kept. */
import { join } from "node:path";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";
import type { Settings } from "./settings.ts";

/** One network's training. */
export interface Training {
  /** The losses of the first 20 steps. */
  firstStepLosses: number[];
  /** The mean loss over the batches of each epoch. */
  epochLosses: number[];
  secondsPerEpoch: number[];
}

/** One network on one set of images. */
export interface Evaluation {
  /** The mean loss over the images. */
  loss: number;
  /** For each class, how many were recognised, out of how many. */
  correct: number[];
  total: number[];
  /** How many were recognised in all. */
  overall: number;
}

/** Everything a run measured; an interrupted run has only the first parts. */
export interface Metrics {
  config: Settings;
  /** Ctrl-C, or another signal, ended the run early. */
  interrupted?: true;
  training: { batchNorm?: Training; plain?: Training };
  evaluation: {
    trainSet: { batchNormTrainMode?: Evaluation; batchNormEvalMode?: Evaluation; plainEvalMode?: Evaluation };
    testSet: { batchNormEvalMode?: Evaluation; plainEvalMode?: Evaluation };
  };
}

/** `97% (5775/5923)`; a percentage is cut, not rounded, so that 100% is all of them. */
function share(correct: number, total: number): string {
  return total === 0 ? "N/A (no examples)" : `${Math.floor((100 * correct) / total)}% (${correct}/${total})`;
}

export function evaluationText({ loss, correct, total, overall }: Evaluation, classes: readonly string[]): string {
  const lines = classes.map((name, c) => `Test Accuracy of ${name.padStart(5)}: ${share(correct[c], total[c])}`);
  const examples = total.reduce((sum, count) => sum + count, 0);
  return [
    `Test Loss: ${loss.toFixed(6)}`,
    "",
    ...lines,
    "",
    `Test Accuracy (Overall): ${share(overall, examples)}`,
  ].join("\n");
}

/** Writes metrics.json and, once an epoch is over, training-losses.png. Returns the paths. */
export async function writeReport(metrics: Metrics): Promise<string[]> {
  const { out } = metrics.config;
  const { batchNorm, plain } = metrics.training;
  const metricsPath = join(out, "metrics.json");
  writeFileAtomically(metricsPath, `${JSON.stringify(metrics, null, 2)}\n`);
  if (!batchNorm?.epochLosses.length) return [metricsPath];
  const chartPath = join(out, "training-losses.png");
  const dataset = metrics.config.dataset === "mnist" ? "MNIST" : "Fashion-MNIST";
  const { chartSvg, COLORS } = await import("./chart.ts"); // only now: training needs the memory
  const { renderPng } = await import("./render-png.ts");
  const curve = (label: string, color: string, losses: readonly number[] = []) => ({
    label,
    color,
    points: losses.map((loss, i) => ({ x: i + 1, median: loss, low: loss, high: loss })),
  });
  const svg = chartSvg({
    title: `${dataset} training loss with and without batch normalization`,
    panels: [
      {
        x: { label: "Epoch" },
        y: { label: "Mean cross-entropy loss" },
        curves: [
          curve("with batch normalization", COLORS.batchNorm, batchNorm.epochLosses),
          curve("without batch normalization", COLORS.plain, plain?.epochLosses),
        ],
      },
    ],
  });
  writeFileAtomically(chartPath, await renderPng(svg));
  return [chartPath, metricsPath];
}
