/**
 * In which order samples are taken: each sampler gives indices, each pass anew, drawn as PyTorch draws them.
 * Read next: dataloader.ts.
 */
import { multinomial } from "../autograd/random.ts";
import { check } from "../tensor/check.ts";
import { randint, randperm, tensor } from "../tensor/create.ts";
import { readOptions } from "../tensor/options.ts";
import { defaultGenerator, Generator } from "../tensor/random/generator.ts";
import type { Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Samples } from "./dataset.ts";

/**
 * Indices in some order, or lists of them. Mirrors `torch.utils.data.Sampler`.
 * @example
 * class Backwards extends Sampler {
 *   readonly length = 3;
 *   override *[Symbol.iterator]() {
 *     for (let i = this.length - 1; i >= 0; i--) yield i;
 *   }
 * }
 * const loader = new DataLoader(new TensorDataset(arange(3)), { sampler: new Backwards() });
 * console.log([...loader].map(([x]) => x.item()));
 */
export abstract class Sampler<Index = number> implements Iterable<Index> {
  /** How many it gives in a pass. */
  abstract readonly length: number;
  abstract [Symbol.iterator](): Iterator<Index>;
}

/** 0, 1, 2, … Mirrors `torch.utils.data.SequentialSampler`. @example console.log([...new SequentialSampler([7, 8, 9])]) */
export class SequentialSampler extends Sampler {
  readonly #source: { readonly length: number };

  constructor(source: Samples<unknown> | ArrayLike<unknown>) {
    super();
    this.#source = source;
  }

