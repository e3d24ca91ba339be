/**
 * Two networks that learn to read the same digits, with batch normalization and without. Nothing here knows of the page, nor
 * of the worker that this runs in: worker.ts decides when to train and when to look.
 */
import { DataLoader, type Dataset, manualSeed, nn, noGrad, optim, type Tensor } from "lucidgrad";
import { type LayerStatistics, layerStatistics } from "./collapse-statistics.ts";
import { hiddenLayers } from "./hidden-layers.ts";
import type { Settings } from "./settings.ts";
import type { UnitChoice } from "./unit-statistics.ts";
import { type UnitReport, UnitWatch } from "./unit-watch.ts";

/** One value for each network: as set on the page, and without batch norm. */
export type Pair<T> = readonly [withBatchNorm: T, plain: T];

/** What to train on, and what to test with. */
export interface Digits {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** So many test digits are classified at a time: less than a slice of the worker's time. */
const CHUNK = 250;
/** So many units' weights are shown. */
export const PICTURES = 16;

type NetworkSettings = Pick<Settings, "width" | "depth" | "batchNormMomentum">;

/** 784 → width → … → width → 10: linear, batch norm or not, ReLU. */
export function newNetwork({ width, depth, batchNormMomentum }: NetworkSettings, batchNorm: boolean): nn.Sequential {
  const layers: nn.Module[] = [new nn.Flatten()];
  for (let inputs = 784, layer = 0; layer < depth; layer++, inputs = width) {
    // Before a batch norm a bias would do nothing: the mean, and the bias with it, is subtracted again.
    layers.push(new nn.Linear(inputs, width, { bias: !batchNorm }));
    if (batchNorm) layers.push(new nn.BatchNorm1d(width, { momentum: batchNormMomentum }));
    layers.push(new nn.ReLU());
  }
  return new nn.Sequential(...layers, new nn.Linear(width, 10));
}

/** What enters each ReLU. */
function reluInputs(network: nn.Sequential, images: Tensor): Tensor[] {
  const inputs: Tensor[] = [];
  let x = images;
  for (const layer of network) {
    if (layer instanceof nn.ReLU) inputs.push(x);
    x = layer.forward(x);
  }
  return inputs;
}

export class Trainer {
  /** Steps made. */
  steps = 0;
  readonly #networks: Pair<nn.Sequential>;
  readonly #optimizers: Pair<optim.SGD>;
  readonly #criterion = new nn.CrossEntropyLoss();
  readonly #batches: Iterator<Tensor[], never>;
  readonly #testChunks: readonly Tensor[][];
  readonly #watch: UnitWatch;

  /** The same settings give the same losses, here, in Node and in PyTorch. */
  constructor({ train, test }: Digits, settings: Settings) {
    this.#testChunks = [...new DataLoader(test, { batchSize: CHUNK })]; // before the seed, as a loader draws a number
    this.#watch = new UnitWatch(train, settings.batchSize);
    manualSeed(settings.seed);
    this.#networks = [newNetwork(settings, settings.batchNorm), newNetwork(settings, false)];
    const { learningRate: lr, momentum } = settings;
    this.#optimizers = this.#both((network) => new optim.SGD(network.parameters(), { lr, momentum }));
    this.#batches = endless(new DataLoader(train, { batchSize: settings.batchSize, shuffle: true, dropLast: true }));
  }

  set learningRate(lr: number) {
    for (const optimizer of this.#optimizers) optimizer.paramGroups[0].lr = lr;
  }

  /** Trains both networks on the next batch. Returns their losses. */
  step(): Pair<number> {
    const [images, labels] = this.#batches.next().value;
    this.steps++;
    return this.#both((network, i) => {
      const optimizer = this.#optimizers[i];
      network.train();
      optimizer.zeroGrad();
      const loss = this.#criterion.forward(network.forward(images), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  }

  /** The share of test digits that each network reads, made in pieces so that the caller may do something else between them. */
  *evaluate(): Generator<void, Pair<number>> {
    const right: [number, number] = [0, 0];
    let total = 0;
    for (const [images, labels] of this.#testChunks) {
      this.#both((network, i) => {
        const output = this.#looking(network, () => network.forward(images));
        right[i] += output.argmax(1).eq(labels).sum().item();
      });
      total += labels.numel;
      yield;
    }
    return [right[0] / total, right[1] / total];
  }

  /** What enters each ReLU when the networks read the first test digits, and the last gradients. */
  layers(): Pair<LayerStatistics[]> {
    const [images] = this.#testChunks[0];
    return this.#both((network) => {
      const weights = hiddenLayers(network).map(({ weight }) => weight);
      const inputs = this.#looking(network, () => reluInputs(network, images));
      return inputs.map((x, layer) => layerStatistics(x, weights[layer]));
    });
  }

  /** One unit of each network, with the digits of a batch. */
  unit(choice: UnitChoice): UnitReport {
    return this.#watch.look(this.#networks, choice);
  }

  /** The first layer's weights of the first units: 784 numbers for each, row by row of the image. */
  pictures(): Pair<Float32Array> {
    return this.#both((network) => (network.at(1) as nn.Linear).weight.data.slice(0, PICTURES * 784) as Float32Array);
  }

  /** @param digit (1, 28, 28) @returns ten probabilities */
  classify(digit: Tensor): Pair<Float32Array> {
    return this.#both((network) =>
      this.#looking(network, () => network.forward(digit.unsqueeze(0)).softmax(1).data as Float32Array),
    );
  }

  /** As in use: unrecorded, batch norm with its running statistics. So looking changes nothing. */
  #looking<T>(network: nn.Sequential, look: () => T): T {
    network.eval();
    return noGrad(look);
  }

  #both<T>(of: (network: nn.Sequential, i: 0 | 1) => T): Pair<T> {
    const [first, second] = this.#networks;
    return [of(first, 0), of(second, 1)];
  }
}

/** The batches of one pass after another. */
function* endless(loader: DataLoader): Generator<Tensor[], never> {
  for (;;) yield* loader;
}
