/**
 * A convolutional network that reads more than 99.3 % of MNIST's test digits after five epochs: batch norm, dropout, Adam, and
 * a learning rate that rises and falls (one cycle). It is saved for classify.ts, and for PyTorch.
 *
 *   npm run example:adam                    about four minutes on two cores
 *   npm run example:adam -- --epochs 1      a first look
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DataLoader, type Dataset, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";
import { saveTensors } from "lucidgrad/files";
import { newDigitNetwork } from "./digit-network.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { Progress } from "./support/progress.ts";

const usage =
  "usage: npm run example:adam -- [--epochs N] [--seed N] [--train-limit N] [--data DIR] [--out DIR (runs/mnist-adam)]";
const interrupt = new Interrupt();
let written = "nothing was written";

/** One pass over the training images; the learning rate changes after every step. Returns the mean loss. */
async function trainEpoch(
  model: nn.Module,
  loader: DataLoader,
  optimizer: optim.Adam,
  schedule: optim.lrScheduler.OneCycleLR,
  label: string,
): Promise<number> {
  const progress = new Progress(label, loader.dataset.length);
  let [samples, total] = [0, 0];
  model.train();
  for (const [images, labels] of loader) {
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    schedule.step();
    total += loss.item();
    samples += labels.numel;
    progress.update(samples);
    await interrupt.check();
  }
  progress.clear();
  return total / loader.length;
}

/** How many images are recognised. */
async function countRight(model: nn.Module, dataset: Dataset): Promise<number> {
  let right = 0;
  model.eval();
  for (const [images, labels] of new DataLoader(dataset, { batchSize: 500 })) {
    right += noGrad(() => model.forward(images).argmax(1).eq(labels).sum().item());
    await interrupt.check();
  }
  return right;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      epochs: { type: "string", default: "5" },
      seed: { type: "string", default: "0" },
      "train-limit": { type: "string", default: "60000" },
      data: { type: "string", default: "data" },
      out: { type: "string", default: "runs/mnist-adam" },
    },
  });
  const numbers = [values.epochs, values.seed, values["train-limit"]].map(Number);
  const [epochs, seed, limit] = numbers;
  if (!numbers.every(Number.isInteger) || epochs < 1 || limit < 2) {
    throw new Error("--epochs must be at least 1 and --train-limit at least 2, whole numbers as --seed");
  }
  const all = await MNIST.load({ root: values.data, train: true, download: true });
  const testSet = await MNIST.load({ root: values.data, train: false, download: true });
  const trainSet = new Subset(all, [...Array(Math.min(limit, all.length)).keys()]);

  manualSeed(seed);
  const model = newDigitNetwork();
  console.log(`${model}\n`);
  const loader = new DataLoader(trainSet, { batchSize: 64, shuffle: true, dropLast: true });
  const optimizer = new optim.Adam(model.parameters());
  const totalSteps = epochs * loader.length;
  const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.004, totalSteps });
  const path = join(values.out, "model.safetensors");
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const label = `Epoch ${epoch}/${epochs}`;
    const loss = await trainEpoch(model, loader, optimizer, schedule, label);
    saveTensors(path, model.stateDict());
    written = `${path} has the model after ${label.toLowerCase()}`;
    const right = await countRight(model, testSet);
    console.log(
      `${label}   Training Loss:${loss.toFixed(6)}   Test Accuracy: ${right / 100} % (${right}/${testSet.length})`,
    );
  }
  console.log(`Wrote ${path}`);
}

try {
  await run();
} catch (error) {
  if (error instanceof Interrupted) console.error(`\nInterrupted: ${written}.`);
  else {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
  }
}
