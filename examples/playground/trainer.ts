/**
 * Two or three networks that learn from the same pictures in the same order. Nothing here knows of the page, nor of the worker
 * that this runs in: worker.ts decides when to train and when to look.
 */
import { DataLoader, type Dataset, manualSeed, nn, noGrad, optim, type Tensor } from "lucidgrad";
import { type LayerStatistics, layerStatistics } from "./collapse-statistics.ts";
import { hiddenLayers } from "./hidden-layers.ts";
import { newNetwork } from "./networks.ts";
import { rateOf, type Settings } from "./settings.ts";
import { tellingUnit } from "./telling-unit.ts";
import type { UnitChoice } from "./unit-statistics.ts";
import { firstPictures, type UnitReport, UnitWatch } from "./unit-watch.ts";

/** One value for each contestant, in their order. */
export type Each<T> = readonly T[];

/** What to train on, and what to test with: 28 x 28 and one of ten labels. */
export interface Pictures {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** A unit to look at; null for one with something to see. */
export type UnitWish = Omit<UnitChoice, "unit"> & { readonly unit: number | null };

/** Weights of the first layer as pictures: `side` x `side` numbers for each of some units. */
export interface WeightPictures {
  readonly side: number;
  readonly weights: Float32Array;
}

/** So many test pictures are classified at a time: less than a slice of the worker's time. */
const CHUNK = 250;
/** So many units' weights are shown. */
export const PICTURES = 16;

/** What enters each ReLU. */
export function reluInputs(network: nn.Sequential, images: Tensor): Tensor[] {
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
  readonly networks: Each<nn.Sequential>;
  readonly #optimizers: Each<optim.SGD>;
  readonly #criterion = new nn.CrossEntropyLoss();
  readonly #batches: Iterator<Tensor[], never>;
  readonly #testChunks: readonly Tensor[][];
  readonly #batchSize: number;
  readonly #watch: UnitWatch;
  readonly #train: Dataset;
  #tellingUnit: number | null = null;

  /** The same settings give the same losses, here, in Node and in PyTorch. */
  constructor({ train, test }: Pictures, settings: Settings) {
    const { contestants, batchSize, momentum, seed } = settings;
    this.#batchSize = batchSize;
    this.#watch = new UnitWatch(train, batchSize);
    this.#train = train;
    this.#testChunks = [...new DataLoader(test, { batchSize: CHUNK })]; // before the seed, as a loader draws a number
    manualSeed(seed);
    this.networks = contestants.map((contestant) => newNetwork(settings, contestant));
    this.#optimizers = this.networks.map((network, i) => {
      const lr = rateOf(settings, contestants[i]);
      return new optim.SGD(network.parameters(), { lr, momentum });
    });
    this.#batches = endless(new DataLoader(train, { batchSize, shuffle: true, dropLast: true }));
  }

  /** Trains each network on the next batch. Returns their losses. */
  step(): Each<number> {
    const [images, labels] = this.#batches.next().value;
    this.steps++;
    return this.networks.map((network, i) => {
      const optimizer = this.#optimizers[i];
      network.train();
      optimizer.zeroGrad();
      const loss = this.#criterion.forward(network.forward(images), labels);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  }

  /** The share of test pictures that each network reads, made in pieces so that the caller may do something else between them. */
  *evaluate(): Generator<void, Each<number>> {
    const right = this.networks.map(() => 0);
    let total = 0;
    for (const [images, labels] of this.#testChunks) {
      this.networks.forEach((network, i) => {
        const output = this.#looking(network, () => network.forward(images));
        right[i] += output.argmax(1).eq(labels).sum().item();
      });
      total += labels.numel;
      yield;
    }
    return right.map((count) => count / total);
  }

  /** The same in train mode: batch norm has the statistics of each batch, which is as large as those of training. */
  accuraciesInTrainMode(): Each<number> {
    return this.networks.map((network) => {
      const state = Object.entries(network.stateDict()).map(([name, value]) => [name, value.clone()] as const);
      network.train();
      let [right, total] = [0, 0];
      for (const [images, labels] of this.#testChunks) {
        for (let i = 0; i + this.#batchSize <= labels.numel; i += this.#batchSize) {
          const output = noGrad(() => network.forward(images.narrow(0, i, this.#batchSize)));
          right += output
            .argmax(1)
            .eq(labels.narrow(0, i, this.#batchSize))
            .sum()
            .item();
          total += this.#batchSize;
        }
      }
      network.loadStateDict(Object.fromEntries(state)); // looking must not move the running statistics
      return right / total;
    });
  }

  /** What enters each ReLU when the networks read the first test pictures, and the last gradients. */
  layers(): Each<LayerStatistics[]> {
    const [images] = this.#testChunks[0];
    return this.networks.map((network) => {
      const hidden = hiddenLayers(network);
      const inputs = this.#looking(network, () => reluInputs(network, images));
      return inputs.map((x, layer) => layerStatistics(x, hidden[layer].weight));
    });
  }

  /** One unit of each network, with the pictures of a batch. Who wishes none gets the same one at all times. */
  unit(wish: UnitWish): UnitReport {
    if (wish.unit === null && this.#tellingUnit === null) {
      const [images] = firstPictures(this.#train, this.#batchSize, null);
      this.#tellingUnit = tellingUnit(this.networks, images, wish.layer);
    }
    return this.#watch.look(this.networks, { ...wish, unit: (wish.unit ?? this.#tellingUnit)! });
  }

  /** The weights of the first layer's first units. */
  pictures(): Each<WeightPictures> {
    return this.networks.map((network) => {
      const first = [...network].find((layer) => layer instanceof nn.Linear || layer instanceof nn.Conv2d);
      const { data, shape } = (first as nn.Linear | nn.Conv2d).weight;
      const each = data.length / shape[0];
      return { side: Math.sqrt(each), weights: data.slice(0, PICTURES * each) as Float32Array };
    });
  }

  /** @param picture (1, 28, 28) @returns ten probabilities */
  classify(picture: Tensor): Each<Float32Array> {
    return this.networks.map((network) =>
      this.#looking(network, () => network.forward(picture.unsqueeze(0)).softmax(1).data as Float32Array),
    );
  }

  /** As in use: unrecorded, batch norm with its running statistics. So looking changes nothing. */
  #looking<T>(network: nn.Sequential, look: () => T): T {
    network.eval();
    return noGrad(look);
  }
}

/** The batches of one pass after another. */
function* endless(loader: DataLoader): Generator<Tensor[], never> {
  for (;;) yield* loader;
}
