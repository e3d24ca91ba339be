/**
 * Runs one experiment on batch norm, or all: each writes a chart and all its numbers, and prints what they say.
 *
 *   npm run experiments                     all seven, some minutes
 *   npm run experiment:learning-rate        one; also initialization, depth, batch-size, momentum, activations, placement
 *   npm run experiment:depth -- --seeds 5   over more seeds
 */
import { join } from "node:path";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";
import { readArguments } from "../support/arguments.ts";
import { chartSvg } from "../support/chart.ts";
import { makeFolder, oneOf, wholeNumber } from "../support/flags.ts";
import { Interrupt, Interrupted } from "../support/interrupt.ts";
import { Progress } from "../support/progress.ts";
import { renderPng } from "../support/render-png.ts";
import { all } from "./all.ts";
import { type Data, loadData } from "./support/digits.ts";
import type { Effort, Experiment } from "./support/experiment.ts";
import { say, texts } from "./texts.ts";

const names = all.map(({ name }) => name);
const interrupt = new Interrupt();

interface Settings {
  readonly chosen: readonly Experiment[];
  /** What is not as the experiment has it. */
  readonly effort: Partial<Effort>;
  readonly out: string;
}

function parseSettings(): Settings {
  const { questions, command } = say;
  const list = all.map(
    ({ name, effort }) => `  ${name.padEnd(15)} ${questions[name]} ${command.effort(effort.seeds, effort.steps)}`,
  );
  const help = `${list.join("\n")}\n\n${command.help}`;
  const options = ["seeds", "steps", "out"] as const;
  return readArguments({ usage: command.usage, help, options, allowPositionals: true }, (given, positionals) => {
    const { seeds, steps, out = "runs/experiments" } = given;
    const wanted = positionals.map((text) => oneOf(names, command.experiment, text));
    const settings = {
      chosen: all.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
      effort: {
        ...(seeds === undefined ? {} : { seeds: wholeNumber("--seeds", seeds, 1) }),
        ...(steps === undefined ? {} : { steps: wholeNumber("--steps", steps, 10) }),
      },
      out,
    };
    makeFolder("--out", out);
    return settings;
  });
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
  const { name } = experiment;
  console.log(`${say.questions[name]}\n${trials.verdict(say)}`);
  const [chart, numbers] = [join(out, `${name}.png`), join(out, `${name}.json`)];
  writeFileAtomically(chart, await renderPng(chartSvg(trials.figure())));
  const question = texts.en.questions[name];
  const contents = { name, question, ...settings, verdict: trials.verdict(texts.en), results: trials.results };
  writeFileAtomically(numbers, `${JSON.stringify(contents, null, 1)}\n`);
  console.log(`${say.command.wrote(chart, numbers)}\n`);
}

const settings = parseSettings();
try {
  const data = await loadData();
  for (const [i, experiment] of settings.chosen.entries()) {
    await run(experiment, data, settings, `${experiment.name} (${i + 1}/${settings.chosen.length})`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.log(`\n${say.command.interrupted}`);
}