  get length(): number {
    return this.#source.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** What samplers that draw may be told. */
export interface SamplerOptions {
  /** Where the order comes from. Default: the generator that `manualSeed` seeds. */
  generator?: Generator;
}

/** What a RandomSampler may be told. */
export interface RandomSamplerOptions extends SamplerOptions {
  /** Whether an index may come again. Default: false. */
  replacement?: boolean;
  /** How many are drawn in a pass, also more than there are. Default: null, as many as there are samples. */
  numSamples?: Int | null;
}

/** How many indices are drawn at a time where they may come again. */
const DRAWN_AT_ONCE = 32;

/**
 * All indices in random order; with replacement, each drawn from all. Mirrors `torch.utils.data.RandomSampler`.
 * @throws if there are none
 * @example
 * manualSeed(0);
 * console.log([...new RandomSampler(arange(6).data, { replacement: true, numSamples: 8 })]);
 */
export class RandomSampler extends Sampler {
  readonly #source: { readonly length: number };
  readonly #replacement: boolean;
  readonly #numSamples: number | null;
  readonly #generator: Generator;

  constructor(source: Samples<unknown> | ArrayLike<unknown>, options?: RandomSamplerOptions) {
    super();
    const defaults = { replacement: false, numSamples: null, generator: defaultGenerator };
    const { replacement, numSamples, generator } = readOptions(options, defaults);
    this.#source = source;
    this.#replacement = replacement;
    this.#numSamples = numSamples;
    this.#generator = generator;
    const empty = numSamples === null ? ": an empty dataset cannot be shuffled" : "";
    const none = () => `num_samples should be a positive integer value, but got num_samples=${this.length}${empty}`;
    check(Number.isInteger(this.length) && this.length > 0, none);
  }

  get length(): number {
    return this.#numSamples ?? this.#source.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const isOwn = this.#generator !== defaultGenerator;
    const generator = isOwn ? this.#generator : new Generator(defaultGenerator.drawSeed());
    const n = this.#source.length;
    if (this.#replacement) {
      for (let left = this.length; left > 0; left -= DRAWN_AT_ONCE)
        yield* randint(0, n, [Math.min(left, DRAWN_AT_ONCE)], { generator }).data;
      return;
    }
    for (let left = this.length; left >= n; left -= n) yield* randperm(n, { generator }).data;
    // PyTorch draws another order for what is left, also where that is nothing: a generator of the caller's shows that.
    yield* randperm(n, { generator }).data.subarray(0, this.length % n);
  }
}

/**
 * Some indices, in random order. Mirrors `torch.utils.data.SubsetRandomSampler`.
 * @example
 * manualSeed(0);
 * console.log([...new SubsetRandomSampler([10, 20, 30])]);
 */
export class SubsetRandomSampler extends Sampler {
  readonly #indices: ArrayLike<number>;
  readonly #generator: Generator;

  constructor(indices: ArrayLike<number>, options?: SamplerOptions) {
    super();
    this.#indices = indices;
    this.#generator = readOptions(options, { generator: defaultGenerator }).generator;
  }

  get length(): number {
    return this.#indices.length;
  }

  override *[Symbol.iterator](): Iterator<number> {
    for (const i of randperm(this.length, { generator: this.#generator }).data) yield this.#indices[i];
  }
}

/** What a WeightedRandomSampler may be told. */
export interface WeightedRandomSamplerOptions extends SamplerOptions {
  /** Whether an index may come again. Default: true. */
  replacement?: boolean;
}

/**
 * Indices drawn in proportion to their weights, which need not sum to 1: so that a rare class comes as often as the others.
 * Mirrors `torch.utils.data.WeightedRandomSampler`.
 * @throws unless numSamples is a whole number above 0
 * @example
 * manualSeed(0);
 * console.log([...new WeightedRandomSampler([1, 2, 3, 4], 8)]);
 */
export class WeightedRandomSampler extends Sampler {
  readonly length: number;
  readonly #weights: Tensor;
  readonly #replacement: boolean;
  readonly #generator: Generator;

  constructor(weights: ArrayLike<number> | Tensor, numSamples: Int, options?: WeightedRandomSamplerOptions) {
    super();
    const { replacement, generator } = readOptions(options, { replacement: true, generator: defaultGenerator });
    const notPositive = () => `num_samples should be a positive integer value, but got num_samples=${numSamples}`;
    check(Number.isInteger(numSamples) && numSamples > 0, notPositive);
    this.#weights = tensor(weights instanceof Tensor ? weights.data : weights, { dtype: "float64" });
    this.length = numSamples;
    this.#replacement = replacement;
    this.#generator = generator;
  }

  override *[Symbol.iterator](): Iterator<number> {
    const [replacement, generator] = [this.#replacement, this.#generator];
    yield* multinomial(this.#weights, this.length, { replacement, generator }).data;
  }
}

/** Several at a time; a last few that are not `size` are left out if asked for. */
export function* grouped<Item>(items: Iterable<Item>, size: number, dropLast: boolean): IterableIterator<Item[]> {
  let group: Item[] = [];
  for (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0 && !dropLast) yield group;
}

/** How many groups that makes of so many. */
export const groupsOf = (length: number, size: number, dropLast: boolean): number =>
  dropLast ? Math.floor(length / size) : Math.ceil(length / size);

/** @throws for what is no size of a batch */
export function checkBatchSize(batchSize: number): void {
  const notPositive = () => `batch_size should be a positive integer value, but got batch_size=${batchSize}`;
  check(Number.isInteger(batchSize) && batchSize > 0, notPositive);
}

/** What gives indices, and says how many: a sampler, or an array. */
export type Indices<Index = number> = Iterable<Index> & { readonly length: number };

/**
 * The indices of a sampler, several at a time. Mirrors `torch.utils.data.BatchSampler`.
 * @throws unless batchSize is a whole number above 0
 * @example console.log([...new BatchSampler(new SequentialSampler(arange(10).data), 3, false)])
 */
export class BatchSampler extends Sampler<number[]> {
  /** Whose indices they are. */
  readonly sampler: Indices;
  /** Indices a batch. */
  readonly batchSize: number;
  /** Whether a last batch that is not full is left out. */
  readonly dropLast: boolean;

  constructor(sampler: Indices, batchSize: Int, dropLast: boolean) {
    super();
    checkBatchSize(batchSize);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  get length(): number {
    return groupsOf(this.sampler.length, this.batchSize, this.dropLast);
  }

  override [Symbol.iterator](): Iterator<number[]> {
    return grouped(this.sampler, this.batchSize, this.dropLast);
  }
}
