/** Datasets made of others: parts of one, and several in a row. */
import { check } from "../tensor/check.ts";
import { randperm } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator, type Generator } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Collated } from "./collate.ts";
import { checkedIndex, Dataset, datasetOf, type Samples } from "./dataset.ts";

/**
 * Some samples of a dataset, in the order of `indices`. Mirrors `torch.utils.data.Subset`.
 * @example
 * const dataset = new TensorDataset(arange(10));
 * console.log(new Subset(dataset, [7, 2]).getBatch([0, 1]));
 */
export class Subset<Sample = Tensor[]> extends Dataset<Sample> {
  /** The whole. */
  readonly dataset: Dataset<Sample>;
  /** For each sample of the subset, its number in the whole. */
  readonly indices: ArrayLike<number>;
  readonly length: number;

  constructor(dataset: Samples<Sample>, indices: ArrayLike<number>) {
    super();
    this.dataset = datasetOf(dataset);
    this.indices = indices;
    this.length = indices.length;
  }

  override get(index: Int): Sample {
    return this.dataset.get(this.indices[checkedIndex(index, this.length)]);
  }

  override getBatch(indices: ArrayLike<number>): Collated<Sample> {
    return this.dataset.getBatch(Array.from(indices, (index) => this.indices[checkedIndex(index, this.length)]));
  }
}

/**
 * The samples of one dataset after those of another. Mirrors `torch.utils.data.ConcatDataset`.
 * @throws if there are none
 * @example
 * const dataset = new ConcatDataset([new TensorDataset(arange(3)), new TensorDataset(arange(2))]);
 * console.log(dataset.length, dataset.get(3));
 */
export class ConcatDataset<Sample = Tensor[]> extends Dataset<Sample> {
  /** What it is made of. */
  readonly datasets: readonly Dataset<Sample>[];

  constructor(datasets: readonly Samples<Sample>[]) {
    super();
    check(datasets.length > 0, "datasets should not be an empty iterable");
    this.datasets = datasets.map(datasetOf);
  }

  get length(): number {
    return sumOf(this.datasets.map((dataset) => dataset.length));
  }

  override get(index: Int): Sample {
    let i = checkedIndex(index, this.length);
    let part = 0;
    while (i >= this.datasets[part].length) i -= this.datasets[part++].length;
    return this.datasets[part].get(i);
  }
}

/** What `randomSplit` may be told. */
export interface RandomSplitOptions {
  /** Where the order comes from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/**
 * Splits a dataset at random into pieces without overlap. Mirrors `torch.utils.data.random_split`: the same seed gives
 * the same pieces.
 *
 * @param lengths how many samples each piece gets; or fractions that sum to 1, what rounding leaves over going to the
 *   first pieces
 * @throws if the lengths do not sum to the dataset's
 * @example
 * manualSeed(0);
 * const [train, test] = randomSplit(new TensorDataset(arange(10)), [0.8, 0.2]);
 * console.log(train.length, test.length, test.indices);
 */
export function randomSplit<Sample>(
  dataset: Samples<Sample>,
  lengths: readonly number[],
  options?: RandomSplitOptions,
): Subset<Sample>[] {
  const { generator } = readOptions(options, { generator: defaultGenerator });
  const counts = wholeLengths(lengths, dataset.length);
  const otherSum = () =>
    "Sum of input lengths does not equal the length of the input dataset! " +
    `${lengths.join(" + ")} is not ${dataset.length}`;
  check(sumOf(counts) === dataset.length, otherSum);
  check(
    counts.every((count) => Number.isInteger(count) && count >= 0),
    () => `randomSplit takes whole numbers ≥ 0, or fractions that sum to 1, but got ${lengths.join(", ")}`,
  );
  const order = randperm(dataset.length, { generator }).data;
  let end = 0;
  return counts.map((count) => {
    const start = end;
    end += count;
    return new Subset(dataset, order.subarray(start, end));
  });
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function wholeLengths(lengths: readonly number[], total: number): number[] {
  const sum = sumOf(lengths);
  const areFractions = sum <= 1 && sum > 1 - 1e-9;
  if (!areFractions) return [...lengths];
  lengths.forEach((fraction, i) => {
    check(fraction >= 0 && fraction <= 1, () => `Fraction at index ${i} is not between 0 and 1: it is ${fraction}`);
  });
  const counts = lengths.map((fraction) => Math.floor(total * fraction));
  const left = total - sumOf(counts);
  for (let i = 0; i < left; i++) counts[i % counts.length]++;
  return counts;
}
