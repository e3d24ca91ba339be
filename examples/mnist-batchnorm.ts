/**
 * The same network with and without batch normalization, trained on MNIST and compared.
 *
 *   npm run example                      10 epochs of both: PyTorch's numbers for seed 0
 *   npm run example:cnn                  the same comparison of convolutional networks
 *   npm run example -- --epochs 1        a first look
 *   npm run example -- --help            all settings
 */

import { DataLoader, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { FashionMNIST, MNIST } from "lucidgrad/datasets";
import { ConvNet, Net } from "./network.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { Progress } from "./support/progress.ts";
import { type Evaluation, evaluationText, type Metrics, type Training, writeReport } from "./support/report.ts";
import { parseSettings, prepareFolder, refuse, type Settings } from "./support/settings.ts";

const criterion = new nn.CrossEntropyLoss();
const interrupt = new Interrupt();

/** Trains with SGD, and records in `training` how it goes. */
async function train(model: nn.Module, loader: DataLoader, settings: Settings, training: Training): Promise<void> {
  const { epochs, lr, momentum } = settings;
  const optimizer = new optim.SGD(model.parameters(), { lr, momentum });
  model.train();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    const progress = new Progress(`Epoch ${epoch}/${epochs}`, loader.dataset.length);
    let samples = 0;
    let totalLoss = 0;
    for (const [images, labels] of loader) {
      optimizer.zeroGrad();
      const output = model.forward(images);
      const loss = criterion.forward(output, labels);
      loss.backward();
      optimizer.step();

      totalLoss += loss.item();
      if (training.firstStepLosses.length < 20) training.firstStepLosses.push(loss.item());
      samples += labels.numel;
      progress.update(samples);
      await interrupt.check();
    }
    progress.finish();
    const epochLoss = totalLoss / loader.length;
    training.epochLosses.push(epochLoss);
    training.secondsPerEpoch.push((performance.now() - start) / 1000);
    console.log(`Epoch:${epoch}   Training Loss:${epochLoss.toFixed(6)}`);
  }
}

/** The loss, and how many images of each class are recognised. Whether in train or eval mode is the caller's choice. */
async function test(model: nn.Module, loader: DataLoader, classes: number): Promise<Evaluation> {
  const correct = new Array<number>(classes).fill(0);
  const total = new Array<number>(classes).fill(0);
  let totalLoss = 0;
  for (const [images, labels] of loader) {
    const output = noGrad(() => model.forward(images));
    totalLoss += criterion.forward(output, labels).item() * labels.numel;
    const predictions = output.argmax(1);
    for (let i = 0; i < labels.numel; i++) {
      const label = labels.data[i];
      total[label]++;
      if (predictions.data[i] === label) correct[label]++;
    }
    await interrupt.check();
  }
  const overall = correct.reduce((sum, count) => sum + count, 0);
  return { loss: totalLoss / loader.dataset.length, correct, total, overall };
}

/** The whole comparison. What it measures is in `metrics` as soon as it is known. */
async function run(settings: Settings, metrics: Metrics): Promise<void> {
  const Images = settings.dataset === "mnist" ? MNIST : FashionMNIST;
  const all = await Images.load({ root: settings.data, train: true, download: true });
  const testSet = await Images.load({ root: settings.data, train: false, download: true });
  const count = Math.min(settings.trainLimit ?? all.length, all.length);
  const trainSet = new Subset(
    all,
    Array.from({ length: count }, (_, i) => i),
  );
  const { batchSize, hidden } = settings;
  if (count % batchSize === 1) {
    refuse(`${count} images in batches of ${batchSize} leave one over, and batch norm needs two to have a variance`);
  }
  prepareFolder(settings.out);
  const trainLoader = new DataLoader(trainSet, { batchSize });
  const testLoader = new DataLoader(testSet, { batchSize });

  manualSeed(settings.seed);
  const Network = settings.network === "mlp" ? Net : ConvNet;
  const netWithBatchNorm = new Network(hidden, true);
  const plainNet = new Network(hidden, false);
  console.log(`${Images.name}: ${count} training images, ${testSet.length} test images\n`);
  console.log(`With batch norm: ${netWithBatchNorm}\n`);
  console.log(`Without: ${plainNet}\n`);

  console.log("Training with batch norm");
  metrics.training.batchNorm = { firstStepLosses: [], epochLosses: [], secondsPerEpoch: [] };
  await train(netWithBatchNorm, trainLoader, settings, metrics.training.batchNorm);
  console.log("\nTraining without batch norm");
  metrics.training.plain = { firstStepLosses: [], epochLosses: [], secondsPerEpoch: [] };
  await train(plainNet, trainLoader, settings, metrics.training.plain);

  const classNames = all.classes.map((name) => name.split(" - ")[0]); // "7 - seven" is 7
  const evaluate = async (title: string, model: nn.Module, loader: DataLoader): Promise<Evaluation> => {
    const evaluation = await test(model, loader, all.classes.length);
    console.log(`\n${title}\n${evaluationText(evaluation, classNames)}`);
    return evaluation;
  };
  const { trainSet: onTraining, testSet: onTest } = metrics.evaluation;
  netWithBatchNorm.train(); // as in training, this also moves the running statistics
  onTraining.batchNormTrainMode = await evaluate(
    "Training set, with batch norm in train mode",
    netWithBatchNorm,
    trainLoader,
  );
  netWithBatchNorm.eval();
  onTraining.batchNormEvalMode = await evaluate(
    "Training set, with batch norm in eval mode",
    netWithBatchNorm,
    trainLoader,
  );
  plainNet.eval();
  onTraining.plainEvalMode = await evaluate("Training set, without batch norm", plainNet, trainLoader);
  onTest.batchNormEvalMode = await evaluate("Test set, with batch norm in eval mode", netWithBatchNorm, testLoader);
  onTest.plainEvalMode = await evaluate("Test set, without batch norm", plainNet, testLoader);
}

const settings = parseSettings(process.argv.slice(2));
const metrics: Metrics = {
  config: settings,
  training: {},
  evaluation: { trainSet: {}, testSet: {} },
};
try {
  await run(settings, metrics);
} catch (error) {
  if (!(error instanceof Interrupted)) {
    console.error((error as Error).message);
    process.exit(1);
  }
  metrics.interrupted = true;
  console.log("\nInterrupted: keeping what was measured so far.");
}
for (const path of await writeReport(metrics)) console.log(`Wrote ${path}`);
