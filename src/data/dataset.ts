/**
 * Datasets: numbered samples, each a tuple of tensors such as [image, label].
 * Read next: dataloader.ts.
 */

import { check } from "../tensor/check.ts";
import { randperm } from "../tensor/create.ts";
import { promoteTypes, type TypedArray } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator, type Generator } from "../tensor/random/generator.ts";
import { formatShape, fromFront, type Int, sameShape } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";

/**
 * Samples by number. Mirrors `torch.utils.data.Dataset`.
 * @example
 * class Squares extends Dataset {
 *   readonly length = 100;
 *   override get(index: number): Tensor[] {
 *     return [tensor(index), tensor(index ** 2)];
 *   }
 * }
 * console.log(new Squares().getBatch([2, 3]));
 */
export abstract class Dataset {
  /** The number of samples. */
  abstract readonly length: number;

  /** Sample `index`, from 0 to length - 1. */
  abstract get(index: Int): Tensor[];

  /**
   * Several samples as one batch: each field stacked along a new first dimension. A dataset that can gather faster than
   * one sample at a time overrides this.
   * @throws if the samples differ in their number of fields, or a field's shapes differ
   */
  getBatch(indices: ArrayLike<number>): Tensor[] {
    const samples = Array.from(indices, (index) => fieldsOf(this.get(index)));
    const lengths = samples.map((sample) => sample.length);
    const uneven = () =>
      `each element in list of batch should be of equal size, but these samples have ${lengths.join(", ")} tensors`;
    check(new Set(lengths).size <= 1, uneven);
    return samples[0].map((_, field) => stacked(samples.map((sample) => sample[field])));
  }
}

/** A sample of one field may be that tensor, as programs without types may give it. @throws if there is something else in it */
function fieldsOf(sample: Tensor | readonly Tensor[]): readonly Tensor[] {
  const fields = sample instanceof Tensor ? [sample] : sample;
  const areTensors = Array.isArray(fields) && fields.every((field) => field instanceof Tensor);
  check(areTensors, "a dataset's get(index) must return an array of tensors, such as [image, label]", TypeError);
  return fields;
}

function stacked(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const batch = Tensor.empty([tensors.length, ...first.shape], tensors.map((x) => x.dtype).reduce(promoteTypes));
  tensors.forEach((x, i) => {
    const otherShape = () =>
      `stack expects each tensor to be equal size, but got ${formatShape(first.shape)} at entry 0 ` +
      `and ${formatShape(x.shape)} at entry ${i}`;
    check(sameShape(x.shape, first.shape), otherShape);
    batch.storage.data.set(elementsOf(x), i * first.numel);
  });
  return batch;
}

/** An index counted from the front. @throws RangeError outside [-length, length) */
const checkedIndex = (index: number, length: number): number =>
  fromFront(index, length, () => `index ${index} is out of range for a dataset of ${length} samples`);

/** Copies the rows at `indices` of a source of `length` rows into `rows`. @throws RangeError for one that is not there */
export function gather<Numbers extends TypedArray | Uint8Array>(
  source: Numbers,
  length: number,
  indices: ArrayLike<number>,
  rows: Numbers,
): Numbers {
  const size = rows.length / indices.length;
  for (let k = 0; k < indices.length; k++) {
    const i = checkedIndex(indices[k], length);
    // A number costs less than a view of it.
    if (size === 1) rows[k] = source[i];
    else rows.set(source.subarray(i * size, (i + 1) * size), k * size);
  }
  return rows;
}

/** Row i of a tensor: a view. */
export const rowOf = (x: Tensor, i: number): Tensor =>
  new Tensor(x.storage, x.dtype, x.shape.slice(1), x.strides.slice(1), x.offset + i * x.strides[0]);

/**
 * Tensors side by side: sample i is row i of each. Mirrors `torch.utils.data.TensorDataset`.
 * @throws if the first dimensions differ
 * @example
 * const dataset = new TensorDataset(arange(6).view(3, 2), tensor([0, 1, 0], { dtype: "int32" }));
 * console.log(dataset.length, dataset.get(1));
 */
export class TensorDataset extends Dataset {
  /** One for each field of a sample. */
  readonly tensors: readonly Tensor[];
  readonly length: number;

  constructor(...tensors: Tensor[]) {
    super();
    this.tensors = tensors;
    this.length = tensors[0]?.shape[0] ?? 0;
    const otherLength = () => `Size mismatch between tensors: ${tensors.map((x) => formatShape(x.shape)).join(", ")}`;
    const isEven = tensors.every((x) => x.shape[0] === this.length);
    check(isEven, otherLength);
  }

  override get(index: Int): Tensor[] {
    const i = checkedIndex(index, this.length);
    return this.tensors.map((x) => rowOf(x, i));
  }

  override getBatch(indices: ArrayLike<number>): Tensor[] {
    return this.tensors.map((x) => {
      const shape = [indices.length, ...x.shape.slice(1)];
      const batch = Tensor.empty(shape, x.dtype);
      gather(elementsOf(x), this.length, indices, batch.storage.data);
      return batch;
    });
  }
}

/**
 * Some samples of a dataset, in the order of `indices`. Mirrors `torch.utils.data.Subset`.
 * @example
 * const dataset = new TensorDataset(arange(10));
 * console.log(new Subset(dataset, [7, 2]).getBatch([0, 1]));
 */
export class Subset extends Dataset {
  /** The whole. */
  readonly dataset: Dataset;
  /** For each sample of the subset, its number in the whole. */
  readonly indices: ArrayLike<number>;
  readonly length: number;

  constructor(dataset: Dataset, indices: ArrayLike<number>) {
    super();
    this.dataset = dataset;
    this.indices = indices;
    this.length = indices.length;
  }

  override get(index: Int): Tensor[] {
    return this.dataset.get(this.indices[checkedIndex(index, this.length)]);
  }

  override getBatch(indices: ArrayLike<number>): Tensor[] {
    return this.dataset.getBatch(Array.from(indices, (index) => this.indices[checkedIndex(index, this.length)]));
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
export function randomSplit(dataset: Dataset, lengths: readonly number[], options?: RandomSplitOptions): Subset[] {
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
