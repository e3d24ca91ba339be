/**
 * Runs one experiment on batch norm, or all: each writes a chart and all its numbers, and prints what they say.
 *
 *   npm run experiments                     all seven, some minutes
 *   npm run experiment:learning-rate        one; also initialization, depth, batch-size, momentum, activations, placement
 *   npm run experiment:depth -- --seeds 5   over more seeds
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";
import { chartSvg } from "../support/chart.ts";
import { makeFolder, oneOf, refuseArguments, wholeNumber } from "../support/flags.ts";
import { Interrupt, Interrupted } from "../support/interrupt.ts";
import { Progress } from "../support/progress.ts";
import { renderPng } from "../support/render-png.ts";
import { all } from "./all.ts";
import { type Data, loadData } from "./support/digits.ts";
import type { Effort, Experiment } from "./support/experiment.ts";

const usage = "usage: npm run experiment:NAME -- [--seeds N] [--steps N] [--out DIR (runs/experiments)] [--help]";
const names = all.map(({ name }) => name);
const interrupt = new Interrupt();

interface Settings {
  readonly chosen: readonly Experiment[];
  /** What is not as the experiment has it. */
  readonly effort: Partial<Effort>;
  readonly out: string;
}

function parseSettings(): Settings {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: "string" },
        steps: { type: "string" },
        out: { type: "string", default: "runs/experiments" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      const list = all.map(
        ({ name, question, effort }) =>
          `  ${name.padEnd(15)} ${question} (${effort.seeds} seeds, ${effort.steps} steps)`,
      );
      console.log(`${usage}\n\n${list.join("\n")}\n\n"npm run experiments" runs them all.`);
      process.exit(0);
    }
    const wanted = positionals.map((text) => oneOf(names, "the experiment", text));
    const settings = {
      chosen: all.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
      effort: {
        ...(values.seeds === undefined ? {} : { seeds: wholeNumber("--seeds", values.seeds, 1) }),
        ...(values.steps === undefined ? {} : { steps: wholeNumber("--steps", values.steps, 10) }),
      },
      out: values.out,
    };
    makeFolder("--out", settings.out);
    return settings;
  } catch (error) {
    return refuseArguments((error as Error).message, usage);
  }
}

/** Runs all trainings of an experiment, prints the verdict, and writes NAME.png and NAME.json. */
async function run(experiment: Experiment, data: Data, { effort, out }: Settings, label: string): Promise<void> {
  const settings = { ...experiment.effort, ...effort };
  const trials = experiment.begin(settings);
  const progress = new Progress(label, trials.samples);
  let samples = 0;
  for (let seen = trials.next(data); seen !== null; seen = trials.next(data)) {
    samples += seen;
    progress.update(samples);
    await interrupt.check();
  }
  progress.clear();
  const verdict = trials.verdict();
  const { name, question } = experiment;
  console.log(`${question}\n${verdict}`);
  const [chart, numbers] = [join(out, `${name}.png`), join(out, `${name}.json`)];
  writeFileAtomically(chart, await renderPng(chartSvg(trials.figure())));
  const contents = { name, question, ...settings, verdict, results: trials.results };
  writeFileAtomically(numbers, `${JSON.stringify(contents, null, 1)}\n`);
  console.log(`Wrote ${chart} and ${numbers}\n`);
}

const settings = parseSettings();
try {
  const data = await loadData();
  for (const [i, experiment] of settings.chosen.entries()) {
    await run(experiment, data, settings, `${experiment.name} (${i + 1}/${settings.chosen.length})`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.log("\nInterrupted: the experiments that were done have been written.");
}
