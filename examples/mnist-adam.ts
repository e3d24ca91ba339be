/**
 * A convolutional network that reads more than 99.3 % of MNIST's test digits after five epochs: batch norm, dropout, Adam, and
 * a learning rate that rises and falls (one cycle). It is saved for classify.ts, and for PyTorch.
 *
 *   npm run example:adam                    about four minutes on two cores
 *   npm run example:adam -- --epochs 1      a first look
 *   npm run example:adam -- --help          all options
 */
import { join } from "node:path";
import { DataLoader, type Dataset, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";
import { saveTensors } from "lucidgrad/files";
import { newDigitNetwork } from "./digit-network.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { needed } from "./support/needed.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/mnist-adam.ts";

const BATCH = 64;
const defaults = {
  epochs: 5,
  seed: 0,
  "train-limit": { fallback: 60000, least: BATCH },
  data: "data",
  out: "runs/mnist-adam",
};
const options = readOptions("example:adam", say, defaults);
const interrupt = new Interrupt();
let written = say.nothing;

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
  const progress = new Progress(say.testing, dataset.length);
  let [samples, right] = [0, 0];
  model.eval();
  for (const [images, labels] of new DataLoader(dataset, { batchSize: 500 })) {
    right += noGrad(() => model.forward(images).argmax(1).eq(labels).sum().item());
    samples += labels.numel;
    progress.update(samples);
    await interrupt.check();
  }
  progress.clear();
  return right;
}

async function run(): Promise<void> {
  const { epochs, seed, data: root, "train-limit": limit, out } = options;
  const all = await needed(MNIST.load({ root, train: true, download: true }));
  const testSet = await needed(MNIST.load({ root, train: false, download: true }));
  const trainSet = new Subset(all, [...Array(Math.min(limit, all.length)).keys()]);

  manualSeed(seed);
  const model = newDigitNetwork();
  console.log(`${model}\n`);
  const loader = new DataLoader(trainSet, { batchSize: BATCH, shuffle: true, dropLast: true });
  const optimizer = new optim.Adam(model.parameters());
  const totalSteps = epochs * loader.length;
  const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.004, totalSteps });
  const path = join(out, "model.safetensors");
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const label = say.epoch(epoch, epochs);
    const loss = await trainEpoch(model, loader, optimizer, schedule, label);
    saveTensors(path, model.stateDict());
    written = say.kept(path, epoch, epochs);
    const right = await countRight(model, testSet);
    console.log(`${label}   ${say.result(loss, right, testSet.length)}`);
  }
  console.log(say.wrote(path));
}

try {
  await run();
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  console.error(`\n${say.interrupted(written)}`);
}
