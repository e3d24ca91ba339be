/** Samples, batches and splits are PyTorch's; images held as bytes become tensors by a transform. */
import { describe, expect, it } from "vitest";
import {
  arange,
  DataLoader,
  type DataLoaderOptions,
  Dataset,
  ImageDataset,
  manualSeed,
  ones,
  randint,
  randn,
  randomSplit,
  Subset,
  type Tensor,
  TensorDataset,
  tensor,
  transforms,
  zeros,
} from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";
import { numbers, Own } from "./support.ts";

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

/** Three images of 2x2 whose pixels count from 0 to 11. */
const contents = {
  images: Uint8Array.from({ length: 12 }, (_, i) => i),
  targets: Int32Array.of(2, 0, 1),
  height: 2,
  width: 2,
  classes: ["a", "b", "c"],
};

/** The batches of one pass. */
function batchesOf(dataset: Dataset, options: DataLoaderOptions): Tensor[][] {
  torch.manualSeed(0);
  return torch.batches(new torch.DataLoader(dataset, options));
}

describe.each<[string, Dataset, order: number[], none: number[][]]>([
  ["TensorDataset", new TensorDataset(...tensors), [6, 0, 0, -2, 3], [[0, 2, 3], [0], [0, 3]]],
  ["Subset", new Subset(new TensorDataset(...tensors), Int32Array.of(6, 2, 2, -1)), [3, 0, -4, 0], [[0, 2, 3], [0], [0, 3]]], // biome-ignore format: a row of a table
  ["ImageDataset", new ImageDataset(contents), [2, 2, -3, 1], [[0, 1, 2, 2], [0]]],
])("%s", (_, dataset, order, none) => {
  it("gathers a batch as it would sample by sample", () => {
    const oneByOne = Dataset.prototype.getBatch.call(dataset, order) as unknown as Tensor[];
    for (const [field, x] of dataset.getBatch(order).entries()) expectExact(x, oneByOne[field]);
  });

  it("gathers no samples into tensors without rows", () => {
    expect(dataset.getBatch([]).map((x) => x.shape)).toEqual(none);
  });

  it("has no sample before the first, after the last or between", () => {
    const { length } = dataset;
    for (const index of [length, -length - 1, 1.5, Number.NaN]) {
      const error = new RangeError(`index ${index} is out of range for a dataset of ${length} samples`);
      expect(() => dataset.get(index)).toThrow(error);
      expect(() => dataset.getBatch([0, index])).toThrow(error);
    }
  });
});

