/** Samples, batches and splits are PyTorch's. */
import { describe, expect, it } from "vitest";
import {
  arange,
  type DataLoaderOptions,
  Dataset,
  Generator,
  manualSeed,
  ones,
  randint,
  randn,
  randomSplit,
  Subset,
  type Tensor,
  TensorDataset,
  tensor,
  zeros,
} from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { expectExact } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";

const answers = new Answers("dataset", { atol: 0, rtol: 0 });

/** The same elements, but dimension 0 moves fastest. */
const transposedInMemory = (x: Tensor) => x.transpose(0, 1).contiguous().transpose(0, 1);

/** The same elements, but in the middle of a longer storage. */
const insideAnother = (x: Tensor) => {
  const longer = zeros([x.shape[0] + 3, ...x.shape.slice(1)], { dtype: x.dtype });
  longer.narrow(0, 2, x.shape[0]).copy_(x);
  return longer.narrow(0, 2, x.shape[0]);
};

manualSeed(0);
const tensors = [randn([7, 2, 3]), randint(0, 10, [7], { dtype: "int32" }), randn([3, 7], { dtype: "float64" }).t()];

/** The numbers 0 to n - 1. */
const numbers = (n: number) => new TensorDataset(arange(n, undefined, 1, { dtype: "int32" }));

/** The batches of one pass. */
function batchesOf(dataset: Dataset, options: DataLoaderOptions): Tensor[][] {
  torch.manualSeed(0);
  return torch.batches(new torch.DataLoader(dataset, options));
}

describe("TensorDataset", () => {
  it("has as many samples as its tensors have rows", () => {
    expect(new TensorDataset(...tensors).length).toBe(7);
    expect(new TensorDataset(zeros([0, 3])).length).toBe(0);
  });

  it.each([0, 3, 6, -1, -7])("sample %i is that row of each tensor", (index) => {
    const sample = new TensorDataset(...tensors).get(index);
    tensors.forEach((x, field) => {
      expectExact(sample[field], x.select(0, index));
      expect(sample[field].dtype).toBe(x.dtype);
    });
  });

  it("has scalars for samples where a tensor is a vector", () => {
    const [label] = numbers(3).get(2);
    expect([label.shape, label.item()]).toEqual([[], 2]);
  });

  it("gives samples as views, and batches as copies", () => {
    const x = zeros([3, 2]);
    const dataset = new TensorDataset(x);
    const [batch] = dataset.getBatch([1]);
    x.fill_(5);
    expect(dataset.get(1)[0].toArray()).toEqual([5, 5]);
    expect(batch.toArray()).toEqual([[0, 0]]);
  });

  const [x, y, z] = tensors;
  for (const [name, laidOut] of Object.entries({
    "in row-major order": [x, y, z.contiguous()],
    "in another order in memory": [transposedInMemory(x), y, transposedInMemory(z)],
    "inside another tensor": [insideAnother(x), y, insideAnother(z)],
  })) {
    answers.it(`gives PyTorch's batches of tensors ${name}`, () =>
      batchesOf(new torch.TensorDataset(...laidOut), { batchSize: 3, shuffle: true }),
    );

    it(`gives the rows of tensors ${name}`, () => {
      const dataset = new TensorDataset(...laidOut);
      expectExact(dataset.get(4)[0], x.select(0, 4));
      expectExact(dataset.get(-2)[2], z.select(0, 5));
    });
  }

  it("gathers a batch as it would sample by sample", () => {
    const dataset = new TensorDataset(...tensors);
    const order = [6, 0, 0, -2, 3];
    const oneByOne = Dataset.prototype.getBatch.call(dataset, order);
    dataset.getBatch(order).forEach((x, field) => {
      expectExact(x, oneByOne[field]);
    });
  });

  it("gathers no samples into tensors without rows", () => {
    const shapes = new TensorDataset(...tensors).getBatch([]).map((x) => x.shape);
    expect(shapes).toEqual([[0, 2, 3], [0], [0, 3]]);
  });

  it.each([7, -8, 1.5, Number.NaN])("has no sample %d", (index) => {
    const dataset = new TensorDataset(...tensors);
    const error = new RangeError(`index ${index} is out of range for a dataset of 7 samples`);
    expect(() => dataset.get(index)).toThrow(error);
    expect(() => dataset.getBatch([0, index])).toThrow(error);
  });

  it.each([
    ["another number of rows", [zeros([3, 2]), zeros([4, 2])], "[3, 2], [4, 2]"],
    ["no rows at all", [zeros(3), tensor(1)], "[3], []"],
  ])("refuses tensors of which one has %s", (_, unequal, shapes) => {
    const run = () => new TensorDataset(...unequal);
    expect(run).toThrow(new Error(`Size mismatch between tensors: ${shapes}`));
  });

  answers.it("refuses, as PyTorch does, tensors of different lengths", () =>
    torch.error(() => new torch.TensorDataset(zeros(3), zeros(4))),
  );
});

