/** What the example measures, and how it is printed and kept. */
import { join } from "node:path";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";
import type { Texts } from "../texts/mnist-batchnorm.ts";
import { tableText } from "./columns.ts";
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

/** `97.82 % (9782/10000)`; a percentage is cut, not rounded, so that 100 % is all of them. */
function share(correct: number, total: number, texts: Texts): string {
  return total === 0
    ? texts.none
    : `${(Math.floor((10_000 * correct) / total) / 100).toFixed(2)} % (${correct}/${total})`;
}

/** What the networks make of one set of images, beside each other, by the names of the columns. */
export function evaluationTable(
  columns: Readonly<Record<string, Evaluation>>,
  classes: readonly string[],
  texts: Texts,
): string {
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const row = (name: string, cell: (evaluation: Evaluation) => string) => [name, ...Object.values(columns).map(cell)];
  return tableText([
    [texts.batchNorm, ...Object.keys(columns)],
    row(texts.loss, ({ loss }) => (Number.isFinite(loss) ? loss.toFixed(6) : texts.diverged)),
    row(texts.all, ({ overall, total }) => share(overall, sum(total), texts)),
    ...classes.map((name, c) => row(`  ${name}`, ({ correct, total }) => share(correct[c], total[c], texts))),
  ]);
}

/** Writes metrics.json and, once an epoch is over, training-losses.png. Returns the paths. */
export async function writeReport(metrics: Metrics): Promise<string[]> {
  const { out } = metrics.config;
  const { batchNorm, plain } = metrics.training;
  const metricsPath = join(out, "metrics.json");
  writeFileAtomically(metricsPath, `${JSON.stringify(metrics, null, 2)}\n`);
  if (!batchNorm?.epochLosses.length) return [metricsPath];
  const chartPath = join(out, "training-losses.png");
  const { chartSvg, COLORS } = await import("./chart.ts"); // only now: training needs the memory
  const { renderPng } = await import("./render-png.ts");
  const curve = (label: string, color: string, losses: readonly number[] = []) => ({
    label,
    color,
    points: losses.map((loss, i) => ({ x: i + 1, median: loss, low: loss, high: loss })),
  });
  const svg = chartSvg({
    title: `${networkName(metrics.config)}: training loss with and without batch norm`,
    subtitle: [settingsText(metrics.config)],
    panels: [
      {
        x: { label: "Epoch" },
        y: { label: "Mean cross-entropy loss" },
        curves: [
          curve("with batch norm", COLORS.batchNorm, batchNorm.epochLosses),
          curve("without", COLORS.plain, plain?.epochLosses),
        ],
      },
    ],
  });
  writeFileAtomically(chartPath, await renderPng(svg));
  return [chartPath, metricsPath];
}

const networkName = ({ network, dataset }: Settings): string =>
  `${network === "mlp" ? "Fully connected network" : "Convolutional network"} on ${dataset === "mnist" ? "MNIST" : "Fashion-MNIST"}`;

/** What has to be the same for the same curves; charts are in English, since their font has no Chinese. */
function settingsText({ network, hidden, lr, momentum, batchSize, seed, trainLimit }: Settings): string {
  const layers =
    network === "mlp" ? `784 → ${hidden} → ${hidden} → 10` : `${Math.ceil(hidden / 2)} and ${hidden} channels`;
  const descent = `SGD at ${lr}${momentum > 0 ? ` with momentum ${momentum}` : ""}`;
  const images = trainLimit === null ? "" : `, ${trainLimit} images`;
  return `${layers}, ${descent}, batches of ${batchSize}, seed ${seed}${images}`;
}
