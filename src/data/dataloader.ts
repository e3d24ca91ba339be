/** DataLoader: a dataset in batches. */
import { check } from "../tensor/check.ts";
import { randperm } from "../tensor/create.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator, Generator } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Dataset } from "./dataset.ts";

/** What a DataLoader may be told. */
export interface DataLoaderOptions {
  /** Samples a batch. Default: 1. */
  batchSize?: Int;
  /** A new random order at every pass; without, the dataset's own. Default: false. */
  shuffle?: boolean;
  /** Leave out a last batch that is not full. Default: false. */
  dropLast?: boolean;
  /** Where the order comes from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/**
 * Gives a dataset's batches, each pass anew: `for (const [images, labels] of loader)`.
 * Mirrors `torch.utils.data.DataLoader`, whose order it has for the same seed.
 * @throws unless batchSize is a whole number above 0, and if there is nothing to shuffle
 * @example
 * manualSeed(0);
 * const dataset = new TensorDataset(arange(5).view(5, 1), arange(5).to("int32"));
 * for (const [x, y] of new DataLoader(dataset, { batchSize: 2, shuffle: true })) console.log(x.shape, y);
 */
export class DataLoader implements Iterable<Tensor[]>, Omit<Required<DataLoaderOptions>, "generator"> {
  /** Where the samples come from. */
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #generator: Generator;

  constructor(dataset: Dataset, options?: DataLoaderOptions) {
    const defaults = { batchSize: 1, shuffle: false, dropLast: false, generator: defaultGenerator };
    const { batchSize, shuffle, dropLast, generator } = readOptions(options, defaults);
    const notPositive = () => `batch_size should be a positive integer value, but got batch_size=${batchSize}`;
    check(Number.isInteger(batchSize) && batchSize > 0, notPositive);
    check(
      !shuffle || dataset.length > 0,
      "num_samples should be a positive integer value, but got num_samples=0: an empty dataset cannot be shuffled",
    );
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#generator = generator;
  }

  /** The number of batches in a pass. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): Iterator<Tensor[]> {
    // PyTorch draws a seed for its worker processes at every pass, also without workers: so does this, to stay in step.
    this.#generator.drawSeed();
    return this.#batches();
  }

  *#batches(): Iterator<Tensor[]> {
    const order = this.#order();
    for (let start = 0, full = true; full; start += this.batchSize) {
      const indices = order.subarray(start, start + this.batchSize);
      full = indices.length === this.batchSize;
      // At the end of an order PyTorch draws the next, and uses none of it: a generator of the caller's shows that.
      if (!full && this.shuffle && this.#isOwn) randperm(order.length, { generator: this.#generator });
      if (full || (indices.length > 0 && !this.dropLast)) yield this.dataset.getBatch(indices);
    }
  }

  /** Whether the caller brought a generator. */
  get #isOwn(): boolean {
    return this.#generator !== defaultGenerator;
  }

  #order(): TypedArray {
    const { length } = this.dataset;
    if (!this.shuffle) return Int32Array.from({ length }, (_, i) => i);
    const generator = this.#isOwn ? this.#generator : new Generator(defaultGenerator.drawSeed());
    return randperm(length, { generator }).data;
  }
}
