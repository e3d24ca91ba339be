/** The example's command line. */
import { parseArgs } from "node:util";
import { makeFolder, oneOf, positive, refuseArguments, share, wholeNumber } from "./flags.ts";
import { type Language, languages } from "./language.ts";
import { texts } from "./texts.ts";

export interface Settings {
  network: "mlp" | "cnn";
  dataset: "mnist" | "fashion-mnist";
  epochs: number;
  lr: number;
  momentum: number;
  batchSize: number;
  hidden: number;
  seed: number;
  /** Train on the first so many images only; null for all. */
  trainLimit: number | null;
  /** Where the dataset's files are looked for. */
  data: string;
  /** Where the chart and the metrics go. */
  out: string;
  language: Language;
}

/** What is not the same for both networks. */
const defaults = {
  mlp: { epochs: "10", momentum: "0", hidden: "256", out: "runs/mnist-batchnorm" },
  cnn: { epochs: "3", momentum: "0.9", hidden: "32", out: "runs/mnist-cnn" },
};

/** The settings that `args` ask for. Ends the program after --help, and with exit code 2 for arguments that make no sense. */
export function parseSettings(args: string[]): Settings {
  try {
    const { values } = parseArgs({
      args,
      options: {
        network: { type: "string", default: "mlp" },
        epochs: { type: "string" },
        lr: { type: "string", default: "0.01" },
        momentum: { type: "string" },
        "batch-size": { type: "string", default: "64" },
        hidden: { type: "string" },
        seed: { type: "string", default: "0" },
        dataset: { type: "string", default: "mnist" },
        data: { type: "string", default: "data" },
        "train-limit": { type: "string" },
        out: { type: "string" },
        language: { type: "string", default: "en" },
        help: { type: "boolean", default: false },
      },
    });
    const language = oneOf(languages, "--language", values.language);
    if (values.help) {
      process.stdout.write(`${texts[language].usage}\n\n${texts[language].help}`);
      process.exit(0);
    }
    const limit = values["train-limit"];
    const network = oneOf(["mlp", "cnn"], "--network", values.network);
    const { epochs, momentum, hidden, out } = { ...defaults[network], ...values };
    return {
      network,
      dataset: oneOf(["mnist", "fashion-mnist"], "--dataset", values.dataset),
      epochs: wholeNumber("--epochs", epochs, 1),
      lr: positive("--lr", values.lr),
      momentum: share("--momentum", momentum),
      batchSize: wholeNumber("--batch-size", values["batch-size"], 2),
      hidden: wholeNumber("--hidden", hidden, 1),
      seed: wholeNumber("--seed", values.seed, 0),
      trainLimit: limit === undefined ? null : wholeNumber("--train-limit", limit, 2),
      data: values.data,
      out,
      language,
    };
  } catch (error) {
    refuse((error as Error).message);
  }
}

/** Makes the folder for the results, or refuses: better now than when all is trained. */
export function prepareFolder(out: string): void {
  try {
    makeFolder("--out", out);
  } catch (error) {
    refuse((error as Error).message);
  }
}

/** Ends the program: what is wrong with the arguments, the usage line, exit code 2. */
export function refuse(problem: string): never {
  refuseArguments(problem, texts.en.usage);
}