describe("Subset", () => {
  const torchs = () => new torch.TensorDataset(...tensors);
  answers.it("gives PyTorch's batches, repeated and negative indices included", () =>
    batchesOf(new torch.Subset(torchs(), [6, 2, 2, -1]), { batchSize: 3 }),
  );

  answers.it("may be one of a subset", () =>
    batchesOf(new torch.Subset(new torch.Subset(torchs(), [6, 5, 4, 3]), [3, 0]), { batchSize: 3 }),
  );

  it("counts its own samples", () => {
    const subset = new Subset(numbers(10), Int32Array.of(8, 3, 5));
    expect(subset.length).toBe(3);
    expect([0, 1, 2, -1, -3].map((index) => subset.get(index)[0].item())).toEqual([8, 3, 5, 5, 8]);
    for (const index of [3, -4]) {
      const error = new RangeError(`index ${index} is out of range for a dataset of 3 samples`);
      expect(() => subset.get(index)).toThrow(error);
      expect(() => subset.getBatch([index])).toThrow(error);
    }
  });

  it("finds out when it is read that the dataset lacks a sample", () => {
    const subset = new Subset(numbers(10), [3, 10]);
    expect(subset.get(0)[0].item()).toBe(3);
    expect(() => subset.get(1)).toThrow("index 10 is out of range for a dataset of 10 samples");
    expect(() => subset.getBatch([0, 1])).toThrow("index 10 is out of range for a dataset of 10 samples");
  });
});

describe("a dataset of one's own, of which only get is written", () => {
  class Listed extends Dataset {
    readonly samples: Tensor[][];
    constructor(...samples: Tensor[][]) {
      super();
      this.samples = samples;
    }
    get length(): number {
      return this.samples.length;
    }
    override get(index: number): Tensor[] {
      return this.samples[index];
    }
  }

  answers.it("is stacked to PyTorch's batches", () => {
    class Squares extends Dataset {
      readonly length = 5;
      override get(i: number): Tensor[] {
        return [tensor([i, i * i]), tensor(i % 2, { dtype: "int32" }), tensor(i > 2)];
      }
    }
    return batchesOf(new Squares(), { batchSize: 2, shuffle: true });
  });

  answers.it("may mix dtypes in a field: a batch has the most general of them", () => {
    const mixed = [tensor(true), tensor(3, { dtype: "int32" }), tensor(0.5), tensor(1e-300, { dtype: "float64" })];
    const backwards = mixed.toReversed();
    return batchesOf(new Listed(...mixed.map((x, i) => [x, backwards[i]])), { batchSize: 2 });
  });

  it("may have samples that are views", () => {
    const x = arange(6).reshape([2, 3]);
    const dataset = new Listed([x.transpose(0, 1)], [transposedInMemory(ones([3, 2]))]);
    const expected = [0, 3, 1, 4, 2, 5, 1, 1, 1, 1, 1, 1];
    expectExact(dataset.getBatch([0, 1])[0], { shape: [2, 3, 2], data: expected });
  });

  it("may have samples without fields, or elements", () => {
    expect(new Listed([], []).getBatch([0, 1])).toEqual([]);
    expect(new Listed([zeros([0, 2])], [zeros([0, 2])]).getBatch([0, 1])[0].shape).toEqual([2, 0, 2]);
  });

  const cases: [string, Listed][] = [
    ["samples of different shapes", new Listed([zeros(2)], [zeros(3)])],
    ["samples with too few fields", new Listed([zeros(2), zeros(2)], [zeros(2)])],
    ["samples with too many fields", new Listed([zeros(2)], [zeros(2), zeros(2)])],
  ];
  for (const [name, dataset] of cases) {
    answers.it(`${name} are PyTorch's error`, () => torch.error(() => batchesOf(dataset, { batchSize: 2 }), "\n"));
  }

  it("says which sample has another shape, also if its size is the same", () => {
    const dataset = new Listed([zeros([2, 3])], [zeros([2, 3])], [zeros([3, 2])]);
    expect(() => dataset.getBatch([0, 1, 2])).toThrow("but got [2, 3] at entry 0 and [3, 2] at entry 2");
  });
});

