/** Datasets that are read from beginning to end: streams, files too large for memory, data that is made as it is needed. */
import { typeName } from "../tensor/type-name.ts";

/**
 * Samples one after another. Mirrors `torch.utils.data.IterableDataset`.
 * @example
 * class Countdown extends IterableDataset<Tensor[]> {
 *   override *[Symbol.iterator]() {
 *     for (let i = 5; i > 0; i--) yield [tensor(i)];
 *   }
 * }
 * for (const [x] of new DataLoader(new Countdown(), { batchSize: 2 })) console.log(x);
 */
export abstract class IterableDataset<Sample> implements Iterable<Sample> {
  /** The number of samples, for a dataset that knows it. @throws unless a subclass says it */
  get length(): number {
    throw new TypeError(`object of type '${typeName(this)}' has no len(): it does not say how many samples it gives`);
  }

  abstract [Symbol.iterator](): Iterator<Sample>;
}

/**
 * One after another. Mirrors `torch.utils.data.ChainDataset`.
 * @example
 * class Countdown extends IterableDataset<number> {
 *   override *[Symbol.iterator]() {
 *     for (let i = 3; i > 0; i--) yield i;
 *   }
 * }
 * console.log([...new ChainDataset([new Countdown(), new Countdown()])]);
 */
export class ChainDataset<Sample> extends IterableDataset<Sample> {
  /** What it is made of. */
  readonly datasets: readonly Iterable<Sample>[];

  constructor(datasets: readonly Iterable<Sample>[]) {
    super();
    this.datasets = datasets;
  }

  override *[Symbol.iterator](): Iterator<Sample> {
    for (const dataset of this.datasets) yield* dataset;
  }
}
