/**
 * The same network with and without batch normalization, trained on MNIST and compared.
 *
 *   npm run example                      10 epochs of both: PyTorch's numbers for seed 0
 *   npm run example:cnn                  the same comparison of convolutional networks
 *   npm run example -- --epochs 1        a first look
 *   npm run example -- --help            all settings; in Chinese with --language zh
 */

import { DataLoader, manualSeed, nn, noGrad, optim, Subset } from "lucidgrad";
import { FashionMNIST, MNIST } from "lucidgrad/datasets";
import { ConvNet, Net } from "./network.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { needed } from "./support/needed.ts";
import { Progress } from "./support/progress.ts";
import { type Evaluation, evaluationTable, type Metrics, type Training, writeReport } from "./support/report.ts";
import { parseSettings, prepareFolder, refuse } from "./support/settings.ts";
import { say } from "./texts/mnist-batchnorm.ts";

const settings = parseSettings();
const criterion = new nn.CrossEntropyLoss();
const interrupt = new Interrupt();

/** Trains with SGD, and records in `training` how it goes. */
async function train(model: nn.Module, loader: DataLoader, training: Training): Promise<void> {
  const { epochs, lr, momentum } = settings;
  const optimizer = new optim.SGD(model.parameters(), { lr, momentum });
  model.train();
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = performance.now();
    const progress = new Progress(say.epoch(epoch, epochs), loader.dataset.length);
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
    progress.clear();
    const epochLoss = totalLoss / loader.length;
    training.epochLosses.push(epochLoss);
    training.secondsPerEpoch.push((performance.now() - start) / 1000);
    console.log(say.epochLoss(epoch, epochLoss));
  }
}

/** The loss, and how many images of each class are recognised. Whether in train or eval mode is the caller's choice. */
async function test(model: nn.Module, loader: DataLoader, classes: number): Promise<Evaluation> {
  const correct = new Array<number>(classes).fill(0);
  const total = new Array<number>(classes).fill(0);
  const progress = new Progress(say.testing, loader.dataset.length);
  let [samples, totalLoss] = [0, 0];
  for (const [images, labels] of loader) {
    const output = noGrad(() => model.forward(images));
    totalLoss += criterion.forward(output, labels).item() * labels.numel;
    const predictions = output.argmax(1);
    for (let i = 0; i < labels.numel; i++) {
      const label = labels.data[i];
      total[label]++;
      if (predictions.data[i] === label) correct[label]++;
    }
    samples += labels.numel;
    progress.update(samples);
    await interrupt.check();
  }
  progress.clear();
  const overall = correct.reduce((sum, count) => sum + count, 0);
  return { loss: totalLoss / loader.dataset.length, correct, total, overall };
}

/** The whole comparison. What it measures is in `metrics` as soon as it is known. */
async function run(metrics: Metrics): Promise<void> {
  const Images = settings.dataset === "mnist" ? MNIST : FashionMNIST;
  const all = await needed(Images.load({ root: settings.data, train: true, download: true }));
  const testSet = await needed(Images.load({ root: settings.data, train: false, download: true }));
  const count = Math.min(settings.trainLimit ?? all.length, all.length);
  const trainSet = new Subset(
    all,
    Array.from({ length: count }, (_, i) => i),
  );
  const { batchSize, hidden } = settings;
  if (count % batchSize === 1) refuse(say.oneLeftOver(count, batchSize));
  prepareFolder(settings.out);
  const trainLoader = new DataLoader(trainSet, { batchSize });
  const testLoader = new DataLoader(testSet, { batchSize });

  manualSeed(settings.seed);
  const Network = settings.network === "mlp" ? Net : ConvNet;
  const netWithBatchNorm = new Network(hidden, true);
  const plainNet = new Network(hidden, false);
  console.log(`${say.images(Images.name, count, testSet.length)}\n`);
  console.log(`${say.withBatchNorm(`${netWithBatchNorm}`)}\n`);
  console.log(`${say.without(`${plainNet}`)}\n`);

  console.log(say.trainingWithBatchNorm);
  metrics.training.batchNorm = { firstStepLosses: [], epochLosses: [], secondsPerEpoch: [] };
  await train(netWithBatchNorm, trainLoader, metrics.training.batchNorm);
  console.log(`\n${say.trainingWithout}`);
  metrics.training.plain = { firstStepLosses: [], epochLosses: [], secondsPerEpoch: [] };
  await train(plainNet, trainLoader, metrics.training.plain);

  const classNames = all.classes.map((name) => name.split(" - ")[0]); // "7 - seven" is 7
  const evaluate = (model: nn.Module, loader: DataLoader) => test(model, loader, classNames.length);
  const print = (title: string, columns: Record<string, Evaluation>) =>
    console.log(`\n${title}\n\n${evaluationTable(columns, classNames, say)}`);
  const { trainSet: onTraining, testSet: onTest } = metrics.evaluation;
  netWithBatchNorm.train(); // as in training, this also moves the running statistics
  onTraining.batchNormTrainMode = await evaluate(netWithBatchNorm, trainLoader);
  netWithBatchNorm.eval();
  plainNet.eval();
  onTraining.batchNormEvalMode = await evaluate(netWithBatchNorm, trainLoader);
  onTraining.plainEvalMode = await evaluate(plainNet, trainLoader);
  print(say.trainSet(count), {
    [say.trainMode]: onTraining.batchNormTrainMode,
    [say.evalMode]: onTraining.batchNormEvalMode,
    [say.plain]: onTraining.plainEvalMode,
  });
  onTest.batchNormEvalMode = await evaluate(netWithBatchNorm, testLoader);
  onTest.plainEvalMode = await evaluate(plainNet, testLoader);
  print(say.testSet(testSet.length), {
    [say.evalMode]: onTest.batchNormEvalMode,
    [say.plain]: onTest.plainEvalMode,
  });
  console.log();
}

const metrics: Metrics = {
  config: settings,
  training: {},
  evaluation: { trainSet: {}, testSet: {} },
};
try {
  await run(metrics);
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  metrics.interrupted = true;
  console.log(`\n${say.interrupted}`);
}
for (const path of await writeReport(metrics)) console.log(say.wrote(path));
