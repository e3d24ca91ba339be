/** The command line of mnist-batchnorm.ts. */
import { say } from "../texts/mnist-batchnorm.ts";
import { readArguments, refuseArguments } from "./arguments.ts";
import { makeFolder, oneOf, positive, share, wholeNumber } from "./flags.ts";

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
}

/** What is not the same for both networks. */
const defaults = {
  mlp: { epochs: "10", momentum: "0", hidden: "256", out: "runs/mnist-batchnorm" },
  cnn: { epochs: "3", momentum: "0.9", hidden: "32", out: "runs/mnist-cnn" },
};

const flags = [
  "network",
  "dataset",
  "epochs",
  "lr",
  "momentum",
  "batch-size",
  "hidden",
  "seed",
  "data",
  "train-limit",
  "out",
] as const;

/** The settings that the arguments ask for. Ends the program after --help, and with exit code 2 for what makes no sense. */
export function parseSettings(): Settings {
  return readArguments({ ...say, options: flags }, (given) => {
    const { "train-limit": limit, "batch-size": batchSize = "64", seed = "0", lr = "0.01", data = "data" } = given;
    const network = oneOf(["mlp", "cnn"], "--network", given.network ?? "mlp");
    const { epochs, momentum, hidden, out } = { ...defaults[network], ...given };
    return {
      network,
      dataset: oneOf(["mnist", "fashion-mnist"], "--dataset", given.dataset ?? "mnist"),
      epochs: wholeNumber("--epochs", epochs, 1),
      lr: positive("--lr", lr),
      momentum: share("--momentum", momentum),
      batchSize: wholeNumber("--batch-size", batchSize, 2),
      hidden: wholeNumber("--hidden", hidden, 1),
      seed: wholeNumber("--seed", seed, 0),
      trainLimit: limit === undefined ? null : wholeNumber("--train-limit", limit, 2),
      data,
      out,
    };
  });
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
  refuseArguments(problem, say.usage);
}
