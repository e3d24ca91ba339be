/** Samples, batches and splits are PyTorch's: test/fixtures/data.py wrote them. */
import { describe, expect, it } from "vitest";
import {
  arange,
  DataLoader,
  Dataset,
  Generator,
  manualSeed,
  ones,
  rand,
  randomSplit,
  Subset,
  type Tensor,
  TensorDataset,
  tensor,
  zeros,
} from "../../src/index.ts";
import { expectExact, readFixture, type StoredTensor, toTensor } from "../support/fixtures.ts";

interface Split {
  n: number;
  lengths: number[];
  seed: number;
  ownSeed: number | null;
  pieces: number[][];
  /** The next number from the generator that was used. */
  next: number;
}

const { splits, stacked, errors } = readFixture<{
  splits: Split[];
  stacked: { tensors: StoredTensor[] } & Record<string, StoredTensor[][]>;
  errors: Record<string, string>;
}>("data.json");

/** The same elements, but dimension 0 moves fastest. */
const transposedInMemory = (x: Tensor) => x.transpose(0, 1).contiguous().transpose(0, 1);

/** The same elements, but in the middle of a longer storage. */
const insideAnother = (x: Tensor) => {
  const longer = zeros([x.shape[0] + 3, ...x.shape.slice(1)], { dtype: x.dtype });
  longer.narrow(0, 2, x.shape[0]).copy_(x);
  return longer.narrow(0, 2, x.shape[0]);
};

const tensors = stacked.tensors.map((x) => toTensor(x));

/** The numbers 0 to n - 1. */
const numbers = (n: number) => new TensorDataset(arange(n, undefined, 1, { dtype: "int32" }));

function expectBatches(loader: DataLoader, expected: StoredTensor[][]) {
  const batches = [...loader];
  expect(batches.map((batch) => batch.length)).toEqual(expected.map((batch) => batch.length));
  batches.forEach((batch, i) => {
    batch.forEach((x, field) => {
      expectExact(x, expected[i][field]);
    });
  });
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

  it.each([
    ["in row-major order", (x: Tensor) => x],
    ["in another order in memory", transposedInMemory],
    ["inside another tensor", insideAnother],
  ])("gives PyTorch's batches of tensors %s", (_, laidOut) => {
    const [x, y, z] = tensors;
    const dataset = new TensorDataset(laidOut(x), y, laidOut(z));
    manualSeed(0);
    expectBatches(new DataLoader(dataset, { batchSize: 3, shuffle: true }), stacked.tensorDataset);
    expectExact(dataset.get(4)[0], x.select(0, 4));
    expectExact(dataset.get(-2)[2], z.select(0, 5));
  });

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
    expect(run).toThrow(new Error(`${errors["tensors of different lengths"]}: ${shapes}`));
  });
});

describe("Subset", () => {
  const all = new TensorDataset(...tensors);

  it("gives PyTorch's batches, repeated and negative indices included", () => {
    expectBatches(new DataLoader(new Subset(all, [6, 2, 2, -1]), { batchSize: 3 }), stacked.subset);
  });

  it("may be one of a subset", () => {
    const inner = new Subset(all, [6, 5, 4, 3]);
    expectBatches(new DataLoader(new Subset(inner, [3, 0]), { batchSize: 3 }), stacked.subsetOfSubset);
  });

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

  it("is stacked to PyTorch's batches", () => {
    class Squares extends Dataset {
      readonly length = 5;
      override get(i: number): Tensor[] {
        return [tensor([i, i * i]), tensor(i % 2, { dtype: "int32" }), tensor(i > 2)];
      }
    }
    manualSeed(0);
    expectBatches(new DataLoader(new Squares(), { batchSize: 2, shuffle: true }), stacked.squares);
  });

  it("may mix dtypes in a field: a batch has the most general of them", () => {
    const mixed = [tensor(true), tensor(3, { dtype: "int32" }), tensor(0.5), tensor(1e-300, { dtype: "float64" })];
    const backwards = mixed.toReversed();
    const dataset = new Listed(...mixed.map((x, i) => [x, backwards[i]]));
    expectBatches(new DataLoader(dataset, { batchSize: 2 }), stacked.mixed);
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

  it.each(cases)("%s are PyTorch's error", (name, dataset) => {
    expect(() => dataset.getBatch([0, 1])).toThrow(new Error(errors[name]));
  });

  it("says which sample has another shape, also if its size is the same", () => {
    const dataset = new Listed([zeros([2, 3])], [zeros([2, 3])], [zeros([3, 2])]);
    expect(() => dataset.getBatch([0, 1, 2])).toThrow("but got [2, 3] at entry 0 and [3, 2] at entry 2");
  });
});

describe("randomSplit makes PyTorch's pieces", () => {
  const titled = splits.map((split) => {
    const { n, lengths, seed, ownSeed } = split;
    const parts = lengths.map((length) => Number(length.toFixed(3))).join(" + ");
    return [`${n} samples, ${parts}, seed ${seed}${ownSeed === null ? "" : `, own seed ${ownSeed}`}`, split] as const;
  });

  it.each(titled)("%s", (_, { n, lengths, seed, ownSeed, pieces, next }) => {
    manualSeed(seed);
    const generator = ownSeed === null ? undefined : new Generator(ownSeed);
    const options = generator ? { generator } : {};
    const made = randomSplit(numbers(n), lengths, options);
    expect(made.map(({ indices }) => Array.from(indices))).toEqual(pieces);
    expect(made.map(({ length }) => length)).toEqual(pieces.map(({ length }) => length));
    expectExact(rand(1, options), Float32Array.of(next));
  });

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

  it.each(refused)("or PyTorch's error: %s", (name, lengths) => {
    manualSeed(0);
    expect(() => randomSplit(numbers(10), lengths)).toThrow(errors[name]);
    expect(rand(1).item()).toBe(rand(1, { generator: new Generator(0) }).item()); // nothing was drawn
  });

  it("and the error says what did not add up", () => {
    expect(() => randomSplit(numbers(10), [3, 6])).toThrow("3 + 6 is not 10");
  });
});
