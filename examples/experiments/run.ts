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
import { type Language, languages } from "../support/language.ts";
import { Progress } from "../support/progress.ts";
import { renderPng } from "../support/render-png.ts";
import { all } from "./all.ts";
import { type Data, loadData } from "./support/digits.ts";
import type { Effort, Experiment } from "./support/experiment.ts";
import { texts } from "./texts.ts";

const names = all.map(({ name }) => name);
const interrupt = new Interrupt();

interface Settings {
  readonly chosen: readonly Experiment[];
  /** What is not as the experiment has it. */
  readonly effort: Partial<Effort>;
  readonly out: string;
  readonly language: Language;
}

function parseSettings(): Settings {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: "string" },
        steps: { type: "string" },
        out: { type: "string", default: "runs/experiments" },
        language: { type: "string", default: "en" },
        help: { type: "boolean", default: false },
      },
    });
    const language = oneOf(languages, "--language", values.language);
    if (values.help) {
      const { questions, command } = texts[language];
      const list = all.map(
        ({ name, effort }) => `  ${name.padEnd(15)} ${questions[name]} ${command.effort(effort.seeds, effort.steps)}`,
      );
      console.log(`${command.usage}\n\n${list.join("\n")}\n\n${command.help}`);
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
      language,
    };
    makeFolder("--out", settings.out);
    return settings;
  } catch (error) {
    return refuseArguments((error as Error).message, texts.en.command.usage);
  }
}

/** Runs all trainings of an experiment, prints the verdict, and writes NAME.png and NAME.json. */
async function run(
  experiment: Experiment,
  data: Data,
  { effort, out, language }: Settings,
  label: string,
): Promise<void> {
  const settings = { ...experiment.effort, ...effort };
  const trials = experiment.begin(settings);
  const progress = new Progress(label, trials.samples, { language });
  let samples = 0;
  for (let seen = trials.next(data); seen !== null; seen = trials.next(data)) {
    samples += seen;
    progress.update(samples);
    await interrupt.check();
  }
  progress.clear();
  const { name } = experiment;
  const verdictIn = (one: Language) => trials.verdict(texts[one]);
  console.log(`${texts[language].questions[name]}\n${verdictIn(language)}`);
  const [chart, numbers] = [join(out, `${name}.png`), join(out, `${name}.json`)];
  writeFileAtomically(chart, await renderPng(chartSvg(trials.figure())));
  const question = texts.en.questions[name];
  const contents = { name, question, ...settings, verdict: verdictIn("en"), results: trials.results };
  writeFileAtomically(numbers, `${JSON.stringify(contents, null, 1)}\n`);
  console.log(`${texts[language].command.wrote(chart, numbers)}\n`);
}

const settings = parseSettings();
try {
  const data = await loadData();
  for (const [i, experiment] of settings.chosen.entries()) {
    await run(experiment, data, settings, `${experiment.name} (${i + 1}/${settings.chosen.length})`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.log(`\n${texts[settings.language].command.interrupted}`);
}
