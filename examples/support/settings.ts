/** The example's command line. */
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";

export interface Settings {
  dataset: "mnist" | "fashion-mnist";
  epochs: number;
  lr: number;
  batchSize: number;
  hidden: number;
  seed: number;
  /** Train on the first so many images only; null for all. */
  trainLimit: number | null;
  /** Where the dataset's files are looked for. */
  data: string;
  /** Where the chart and the metrics go. */
  out: string;
}

const usage =
  "usage: npm run example -- [--epochs N] [--lr X] [--batch-size N] [--hidden N] [--seed N] " +
  "[--dataset mnist|fashion-mnist] [--data DIR] [--train-limit N] [--out DIR] [--help]";

const help = `${usage}

Trains one network with and without batch normalization, and compares them.

  --epochs N         passes over the training images (10)
  --lr X             learning rate of SGD (0.01)
  --batch-size N     images a step, at least 2 (64)
  --hidden N         width of the two hidden layers (256)
  --seed N           of the initial weights (0)
  --dataset NAME     mnist or fashion-mnist (mnist)
  --data DIR         folder with the dataset's files, as torchvision lays them out; downloaded to it if missing (data)
  --train-limit N    train on the first N images only (all)
  --out DIR          folder for training-losses.png and metrics.json (runs/mnist-batchnorm)
  --help             this text
`;

/** The settings that `args` ask for. Ends the program after --help, and with exit code 2 for arguments that make no sense. */
export function parseSettings(args: string[]): Settings {
  try {
    const { values } = parseArgs({
      args,
      options: {
        epochs: { type: "string", default: "10" },
        lr: { type: "string", default: "0.01" },
        "batch-size": { type: "string", default: "64" },
        hidden: { type: "string", default: "256" },
        seed: { type: "string", default: "0" },
        dataset: { type: "string", default: "mnist" },
        data: { type: "string", default: "data" },
        "train-limit": { type: "string" },
        out: { type: "string", default: "runs/mnist-batchnorm" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    const limit = values["train-limit"];
    return {
      dataset: oneOf(["mnist", "fashion-mnist"], "--dataset", values.dataset),
      epochs: wholeNumber("--epochs", values.epochs, 1),
      lr: positive("--lr", values.lr),
      batchSize: wholeNumber("--batch-size", values["batch-size"], 2),
      hidden: wholeNumber("--hidden", values.hidden, 1),
      seed: wholeNumber("--seed", values.seed, 0),
      trainLimit: limit === undefined ? null : wholeNumber("--train-limit", limit, 2),
      data: values.data,
      out: values.out,
    };
  } catch (error) {
    refuse((error as Error).message);
  }
}

/** Makes the folder for the results, or refuses: better now than when all is trained. */
export function prepareFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    refuse(`--out must be a folder that can be written to, but is '${out}' (${(error as Error).message})`);
  }
}

/** Ends the program: what is wrong with the arguments, the usage line, exit code 2. */
export function refuse(problem: string): never {
  process.stderr.write(`${problem}\n${usage}\n`);
  process.exit(2);
}

function oneOf<T extends string>(choices: readonly T[], flag: string, text: string): T {
  const choice = choices.find((name) => name === text);
  if (choice === undefined) throw new Error(`${flag} must be ${choices.join(" or ")}, but is '${text}'`);
  return choice;
}

function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`${flag} must be a whole number of at least ${least}, but is '${text}'`);
  }
  return value;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < Infinity)) {
    throw new Error(`${flag} must be a number above 0, but is '${text}'`);
  }
  return value;
}
