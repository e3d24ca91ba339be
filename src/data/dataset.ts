/**
 * Datasets: numbered samples, each a tuple of tensors such as [image, label].
 * Read next: collate.ts, how they become batches, and dataloader.ts.
 */
import { check } from "../tensor/check.ts";
import type { TypedArray } from "../tensor/dtype.ts";
import { formatShape, fromFront, type Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { type Collated, defaultCollate } from "./collate.ts";

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
export abstract class Dataset<Sample = Tensor[]> {
  /** The number of samples. */
  abstract readonly length: number;

  /** Sample `index`, from 0 to length - 1. */
  abstract get(index: Int): Sample;

  /**
   * Several samples as one batch: `defaultCollate` of them. A dataset that can gather faster than one sample at a time overrides
   * this.
   */
  getBatch(indices: ArrayLike<number>): Collated<Sample> {
    return defaultCollate(Array.from(indices, (index) => this.get(index)));
  }
}

/** What has samples by number: a plain array of them, too. */
export type Samples<Sample> = Dataset<Sample> | readonly Sample[];

class Listed<Sample> extends Dataset<Sample> {
  readonly #samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    super();
    this.#samples = samples;
  }

  get length(): number {
    return this.#samples.length;
  }

  override get(index: Int): Sample {
    return this.#samples[checkedIndex(index, this.length)];
  }
}

export const datasetOf = <Sample>(samples: Samples<Sample>): Dataset<Sample> =>
  samples instanceof Dataset ? samples : new Listed(samples);

/** An index counted from the front. @throws RangeError outside [-length, length) */
export const checkedIndex = (index: number, length: number): number =>
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
