/** The loader's batches are PyTorch's, and so is what it draws, and when. */
import { describe, expect, it } from "vitest";
import {
  DataLoader,
  type DataLoaderOptions,
  defaultConvert,
  ones,
  type Tensor,
  TensorDataset,
  tensor,
  zeros,
} from "../../src/index.ts";
import { Answers, product, torch } from "../support/index.ts";
import { numbers, Own } from "./support.ts";

const answers = new Answers("dataloader", { atol: 0, rtol: 0 });

const valuesOf = (batch: Tensor[]) => Array.from(batch[0].data);

/** The batches of one pass. */
const passOver = (loader: DataLoader) => Array.from(loader, valuesOf);

/** What a case can do with a loader. */
interface Steps {
  begin(): void;
  /** Whether there is a next batch of a pass, the latest if none is named. */
  next(pass?: number): boolean;
  /** Draws a number from the global stream, and from the loader's own: it shows how much had been drawn by then. */
  look(): void;
}

const scripts = {
  "whole epochs": ({ begin, next, look }: Steps) => {
    for (let epoch = 0; epoch < 3; epoch++) {
      begin();
      while (next());
    }
    look();
  },
  "step by step": ({ begin, next, look }: Steps) => {
    for (let epoch = 0; epoch < 2; epoch++) {
      look();
      begin();
      do look();
      while (next());
    }
    look();
  },
  "left early": ({ begin, next, look }: Steps) => {
    begin();
    for (let pass = 1; pass < 3; pass++) {
      begin();
      next();
      look();
    }
  },
  "two at once": ({ begin, next, look }: Steps) => {
    begin();
    begin();
    next(1);
    while (next(0)) next(1);
    look();
    while (next(1));
    look();
  },
  "beyond the end": ({ begin, next, look }: Steps) => {
    begin();
    while (next());
    for (let i = 0; i < 2; i++) {
      next();
      look();
    }
  },
};

type Script = keyof typeof scripts;
type LoaderOptions = Omit<DataLoaderOptions, "generator"> & { ownSeed?: number | null };

function loaderCase(script: Script, n: number, seed: number | bigint, options: LoaderOptions = {}): void {
  const given = Object.entries(options).flatMap(([key, value]) => (value === null ? [] : [`, ${key} ${value}`]));
  answers.it(`${script}: ${n} samples, seed ${seed}${given.join("")}`, () => {
    const { ownSeed = null, ...rest } = options;
    const own = ownSeed === null ? {} : { generator: new torch.Generator(ownSeed) };
    torch.manualSeed(seed);
    const loader = new torch.DataLoader(numbers(n), { ...rest, ...own });
    const passes: Iterator<Tensor[]>[] = [];
    const seen: unknown[] = [torch.lengthOf(loader)];
    scripts[script]({
      begin: () => passes.push(torch.iterate(loader)),
      next: (pass = passes.length - 1) => {
        const batch = torch.next(passes[pass]);
        seen.push(batch?.[0].toArray() ?? null);
        return batch !== null;
      },
      look: () => seen.push(torch.rand(1), ...(ownSeed === null ? [] : [torch.rand(1, own)])),
    });
    return seen;
  });
}

describe("a loader draws PyTorch's orders, and as much from each stream, at the same time", () => {
  for (const [script, ownSeed] of product(Object.keys(scripts) as Script[], [null, 7])) {
    for (const [n, dropLast] of product([10, 12], [false, true])) {
      loaderCase(script, n, 0, { ownSeed, batchSize: 4, shuffle: true, dropLast });
    }
    loaderCase(script, 7, 1, { ownSeed, batchSize: 3, shuffle: false });
  }
  for (const [n, batchSize, dropLast] of product([1, 2, 5], [1, 2, 5, 8], [false, true])) {
    loaderCase("whole epochs", n, 3, { batchSize, shuffle: true, dropLast });
    loaderCase("step by step", n, 3, { ownSeed: 3, batchSize, shuffle: true, dropLast });
  }
  for (const seed of [42, 1234, -1, 2 ** 32 + 42, 2n ** 63n, 2n ** 64n - 1n]) {
    loaderCase("whole epochs", 20, seed, { batchSize: 6, shuffle: true });
  }
  loaderCase("whole epochs", 0, 0, { batchSize: 2 });
  loaderCase("beyond the end", 0, 0, { batchSize: 2, dropLast: true });
  loaderCase("beyond the end", 0, 0, { ownSeed: 0, batchSize: 2 });
  loaderCase("step by step", 5, 0);
  for (const ownSeed of [null, 6]) {
    loaderCase("whole epochs", 700, 5, { ownSeed, batchSize: 300, shuffle: true }); // more than the generator has words
  }
});

describe("a pass", () => {
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
    const dataset = new Own(2, (index) => [tensor([index])]);
    const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true });
    expect(passOver(loader).flat().length).toBe(2);
    dataset.length = 5;
    expect(loader.length).toBe(3);
    expect(passOver(loader).flat().sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("fetches a batch only when it is asked for", () => {
    const fetched: number[] = [];
    const dataset = new Own(6, (index) => {
      fetched.push(index);
      return [tensor(index)];
    });
    for (const _ of new DataLoader(dataset, { batchSize: 2 })) {
      if (fetched.length === 4) break;
    }
    expect(fetched).toEqual([0, 1, 2, 3]);
  });

  it("ends in the dataset's error, if it has one", () => {
    const broken = new Own(3, (index) => {
      if (index === 2) throw new Error("sample 2 is unreadable");
      return [tensor(index)];
    });
    const pass = new DataLoader(broken)[Symbol.iterator]();
    expect([pass.next().done, pass.next().done]).toEqual([false, false]);
    expect(() => pass.next()).toThrow("sample 2 is unreadable");
  });
});

describe("errors are PyTorch's", () => {
  const make = (options: DataLoaderOptions, n = 3) => new torch.DataLoader(numbers(n), options);
  const refused = {
    "batch size 0": () => make({ batchSize: 0 }),
    "batch size -1": () => make({ batchSize: -1 }),
    "batch size 2.5": () => make({ batchSize: 2.5 }),
    "shuffling nothing": () => make({ shuffle: true }, 0),
  };
  for (const [name, run] of Object.entries(refused)) answers.it(name, () => torch.error(run, "\n"));

  it.each([Number.NaN, Infinity])("batch size %d is one too", (batchSize) => {
    expect(() => new DataLoader(numbers(3), { batchSize })).toThrow("batch_size should be a positive integer value");
  });
});

it("a sample without a batch has its typed arrays as tensors, and all else as it is", () => {
  const pixels = Float32Array.of(0, 0.5);
  const found = defaultConvert({ pixels, label: 3, parts: [Int32Array.of(1), "name"], known: ones(1) });
  expect(found.pixels.toArray()).toEqual([0, 0.5]);
  expect(found.parts[0]).toMatchObject({ dtype: "int32", shape: [1] });
  expect([found.label, found.parts[1]]).toEqual([3, "name"]);
  expect(defaultConvert(2)).toBe(2);
});
