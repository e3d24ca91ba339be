/** DataLoader: a dataset in batches. Which samples come when, samplers.ts says; how they become a batch, collate.ts. */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator, type Generator } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Collated, defaultCollate } from "./collate.ts";
import { type Dataset, datasetOf, type Samples } from "./dataset.ts";
import { IterableDataset } from "./iterable-dataset.ts";
import {
  BatchSampler,
  checkBatchSize,
  grouped,
  groupsOf,
  type Indices,
  RandomSampler,
  SequentialSampler,
} from "./samplers.ts";

/** What a DataLoader may be told. */
export interface DataLoaderOptions<Sample = Tensor[], Batch = Collated<Sample>> {
  /** Samples a batch; null for no batches: then samples come one by one, as they are. Default: 1. */
  batchSize?: Int | null;
  /** A new random order at every pass; without, the dataset's own. Default: false. */
  shuffle?: boolean;
  /** In which order samples are taken. Default: null, by `shuffle`. */
  sampler?: Indices | null;
  /** Which samples make up each batch. Default: null, `batchSize` of the sampler's at a time. */
  batchSampler?: Indices<readonly number[]> | null;
  /** Leave out a last batch that is not full. Default: false. */
  dropLast?: boolean;
  /** Makes a batch of samples. Default: null, `defaultCollate`. */
  collateFn?: ((samples: Sample[]) => Batch) | null;
  /** Where the order comes from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/**
 * Gives a dataset's batches, each pass anew: `for (const [images, labels] of loader)`. A dataset may be a plain array of samples.
 * Mirrors `torch.utils.data.DataLoader`, whose order it has for the same seed.
 * @throws unless batchSize is null or a whole number above 0; if there is nothing to shuffle; for options of which one rules the
 *   other out
 * @example
 * manualSeed(0);
 * const dataset = new TensorDataset(arange(5).view(5, 1), arange(5).to("int32"));
 * for (const [x, y] of new DataLoader(dataset, { batchSize: 2, shuffle: true })) console.log(x.shape, y);
 */
export class DataLoader<Sample = Tensor[], Batch = Collated<Sample>> implements Iterable<Batch> {
  /** Where the samples come from. */
  readonly dataset: Dataset<Sample> | IterableDataset<Sample>;
  /** Samples a batch; null where there are no batches, or the caller says which samples make up each. */
  readonly batchSize: number | null;
  /** The order of the samples; null for a dataset that has its own, an IterableDataset. */
  readonly sampler: Indices | null;
  /** Which samples make up a batch; null where there are no batches, or the dataset has its own order. */
  readonly batchSampler: Indices<readonly number[]> | null;
  /** Whether a last batch that is not full is left out. */
  readonly dropLast: boolean;
  readonly #collateFn: ((samples: Sample[]) => Batch) | null;
  readonly #generator: Generator;

  constructor(dataset: Samples<Sample> | IterableDataset<Sample>, options?: DataLoaderOptions<Sample, Batch>) {
    const given = readOptions(options, {
      ...{ batchSize: 1, shuffle: false, sampler: null, batchSampler: null, dropLast: false },
      ...{ collateFn: null, generator: defaultGenerator },
    });
    const { batchSize, shuffle, sampler, batchSampler, dropLast, collateFn, generator } = given;
    checkTogether(given, dataset instanceof IterableDataset);
    this.dataset = dataset instanceof IterableDataset ? dataset : datasetOf(dataset);
    this.batchSize = batchSampler ? null : batchSize;
    this.dropLast = dropLast;
    this.#collateFn = collateFn;
    this.#generator = generator;
    this.sampler = this.dataset instanceof IterableDataset ? null : (sampler ?? this.#order(this.dataset, shuffle));
    const batched = this.sampler && batchSize !== null ? new BatchSampler(this.sampler, batchSize, dropLast) : null;
    this.batchSampler = batchSampler ?? batched;
  }

  #order(dataset: Dataset<Sample>, shuffle: boolean): Indices {
    return shuffle ? new RandomSampler(dataset, { generator: this.#generator }) : new SequentialSampler(dataset);
  }

  /** The number of batches in a pass. @throws for a stream that does not say how many samples it has */
  get length(): number {
    const order = this.batchSampler ?? this.sampler;
    if (order) return order.length;
    const { length } = this.dataset;
    return this.batchSize === null ? length : groupsOf(length, this.batchSize, this.dropLast);
  }

  [Symbol.iterator](): Iterator<Batch> {
    // PyTorch draws a seed for its worker processes at every pass, also without workers: so does this, to stay in step.
    this.#generator.drawSeed();
    return this.#batches();
  }

  *#batches(): Iterator<Batch> {
    const { dataset, batchSize, batchSampler, sampler } = this;
    const collate = this.#collateFn;
    if (dataset instanceof IterableDataset) {
      const samples = batchSize === null ? dataset : grouped(dataset, batchSize, this.dropLast);
      const make = collate ?? defaultCollate;
      for (const given of samples) yield (batchSize === null ? given : make(given as Sample[])) as Batch;
      return;
    }
    for (const given of batchSampler ?? sampler ?? []) {
      if (typeof given === "number") yield dataset.get(given) as unknown as Batch;
      else if (collate) yield collate(given.map((i) => dataset.get(i)));
      else yield dataset.getBatch(given) as Batch;
    }
  }
}

/** What decides over the order. */
type Ordering = Pick<DataLoaderOptions, "batchSize" | "shuffle" | "sampler" | "batchSampler" | "dropLast">;

/** @throws for options of which one rules the other out */
function checkTogether(options: Ordering, isStream: boolean): void {
  const { batchSize, shuffle, sampler, batchSampler, dropLast } = options;
  for (const [name, given] of Object.entries({ shuffle, sampler, batch_sampler: batchSampler })) {
    const words = `DataLoader with IterableDataset: expected unspecified ${name} option, but got ${name}=${given}`;
    check(!isStream || !given, `${words}: it has an order of its own`);
  }
  check(!(sampler && shuffle), "sampler option is mutually exclusive with shuffle");
  const isPlain = batchSize === 1 && !shuffle && !sampler && !dropLast;
  const exclusive = "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last";
  check(!batchSampler || isPlain, exclusive);
  const withoutBatches = "batch_size=None option disables auto-batching and is mutually exclusive with drop_last";
  check(batchSize !== null || !dropLast, withoutBatches);
  if (typeof batchSize === "number") checkBatchSize(batchSize);
}