describe("randomSplit makes PyTorch's pieces", () => {
  function split(n: number, lengths: number[], seed: number, ownSeed?: number): void {
    const parts = lengths.map((length) => Number(length.toFixed(3))).join(" + ");
    const own = ownSeed === undefined ? "" : `, own seed ${ownSeed}`;
    answers.it(`${n} samples, ${parts}, seed ${seed}${own}`, () => {
      torch.manualSeed(seed);
      const options = ownSeed === undefined ? {} : { generator: new torch.Generator(ownSeed) };
      const pieces = torch.randomSplit(numbers(n), lengths, options);
      return [pieces.map((piece) => [torch.lengthOf(piece), piece.indices]), torch.rand(1, options)];
    });
  }
  for (const seed of [0, 42]) {
    for (const lengths of [[3, 7], [7, 3], [0, 10], [4, 0, 6], [10]]) split(10, lengths, seed); // biome-ignore format: a list
    split(10, [3, 7], 0, seed);
  }
  const fractions = [[0.3, 0.3, 0.4], [0.9, 0.1], [0.5, 0.5], Array(3).fill(1 / 3), Array(10).fill(0.1), [0.7, 0.3]];
  for (const n of [1, 2, 10, 29]) for (const lengths of [...fractions, [0, 1], [1]]) split(n, lengths, 42);
  split(29, [0.8, 0.2], 1, 2);
  split(0, [0.5, 0.5], 1);
  split(1000, [0.995, 0.005], 1);

  it("that are datasets", () => {
    const [train, rest] = randomSplit(numbers(10), [7, 3], { generator: new Generator(1) });
    const values = [train, rest].flatMap((piece) =>
      Array.from(piece.getBatch(Array.from(piece.indices, (_, i) => i))[0].data),
    );
    expect(values).toEqual([...Array.from(train.indices), ...Array.from(rest.indices)]);
    expect(values.sort((a, b) => a - b)).toEqual([...Array(10).keys()]);
  });

  const refused: [string, number[]][] = [
    ["too few in the pieces", [3, 6]],
    ["too many in the pieces", [3, 8]],
    ["no pieces", []],
    ["fractions that sum to too little", [0.5, 0.4]],
    ["fractions that sum to too much", [0.5, 0.6]],
    ["fractions that sum to a hair too much", [0.5, 0.5 + 2 ** -40]],
    ["a negative fraction", [0.5, -0.25, 0.75]],
    ["a fraction above 1", [1.5, -0.5]],
  ];

  for (const [name, lengths] of refused) {
    answers.it(`or PyTorch's error: ${name}`, () => {
      torch.manualSeed(0);
      const message = torch.error(() => torch.randomSplit(numbers(10), lengths), "!");
      return [message, torch.rand(1)]; // nothing was drawn
    });
  }

  it("and the error says what did not add up", () => {
    expect(() => randomSplit(numbers(10), [3, 6])).toThrow("3 + 6 is not 10");
  });
});
