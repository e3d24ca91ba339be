/** Samplers give PyTorch's indices, and draw as much; so do loaders that are given one. */
import { describe, expect, it } from "vitest";
import {
  BatchSampler,
  ChainDataset,
  ConcatDataset,
  DataLoader,
  type DataLoaderOptions,
  IterableDataset,
  RandomSampler,
  Sampler,
  SequentialSampler,
  Subset,
  TensorDataset,
  tensor,
} from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const answers = new Answers("samplers", { atol: 0, rtol: 0 });

const source = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const indices = (sampler: Iterable<number>): number[] => torch.batches(sampler as never) as unknown as number[];

/** Two passes of a sampler, and what is drawn next. */
function passes(
  name: string,
  make: (generator: { generator?: InstanceType<typeof torch.Generator> }) => Iterable<number>,
): void {
  for (const ownSeed of [null, 5]) {
    answers.it(`${name}${ownSeed === null ? "" : ", a generator of one's own"}`, () => {
      const own = ownSeed === null ? {} : { generator: new torch.Generator(ownSeed) };
      torch.manualSeed(3);
      const sampler = make(own);
      return [torch.lengthOf(sampler as never), indices(sampler), indices(sampler), torch.rand(1), torch.rand(1, own)];
    });
  }
}

describe("samplers", () => {
  passes("all", (own) => new torch.RandomSampler(source(7), own));
  for (const numSamples of [1, 3, 7, 14, 17]) {
    passes(`${numSamples} of 7`, (own) => new torch.RandomSampler(source(7), { numSamples, ...own }));
  }
  for (const numSamples of [3, 32, 100]) {
    const replacement = true;
    passes(
      `${numSamples}, again and again`,
      (own) => new torch.RandomSampler(source(7), { replacement, numSamples, ...own }),
    );
  }
  passes("a subset", (own) => new torch.SubsetRandomSampler([10, 20, 30, 40], own));
  passes("by weight", (own) => new torch.WeightedRandomSampler([1, 2, 3, 4], 8, own));
  passes(
    "by weight, each once",
    (own) => new torch.WeightedRandomSampler([1, 0.5, 3], 2, { replacement: false, ...own }),
  );

  it("in order, and in groups", () => {
    expect([...new SequentialSampler(source(3))]).toEqual([0, 1, 2]);
    const groups = (n: number, dropLast: boolean) => new BatchSampler(new SequentialSampler(source(n)), 3, dropLast);
    expect([...groups(7, false)]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect([...groups(7, true), ...groups(0, false)]).toEqual([[0, 1, 2], [3, 4, 5]]); // biome-ignore format: two groups
    expect([groups(7, false).length, groups(7, true).length, groups(6, false).length]).toEqual([3, 2, 2]);
  });

  const refused = {
    "nothing to draw from": () => new torch.RandomSampler([]),
    "no samples": () => new torch.RandomSampler(source(3), { numSamples: 0 }),
    "no samples by weight": () => new torch.WeightedRandomSampler([1], 0),
    "batches of none": () => new torch.BatchSampler([1], 0, false),
    "more by weight than there are": () =>
      torch.batches(new torch.WeightedRandomSampler([1, 2], 3, { replacement: false }) as never),
  };
  for (const [name, run] of Object.entries(refused)) answers.it(name, () => torch.error(run, ": "));
});

/** 0, 1, 2, … as a stream. */
class Count extends IterableDataset<number> {
  readonly #end: number;

  constructor(end: number) {
    super();
    this.#end = end;
  }

  override *[Symbol.iterator](): Iterator<number> {
    yield* source(this.#end);
  }
}

/** Batches as lists. */
const listsOf = <Sample>(loader: DataLoader<Sample>) =>
  Array.from(loader, (x) => (x as ReturnType<typeof tensor>).toArray());

describe("a loader", () => {
  const samples = (n: number) => source(n).map((i) => tensor(i));

  for (const [name, options] of Object.entries<(n: number) => DataLoaderOptions<never>>({
    "with a sampler": (n) => ({ sampler: new torch.RandomSampler(source(n)), batchSize: 2 }),
    "with weights": () => ({ sampler: new torch.WeightedRandomSampler([1, 2, 3], 5), batchSize: 2, dropLast: true }),
    "with batches of one's own": () => ({ batchSampler: [[2], [0, 1], [1, 1, 1]] }),
    "without batches": () => ({ batchSize: null, shuffle: true }),
  })) {
    answers.it(name, () => {
      torch.manualSeed(1);
      const loader = new torch.DataLoader(samples(5) as never, options(5));
      return [torch.lengthOf(loader), torch.batches(loader as never), torch.rand(1)];
    });
  }

  it("takes a plain array, whose samples are collated", () => {
    const pairs = source(3).map((i) => [tensor([i, i]), i] as const);
    const [[x, y]] = new DataLoader(pairs, { batchSize: 3 });
    expectExact(x, { shape: [3, 2], data: [0, 0, 1, 1, 2, 2] });
    expectExact(y, [0, 1, 2]);
  });

  it("makes batches by a function of one's own", () => {
    const loader = new DataLoader(["one", "three"], {
      batchSize: 2,
      collateFn: (texts) => texts.map((text) => text.length),
    });
    expect([...loader]).toEqual([[3, 5]]);
    const streamed = new DataLoader(new Count(3), { batchSize: 2, collateFn: (numbers) => numbers.join("+") });
    expect([...streamed]).toEqual(["0+1", "2"]);
  });

  it("takes a stream in its own order", () => {
    expect(listsOf(new DataLoader(new Count(5), { batchSize: 2 }))).toEqual([[0, 1], [2, 3], [4]]);
    expect(listsOf(new DataLoader(new Count(5), { batchSize: 2, dropLast: true }))).toEqual([[0, 1], [2, 3]]); // biome-ignore format: two batches
    expect([...new DataLoader(new Count(3), { batchSize: null })]).toEqual([0, 1, 2]);
    expect([...new ChainDataset([new Count(2), new Count(1)])]).toEqual([0, 1, 0]);
  });

  it("knows the length of a stream that says it", () => {
    expect(() => new DataLoader(new Count(5)).length).toThrow("object of type 'Count' has no len()");
    class Counted extends Count {
      override get length(): number {
        return 5;
      }
    }
    expect(new DataLoader(new Counted(5), { batchSize: 2 }).length).toBe(3);
    expect(new DataLoader(new Counted(5), { batchSize: 2, dropLast: true }).length).toBe(2);
  });

  it("takes a sampler of one's own", () => {
    class Backwards extends Sampler {
      readonly length = 3;
      override *[Symbol.iterator]() {
        for (let i = this.length - 1; i >= 0; i--) yield i;
      }
    }
    expect(listsOf(new DataLoader([5, 6, 7], { batchSize: 2, sampler: new Backwards() }))).toEqual([[7, 6], [5]]);
  });

  const refused: Record<string, DataLoaderOptions<never>> = {
    "a sampler, and shuffled": { sampler: [0], shuffle: true },
    "batches of one's own, and of 2": { batchSampler: [[0]], batchSize: 2 },
    "batches of one's own, shuffled": { batchSampler: [[0]], shuffle: true },
    "no batches, of which the last is left out": { batchSize: null, dropLast: true },
  };
  for (const [name, options] of Object.entries(refused)) {
    answers.it(name, () => torch.error(() => new torch.DataLoader([0, 1] as never, options)));
  }

  it.each([
    [{ shuffle: true }, "expected unspecified shuffle option, but got shuffle=true"],
    [{ sampler: [1] }, "expected unspecified sampler option, but got sampler=1"],
    [{ batchSampler: [[1]] }, "expected unspecified batch_sampler option, but got batch_sampler=1"],
    [{ batchSize: 0 }, "batch_size should be a positive integer value"],
  ])("refuses a stream with %j", (options, words) => {
    expect(() => new DataLoader(new Count(3), options)).toThrow(words);
  });
});

describe("datasets in a row", () => {
  const rows = (...values: number[]) => new TensorDataset(tensor(values));
  const both = new ConcatDataset([rows(1, 2), rows(), rows(3)]);

  it("have the samples of each", () => {
    expect(both.length).toBe(3);
    expect([0, 1, 2, -1].map((i) => both.get(i)[0].item())).toEqual([1, 2, 3, 3]);
    expectExact(both.getBatch([2, 0])[0], [3, 1]);
    expect(() => both.get(3)).toThrow("index 3 is out of range for a dataset of 3 samples");
    expect(() => new ConcatDataset([])).toThrow("datasets should not be an empty iterable");
  });

  it("may be plain arrays, as may the parts of one", () => {
    expect([...new DataLoader(new ConcatDataset([["a"], ["b", "c"]]), { batchSize: 3 })]).toEqual([["a", "b", "c"]]);
    expect(new Subset(["a", "b", "c"], [2, 0]).getBatch([0, 1])).toEqual(["c", "a"]);
    expect(new RandomSampler(["a"]).length).toBe(1);
  });
});
