/** The loader's batches are PyTorch's, and so is what it draws, and when: test/fixtures/data.py wrote them. */
import { describe, expect, it } from "vitest";
import {
  arange,
  DataLoader,
  type DataLoaderOptions,
  Dataset,
  Generator,
  manualSeed,
  rand,
  type Tensor,
  TensorDataset,
  tensor,
  zeros,
} from "../../src/index.ts";
import { expectExact, readFixture } from "../support/fixtures.ts";

type Step = { do: "iter" } | { do: "next"; of: number; gives: number[] | null } | { do: "rand" | "own"; gives: number };

interface LoaderCase {
  name: string;
  n: number;
  seed: string;
  options: { ownSeed?: number | null; batchSize?: number; shuffle?: boolean; dropLast?: boolean };
  batches: number;
  steps: Step[];
}

const { loaders, errors } = readFixture<{ loaders: LoaderCase[]; errors: Record<string, string> }>("data.json");

/** The numbers 0 to n - 1. */
const numbers = (n: number) => new TensorDataset(arange(n, undefined, 1, { dtype: "int32" }));

const valuesOf = (batch: Tensor[]) => Array.from(batch[0].data);

/** The batches of one pass. */
const passOver = (loader: DataLoader) => Array.from(loader, valuesOf);

describe("a loader draws PyTorch's orders, and as much from each stream, at the same time", () => {
  const titleOf = ({ name, n, seed, options }: LoaderCase) => {
    const given = Object.entries(options).map(([key, value]) => `, ${key} ${value}`);
    return `${name}: ${n} samples, seed ${seed}${given.join("")}`;
  };

  it.each(loaders.map((loaderCase) => [titleOf(loaderCase), loaderCase] as const))("%s", (_, loaderCase) => {
    const { n, seed, batches, steps } = loaderCase;
    const { ownSeed = null, ...options } = loaderCase.options;
    const generator = ownSeed === null ? undefined : new Generator(ownSeed);
    manualSeed(BigInt(seed));
    const loader = new DataLoader(numbers(n), generator ? { ...options, generator } : options);
    expect(loader.length).toBe(batches);
    const passes: Iterator<Tensor[]>[] = [];
    for (const [i, step] of steps.entries()) {
      if (step.do === "iter") passes.push(loader[Symbol.iterator]());
      else if (step.do === "next") {
        const { done, value } = passes[step.of].next();
        expect(done ? null : valuesOf(value), `step ${i}`).toEqual(step.gives);
      } else {
        const drawn = step.do === "own" ? rand(1, { generator: generator! }) : rand(1);
        expectExact(drawn, Float32Array.of(step.gives));
      }
    }
  });

  it("seed 0, ten samples in fours", () => {
    manualSeed(0);
    const loader = new DataLoader(numbers(10), { batchSize: 4, shuffle: true });
    expect(passOver(loader)).toEqual([
      [6, 7, 1, 4],
      [2, 0, 9, 8],
      [3, 5],
    ]);
    expect(passOver(loader)).toEqual([
      [2, 4, 7, 0],
      [8, 9, 5, 3],
      [6, 1],
    ]);
  });
});

describe("a pass", () => {
  it("is in order, one sample at a time, unless told otherwise", () => {
    expect(passOver(new DataLoader(numbers(3)))).toEqual([[0], [1], [2]]);
  });

  it.each([1, 7, 64, 1000])("holds every sample once, in batches of %i", (batchSize) => {
    const all = passOver(new DataLoader(numbers(1000), { batchSize, shuffle: true })).flat();
    expect(all).not.toEqual([...Array(1000).keys()]);
    expect(all.sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
  });

  it("gives the fields of a sample side by side, for destructuring", () => {
    const dataset = new TensorDataset(zeros([5, 1, 2, 2]), tensor([4, 3, 2, 1, 0], { dtype: "int32" }));
    const shapes: unknown[] = [];
    for (const [images, labels] of new DataLoader(dataset, { batchSize: 3 })) shapes.push(images.shape, labels.shape);
    expect(shapes).toEqual([[3, 1, 2, 2], [3], [2, 1, 2, 2], [2]]);
  });

  it("sees the dataset as it is then", () => {
    class Growing extends Dataset {
      length = 2;
      override get = (index: number) => [tensor([index])];
    }
    const dataset = new Growing();
    const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true });
    expect(passOver(loader).flat().length).toBe(2);
    dataset.length = 5;
    expect(loader.length).toBe(3);
    expect(passOver(loader).flat().sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("fetches a batch only when it is asked for", () => {
    const fetched: number[] = [];
    class Watched extends Dataset {
      readonly length = 6;
      override get(index: number): Tensor[] {
        fetched.push(index);
        return [tensor(index)];
      }
    }
    for (const _ of new DataLoader(new Watched(), { batchSize: 2 })) {
      if (fetched.length === 4) break;
    }
    expect(fetched).toEqual([0, 1, 2, 3]);
  });

  it("ends in the dataset's error, if it has one", () => {
    class Broken extends Dataset {
      readonly length = 3;
      override get(index: number): Tensor[] {
        if (index === 2) throw new Error("sample 2 is unreadable");
        return [tensor(index)];
      }
    }
    const pass = new DataLoader(new Broken())[Symbol.iterator]();
    expect([pass.next().done, pass.next().done]).toEqual([false, false]);
    expect(() => pass.next()).toThrow("sample 2 is unreadable");
  });
});

describe("errors are PyTorch's", () => {
  const make = (options: DataLoaderOptions, n = 3) => new DataLoader(numbers(n), options);
  const cases: [string, () => unknown][] = [
    ["batch size 0", () => make({ batchSize: 0 })],
    ["batch size -1", () => make({ batchSize: -1 })],
    ["batch size 2.5", () => make({ batchSize: 2.5 })],
    ["shuffling nothing", () => make({ shuffle: true }, 0)],
  ];

  it.each(cases)("%s", (name, run) => {
    expect(run).toThrow(new Error(errors[name]));
  });

  it.each([Number.NaN, Infinity])("batch size %d is one too", (batchSize) => {
    expect(() => make({ batchSize })).toThrow("batch_size should be a positive integer value");
  });
});