describe("TensorDataset", () => {
  it("has as many samples as its tensors have rows", () => {
    expect(new TensorDataset(...tensors).length).toBe(7);
    expect(new TensorDataset(zeros([0, 3])).length).toBe(0);
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
      for (const i of [0, 3, 6, -1, -7]) {
        for (const [field, sample] of dataset.get(i).entries()) expectExact(sample, tensors[field].select(0, i));
      }
    });
  }

  it.each([
    ["another number of rows", [zeros([3, 2]), zeros([4, 2])], "[3, 2], [4, 2]"],
    ["no rows at all", [zeros(3), tensor(1)], "[3], []"],
  ])("refuses tensors of which one has %s", (_, unequal, shapes) => {
    const error = new Error(`Size mismatch between tensors: ${shapes}`);
    expect(() => new TensorDataset(...unequal)).toThrow(error);
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

  it("finds out when it is read that the dataset lacks a sample", () => {
    const subset = new Subset(numbers(10), [3, 10]);
    expect(subset.get(0)[0].item()).toBe(3);
    expect(() => subset.get(1)).toThrow("index 10 is out of range for a dataset of 10 samples");
    expect(() => subset.getBatch([0, 1])).toThrow("index 10 is out of range for a dataset of 10 samples");
  });
});

describe("a dataset of one's own, of which only get is written", () => {
  const listed = (...samples: Tensor[][]) => new Own(samples.length, (i) => samples[i]);
  const refusal =
    (...samples: Tensor[][]) =>
    () =>
      torch.error(() => batchesOf(listed(...samples), { batchSize: 2 }), "\n");

  answers.it("is stacked to PyTorch's batches", () => {
    const squares = (i: number) => [tensor([i, i * i]), tensor(i % 2, { dtype: "int32" }), tensor(i > 2)];
    return batchesOf(new Own(5, squares), { batchSize: 2, shuffle: true });
  });

  answers.it("may mix dtypes in a field: a batch has the most general of them", () => {
    const mixed = [tensor(true), tensor(3, { dtype: "int32" }), tensor(0.5), tensor(1e-300, { dtype: "float64" })];
    const backwards = mixed.toReversed();
    return batchesOf(listed(...mixed.map((x, i) => [x, backwards[i]])), { batchSize: 2 });
  });

  it("may have samples that are views", () => {
    const x = arange(6).reshape([2, 3]);
    const dataset = listed([x.transpose(0, 1)], [transposedInMemory(ones([3, 2]))]);
    const expected = [0, 3, 1, 4, 2, 5, 1, 1, 1, 1, 1, 1];
    expectExact(dataset.getBatch([0, 1])[0], { shape: [2, 3, 2], data: expected });
  });

  it("may have samples without fields, or elements", () => {
    expect(listed([], []).getBatch([0, 1])).toEqual([]);
    expect(listed([zeros([0, 2])], [zeros([0, 2])]).getBatch([0, 1])[0].shape).toEqual([2, 0, 2]);
  });

  answers.each({
    "samples of different shapes are PyTorch's error": refusal([zeros(2)], [zeros(3)]),
    "samples with too few fields are PyTorch's error": refusal([zeros(2), zeros(2)], [zeros(2)]),
    "samples with too many fields are PyTorch's error": refusal([zeros(2)], [zeros(2), zeros(2)]),
  });

  it("says which sample has another shape, also if its size is the same", () => {
    const dataset = listed([zeros([2, 3])], [zeros([2, 3])], [zeros([3, 2])]);
    expect(() => dataset.getBatch([0, 1, 2])).toThrow("but got [2, 3] at entry 0 and [3, 2] at entry 2");
  });
});

describe("ImageDataset", () => {
  const { ToTensor } = transforms;
  type ImageBatch = transforms.ImageBatch;
  const dataset = new ImageDataset(contents);

  it.each([0, 2, -1, -3])("sample %i is an image with its label", (index) => {
    const [image, label] = dataset.get(index);
    const position = (index + 3) % 3;
    const data = [0, 1, 2, 3].map((pixel) => Math.fround((4 * position + pixel) / 255));
    expectExact(image, { shape: [1, 2, 2], data });
    expectExact(label, { shape: [], data: [contents.targets[position]], dtype: "int32" });
  });

  it("gives copies: a batch may be changed", () => {
    const [images, labels] = dataset.getBatch([1]);
    images.fill_(7);
    labels.fill_(7);
    expect(dataset.getBatch([1])[1].toArray()).toEqual([0]);
    expect([...contents.images]).toEqual([...Array(12).keys()]);
  });

  it("may be empty", () => {
    const empty = new ImageDataset({ ...contents, images: new Uint8Array(0), targets: new Int32Array(0) });
    expect(empty.length).toBe(0);
    expect(() => empty.get(0)).toThrow("index 0 is out of range for a dataset of 0 samples");
  });

  it.each([2, 4, 2.5])("refuses three labels for %d images", (count) => {
    const images = new Uint8Array(4 * count);
    expect(() => new ImageDataset({ ...contents, images })).toThrow(`3 labels, but ${count} images of 2x2`);
  });

  it("has ToTensor for a transform, unless there is another", () => {
    expect(new ImageDataset(contents).transform).toBeInstanceOf(ToTensor);
    expect(new ImageDataset({ ...contents, transform: undefined }).transform).toBeInstanceOf(ToTensor);
  });

  it("gives its transform bytes, which decides on shape and dtype", () => {
    const seen: ImageBatch[] = [];
    const transform = {
      apply(batch: ImageBatch): Tensor {
        seen.push(batch);
        return zeros([batch.shape[0], 5], { dtype: "int32" });
      },
    };
    const dataset = new ImageDataset({ ...contents, transform });
    const [rows, labels] = dataset.getBatch([2, 0]);
    expect(seen).toEqual([{ bytes: Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3), shape: [2, 2, 2] }]);
    expect([rows.shape, rows.dtype]).toEqual([[2, 5], "int32"]);
    expect(labels.toArray()).toEqual([1, 2]);
    expect(dataset.get(0)[0].shape).toEqual([5]);
  });

  it("may have a transform that gives a tensor that lies otherwise in memory", () => {
    const transform = { apply: (batch: ImageBatch) => new ToTensor().apply(batch).transpose(2, 3) };
    const [image] = new ImageDataset({ ...contents, transform }).get(0);
    expectExact(image, { shape: [1, 2, 2], data: [0, 2, 1, 3].map((byte) => Math.fround(byte / 255)) });
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

describe("samples", () => {
  const batchOf = (...samples: unknown[]) => [...new DataLoader(samples, { batchSize: samples.length })][0];

  it("may give one tensor a sample", () =>
    expectExact(batchOf(ones([2]), zeros([2])) as Tensor, { shape: [2, 2], data: [1, 1, 0, 0] }));

  it("may give numbers, truths, texts, and arrays and objects of them", () => {
    const { image, names, label } = batchOf(
      { image: [ones([2]), true], names: ["a"], label: 2 },
      { image: [zeros([2]), false], names: ["b"], label: 3 },
    ) as unknown as { image: [Tensor, Tensor]; names: string[][]; label: Tensor };
    expectExact(image[0], { shape: [2, 2], data: [1, 1, 0, 0] });
    expectExact(image[1], { dtype: "bool", shape: [2], data: [1, 0] });
    expect(names).toEqual([["a", "b"]]);
    expectExact(label, [2, 3]);
  });

  it.each([null, undefined, new Date(), [new Map()]])("is told that %s is no sample", (sample) => {
    expect(() => batchOf(sample)).toThrow("a sample of a dataset may hold tensors, numbers, texts");
  });
});
