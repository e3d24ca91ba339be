/** Datasets that torchvision has, from small files that are laid out as they are published, byte for byte. No network. */
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect } from "vitest";
import { provide } from "../../src/data/archives.ts";
import {
  CIFAR10,
  CIFAR100,
  DatasetFolder,
  EMNIST,
  FakeData,
  ImageFolder,
  KMNIST,
  STL10,
  SVHN,
} from "../../src/data/datasets.ts";
import { encodePng, writeJpeg } from "../../src/data/image.ts";
import { DataLoader, manualSeed, rand, randint, type Tensor, tensor, transforms, zeros } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";
import { filesIn, idx, it, md5, serve, write, zipFile } from "./support.ts";

const answers = new Answers("fake_data", { atol: 0, rtol: 0 });

/** Bytes that differ: what a random picture of so many has. */
const noise = (seed: number, length: number): Uint8Array => {
  manualSeed(seed);
  return Uint8Array.from(randint(0, 256, length, { dtype: "int32" }).data);
};

const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);

/** What Python 2 writes of a dict: texts without an encoding, lists, numbers below 256, and arrays of bytes. */
function python2(dict: Record<string, string | (string | number)[] | { shape: [number, number]; bytes: Uint8Array }>) {
  const latin = (text: string) => Buffer.from(text, "latin1");
  const text = (bytes: Uint8Array) =>
    bytes.length < 256 ? [latin("U"), Buffer.of(bytes.length), bytes] : [latin("T"), uint32(bytes.length), bytes];
  const int = (value: number) => [latin("J"), uint32(value)];
  const encoded = (value: (typeof dict)[string] | number): Buffer[] => {
    if (typeof value === "number") return [latin("K"), Buffer.of(value)];
    if (typeof value === "string") return text(latin(value)) as Buffer[];
    if (Array.isArray(value)) return [latin("]("), ...value.flatMap(encoded), latin("e")];
    const [rows, columns] = value.shape.map(int);
    const array = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01";
    const type = "cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89";
    return [
      latin(array),
      ...rows,
      ...columns,
      latin("\x86"),
      latin(type),
      ...text(value.bytes),
      latin("tb"),
    ] as Buffer[];
  };
  const items = Object.entries(dict).flatMap(([key, value]) => [...text(latin(key)), ...encoded(value)]);
  return Buffer.concat([latin("\x80\x02}("), ...items, latin("u.")]);
}

/** A tar file. */
function tar(files: Record<string, Uint8Array>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(`${content.length.toString(8).padStart(11, "0")} `, 124);
    header.write("        0", 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const batch = (seed: number, key: string, labels: number[]) =>
  python2({
    batch_label: `batch ${seed}`,
    [key]: labels,
    data: { shape: [labels.length, 3072], bytes: noise(seed, 3072 * labels.length) },
    filenames: labels.map((label) => `${label}.png`),
  });

/** The pixels of image i. */
const pixelsOf = ({ images }: { images: Uint8Array }, i: number, size: number) => [
  ...images.subarray(i * size, (i + 1) * size),
];

describe("CIFAR", () => {
  const names = ["airplane", "automobile", "bird"];

  it("10 has five files to train on, one to test on, and one with its classes", async ({ root }) => {
    const place = (name: string) => join(root, "cifar-10-batches-py", name);
    for (let i = 1; i <= 5; i++) write(place(`data_batch_${i}`), batch(i, "labels", [i % 3, 2]));
    write(place("test_batch"), batch(6, "labels", [1]));
    write(place("batches.meta"), python2({ label_names: names, num_vis: [1] }));
    const train = await CIFAR10.load({ root });
    expect([train.length, train.channels, train.height, train.width]).toEqual([10, 3, 32, 32]);
    expect([...train.targets]).toEqual([1, 2, 2, 2, 0, 2, 1, 2, 2, 2]);
    expect(train.classToIdx).toEqual({ airplane: 0, automobile: 1, bird: 2 });
    expect(pixelsOf(train, 3, 3072)).toEqual([...noise(2, 6144).subarray(3072)]);
    const test = await CIFAR10.load({
      root,
      train: false,
      targetTransform: new transforms.Lambda((x: Tensor) => x.add(5)),
    });
    const [image, label] = test.get(0);
    expectExact(
      image,
      tensor([...noise(6, 3072)])
        .div(255)
        .view(3, 32, 32),
    );
    expect([label.item(), label.dtype]).toEqual([6, "int32"]);
    expect(String(test)).toBe(
      `Dataset CIFAR10\n    Number of datapoints: 1\n    Root location: ${root}\n    Split: Test\n    StandardTransform\n` +
        "Transform: ToTensor()\nTarget transform: Lambda()",
    );
  });

  it("100 has fine labels", async ({ root }) => {
    write(join(root, "cifar-100-python", "train"), batch(1, "fine_labels", [2, 0]));
    write(join(root, "cifar-100-python", "meta"), python2({ coarse_label_names: ["x"], fine_label_names: names }));
    const { targets, classes } = await CIFAR100.load({ root });
    expect([[...targets], classes]).toEqual([[2, 0], names]);
  });

  it.for<[string, () => Buffer, message: string]>([
    ["a label that is no class", () => batch(1, "fine_labels", [3]), "it has no list fine_labels of labels below 3"],
    ["no labels", () => batch(1, "labels", [0]), "it has no list fine_labels"],
    ["no images", () => python2({ fine_labels: [1] }), "it has no data of 3072 bytes an image"],
    ["half a file", () => batch(1, "fine_labels", [1]).subarray(0, 2000), "its pickle is cut off"],
    ["another program", () => Buffer.from("\x80\x02cos\nsystem\nU\x02ls\x85R.", "latin1"), "it holds os.system"],
  ])("refuses a file with %s", async ([_, make, message], { root }) => {
    const path = write(join(root, "cifar-100-python", "train"), make());
    write(join(root, "cifar-100-python", "meta"), python2({ fine_label_names: names }));
    await expect(CIFAR100.load({ root })).rejects.toThrow(`${path}: ${message}`);
  });

  it("is changed sample by sample where transforms draw, as torchvision does it", async ({ root }) => {
    write(join(root, "cifar-100-python", "train"), batch(1, "fine_labels", [2, 0, 1]));
    write(join(root, "cifar-100-python", "meta"), python2({ fine_label_names: names }));
    const { Compose, RandomCrop, RandomHorizontalFlip, ToTensor } = transforms;
    const transform = new Compose([new ToTensor(), new RandomCrop(32, { padding: 4 }), new RandomHorizontalFlip()]);
    const dataset = await CIFAR100.load({ root, transform });
    manualSeed(3);
    const [images, labels] = dataset.getBatch([0, 1, 2]);
    manualSeed(3);
    for (let i = 0; i < 3; i++) expectExact(images.select(0, i), dataset.get(i)[0]);
    expect([...labels.data]).toEqual([2, 0, 1]);
  });
});

/** An element of a MATLAB file. */
const element = (type: number, content: Uint8Array): Buffer =>
  Buffer.concat([uint32(type), uint32(content.length), content, Buffer.alloc((8 - (content.length % 8)) % 8)]);

/** A MATLAB file of bytes. */
function mat(arrays: Record<string, { shape: number[]; bytes: Uint8Array }>, isPacked = true): Buffer {
  const header = Buffer.alloc(128, " ");
  header.writeUInt16LE(0x0100, 124);
  header.write("IM", 126);
  const matrices = Object.entries(arrays).map(([name, { shape, bytes }]) => {
    const small = Buffer.concat([Buffer.of(1, 0, name.length, 0), Buffer.from(name.padEnd(4, "\0"))]);
    const parts = [
      element(6, Buffer.of(9, 0, 0, 0, 0, 0, 0, 0)),
      element(5, Buffer.from(Int32Array.from(shape).buffer)),
    ];
    const whole = element(14, Buffer.concat([...parts, small, element(2, bytes)]));
    if (!isPacked) return whole;
    const packed = deflateSync(whole);
    return Buffer.concat([uint32(15), uint32(packed.length), packed]);
  });
  return Buffer.concat([header, ...matrices]);
}

describe("SVHN", () => {
  const bytes = noise(1, 2 * 3072);
  const x = { shape: [32, 32, 3, 2], bytes };

  it.for([true, false])("reads X column by column, and 10 as the digit 0; packed: %s", async (isPacked, { root }) => {
    write(join(root, "test_32x32.mat"), mat({ X: x, y: { shape: [2, 1], bytes: Uint8Array.of(10, 3) } }, isPacked));
    const dataset = await SVHN.load({ root, split: "test" });
    expect([...dataset.targets]).toEqual([0, 3]);
    const columns = tensor([...bytes]).view(2, 3, 32, 32); // (N, C, W, H)
    expectExact(dataset.getBatch([0, 1])[0], columns.transpose(2, 3).div(255).contiguous());
    expect(String(dataset)).toContain("    Split: test\n");
  });

  it.for<[string, () => Uint8Array, message: string]>([
    ["no y", () => mat({ X: x }), "it has no y"],
    [
      "what is no digit",
      () => mat({ X: x, y: { shape: [2, 1], bytes: Uint8Array.of(1, 11) } }),
      "y holds something else",
    ],
    [
      "a y of another length",
      () => mat({ X: x, y: { shape: [1, 1], bytes: Uint8Array.of(1) } }),
      "it has 2 images, but 1 labels",
    ],
    ["no pictures", () => mat({ y: { shape: [1, 1], bytes: Uint8Array.of(1) } }), "it has no X of bytes"],
    ["half a file", () => mat({ X: x }).subarray(0, 900), "it is cut off"],
    ["another header", () => Buffer.alloc(200), "it has another header"],
  ])("refuses a file with %s", async ([_, make, message], { root }) => {
    const path = write(join(root, "train_32x32.mat"), make());
    await expect(SVHN.load({ root })).rejects.toThrow(`${path}: ${message}`);
  });

  it("says which parts there are, and where the file belongs", async ({ root }) => {
    const unknown = "Unknown value 'all' for argument split. Valid values are {'train', 'test', 'extra'}.";
    await expect(SVHN.load({ split: "all" as "test" })).rejects.toThrow(unknown);
    await expect(SVHN.load({ root })).rejects.toThrow(`there is no ${join(root, "train_32x32.mat")}`);
  });
});

describe("STL10", () => {
  const size = 3 * 96 * 96;
  const images = (seed: number, count: number) => noise(seed, count * size);

  function lay(root: string): void {
    const place = (name: string) => join(root, "stl10_binary", name);
    write(place("train_X.bin"), images(1, 3));
    write(place("train_y.bin"), Uint8Array.of(1, 10, 2));
    write(place("unlabeled_X.bin"), images(2, 1));
    write(place("class_names.txt"), Buffer.from("airplane\nbird\n"));
    write(place("fold_indices.txt"), Buffer.from("0 1 \n2 0 \n"));
  }

  it("is published column by column, its labels from 1, and -1 stands for none", async ({ root }) => {
    lay(root);
    const train = await STL10.load({ root });
    expect([[...train.targets], train.classes]).toEqual([
      [0, 9, 1],
      ["airplane", "bird"],
    ]);
    const columns = tensor([...images(1, 3).subarray(0, size)]).view(3, 96, 96);
    expectExact(train.get(0)[0], columns.transpose(1, 2).div(255).contiguous());
    const both = await STL10.load({ root, split: "train+unlabeled", folds: 1 });
    expect([...both.targets]).toEqual([1, 0, -1]);
    expect(pixelsOf(both, 1, size)).toEqual(pixelsOf(train, 0, size));
    expect([...(await STL10.load({ root, split: "unlabeled" })).targets]).toEqual([-1]);
  });

  it("refuses what does not fit", async ({ root }) => {
    lay(root);
    const message = "Value for argument folds should be in the range [0, 10), but got 10.";
    await expect(STL10.load({ root, folds: 10 })).rejects.toThrow(message);
    await expect(STL10.load({ root, folds: 4 })).rejects.toThrow("line 4 is no list of numbers");
    write(join(root, "stl10_binary", "train_y.bin"), Uint8Array.of(1, 11, 2));
    await expect(STL10.load({ root })).rejects.toThrow("label number 1 is 11, but labels are 1 to 10");
    write(join(root, "stl10_binary", "train_X.bin"), Uint8Array.of(1));
    await expect(STL10.load({ root })).rejects.toThrow("its 1 bytes are no whole number of images");
  });
});

describe("KMNIST and EMNIST", () => {
  it("have files as MNIST", async ({ root }) => {
    write(join(root, "KMNIST", "raw", "t10k-images-idx3-ubyte.gz"), gzipSync(idx([2051, 1, 1, 2], [7, 8])));
    write(join(root, "KMNIST", "raw", "t10k-labels-idx1-ubyte"), idx([2049, 1], [4]));
    const dataset = await KMNIST.load({ root, train: false });
    expect([[...dataset.images], dataset.classes[dataset.targets[0]]]).toEqual([[7, 8], "na"]);
  });

  it("EMNIST's are as they are published, on their sides, and their labels those of the part", async ({ root }) => {
    const place = (name: string) => join(root, "EMNIST", "raw", `emnist-${name}-ubyte`);
    write(place("letters-train-images-idx3"), idx([2051, 1, 2, 2], [1, 2, 3, 4]));
    write(place("letters-train-labels-idx1"), idx([2049, 1], [26]));
    const dataset = await EMNIST.load("letters", { root });
    expect([[...dataset.images], dataset.classes[dataset.targets[0]]]).toEqual([[1, 2, 3, 4], "z"]);
    write(place("letters-train-labels-idx1"), idx([2049, 1], [27]));
    await expect(EMNIST.load("letters", { root })).rejects.toThrow("label number 0 is 27, but labels are 0 to 26");
    await expect(EMNIST.load("words" as "letters")).rejects.toThrow(
      "Valid values are {'byclass', 'bymerge', 'balanced',",
    );
  });
});

describe("an archive", () => {
  const files = { "set/a": noise(1, 5000), "set/b": Buffer.from("b"), "set/c": noise(2, 512) };
  const packed = gzipSync(tar(files));
  const archive = { name: "set.tar.gz", md5: md5(packed), largest: 2 ** 20, mirrors: [] as string[] };
  const wanted = (root: string) => ["a", "c"].map((name) => ({ member: `set/${name}`, path: join(root, "set", name) }));
  const get = (root: string, other: Partial<typeof archive> = {}, download = other.mirrors !== undefined) =>
    provide({ ...archive, ...other }, wanted(root), { folder: root, download });

  it("is fetched once, kept, and unpacked as far as it is wanted", async ({ root }) => {
    const { mirrors, requests } = await serve(
      (_, response) => response.writeHead(404).end(),
      (_, response) => response.end(packed),
    );
    for (let time = 0; time < 2; time++) await get(root, { mirrors });
    expect(requests.map(({ length }) => length)).toEqual([1, 1]);
    expect(filesIn(root)).toEqual(["set.tar.gz", "set/a", "set/c"]);
    expect(md5(...["a", "c"].map((name) => readFileSync(join(root, "set", name))))).toBe(
      md5(files["set/a"], files["set/c"]),
    );
  });

  it("may be put there, also without a download", async ({ root }) => {
    write(join(root, "set.tar.gz"), packed);
    await get(root);
    expect(filesIn(root)).toEqual(["set.tar.gz", "set/a", "set/c"]);
  });

  it.for<[string, Uint8Array, string]>([
    ["is another file", gzipSync(tar({ other: Buffer.from("b") })), "there is no set/a and no set/c in it"],
    ["is cut off", gzipSync(tar(files).subarray(0, 3000)), "it is cut off"],
    ["is no tar file", gzipSync(Buffer.alloc(2000, "x")), "it is damaged, or is no tar file"],
    ["is not packed", tar(files), "incorrect header check"],
    [
      "has too large a file",
      gzipSync(tar({ "set/a": Buffer.alloc(2 ** 20 + 1) })),
      "more than the 1048576 that it may have",
    ],
  ])("that %s is refused, and leaves nothing half", async ([_, bytes, message], { root }) => {
    const path = write(join(root, "set.tar.gz"), bytes);
    await expect(get(root)).rejects.toThrow(`${path}: cannot be unpacked (expected MD5 ${archive.md5}`);
    await expect(get(root, { md5: md5(bytes) })).rejects.toThrow(message);
    expect(filesIn(root)).toEqual(["set.tar.gz"]);
  });

  it("that comes with other bytes is not kept", async ({ root }) => {
    const { mirrors } = await serve((_, response) => response.end("page"));
    await expect(get(root, { mirrors })).rejects.toThrow(
      `expected MD5 ${archive.md5}, but got ${md5(Buffer.from("page"))}`,
    );
    expect(filesIn(root)).toEqual([]);
    const missing = `there is no ${join(root, "set", "a")}, and no ${join(root, "set.tar.gz")}. Put one of them there`;
    await expect(get(root)).rejects.toThrow(missing);
  });

  it("may be a zip file of packed files", async ({ root }) => {
    const zip = zipFile([["set/a.gz", gzipSync(files["set/a"])]]);
    write(join(root, "set.zip"), zip);
    const given = [{ member: "set/a.gz", path: join(root, "a") }];
    await provide({ ...archive, name: "set.zip", md5: md5(zip) }, given, { folder: root, download: false });
    expect(md5(readFileSync(join(root, "a")))).toBe(md5(files["set/a"]));
  });
});

describe("folders", () => {
  function lay(root: string): void {
    for (const name of ["b/x.png", "b/10.jpg", "a/z/1.png", "a/y.PNG", "a/A.png", "a/notes.txt", "readme.png"]) {
      if (name.endsWith("jpg")) writeJpeg(join(root, name), zeros([1, 2, 3]));
      else write(join(root, name), encodePng(rand([1, 2, 3])));
    }
  }
  const inRoot = (root: string, samples: ImageFolder["samples"]) =>
    samples.map(([path, target]) => [path.slice(root.length + 1).replaceAll("\\", "/"), target]);

  it("ImageFolder has torchvision's samples, in its order, in three colours", ({ root }) => {
    lay(root);
    const dataset = new ImageFolder(root);
    expect([dataset.classes, dataset.classToIdx]).toEqual([["a", "b"], { a: 0, b: 1 }]);
    expect(inRoot(root, dataset.imgs)).toEqual([
      ["a/A.png", 0],
      ["a/y.PNG", 0],
      ["a/z/1.png", 0],
      ["b/10.jpg", 1],
      ["b/x.png", 1],
    ]);
    expect(dataset.targets).toEqual([0, 0, 0, 1, 1]);
    const [picture, label] = dataset.get(3);
    expectExact(picture, zeros([3, 2, 3]));
    expect([label.item(), label.dtype]).toEqual([1, "int32"]);
    const [[pictures, labels]] = new DataLoader(dataset, { batchSize: 5 });
    expect([pictures.shape, labels.toArray()]).toEqual([
      [5, 3, 2, 3],
      [0, 0, 0, 1, 1],
    ]);
    expect(String(dataset)).toBe(
      `Dataset ImageFolder\n    Number of datapoints: 5\n    Root location: ${root}\n    StandardTransform\nTransform: ToTensor()`,
    );
  });

  it("may have other samples, read in another way", ({ root }) => {
    lay(root);
    const texts = new DatasetFolder(root, (path) => path.length - root.length, {
      isValidFile: (path) => path.endsWith("g"),
    });
    expect(texts.get(0)[0]).toBe("/a/A.png".length);
    const targetTransform = new transforms.Lambda((x: Tensor) => x.mul(10));
    const images = new ImageFolder(root, {
      isValidFile: (path) => path.slice(root.length).includes("1"),
      targetTransform,
    });
    expect(inRoot(root, images.samples)).toEqual([
      ["a/z/1.png", 0],
      ["b/10.jpg", 1],
    ]);
    expect(images.get(1)[1].item()).toBe(10);
  });

  it("may have links, also to where they are", ({ root }) => {
    lay(root);
    symlinkSync(join(root, "a"), join(root, "a", "z", "again"));
    symlinkSync(join(root, "b"), join(root, "c"));
    expect(new ImageFolder(root).length).toBe(7);
  });

  it.for<[message: string, make: (root: string) => unknown]>([
    ["Couldn't find any class folder in", (root) => new ImageFolder(join(root, "a", "z"))],
    ["index -6 is out of range for a dataset of 5 samples", (root) => new ImageFolder(root).get(-6)],
    ["cannot be read (no such file or directory)", (root) => new ImageFolder(join(root, "none"))],
    [
      "Found no valid file for the classes a, b. Supported extensions are: .wav, .mp3",
      (root) => new DatasetFolder(root, (path) => path, { extensions: [".wav", ".mp3"] }),
    ],
    [
      "Both extensions and is_valid_file cannot be None or not None at the same time",
      (root) => new DatasetFolder(root, (path) => path),
    ],
  ])("%s", ([message, make], { root }) => {
    lay(root);
    expect(() => make(root)).toThrow(message);
  });
});

describe("FakeData", () => {
  answers.it("has torchvision's pictures and labels", () =>
    [0, 3, 6].map((index) =>
      torch.fakeData(index, { size: 7, imageSize: [3, 2, 3], numClasses: 100, randomOffset: 5 }),
    ),
  );
  answers.it("may be grey, and larger than a block of draws", () => torch.fakeData(1, { imageSize: [1, 4, 5] }));

  it("draws nothing that others draw", () => {
    const dataset = new FakeData({ size: 2, imageSize: [1, 2, 2] });
    manualSeed(1);
    const before = rand(2);
    manualSeed(1);
    dataset.get(1);
    expectExact(rand(2), before);
    expect(() => dataset.get(2)).toThrow("index 2 is out of range for a dataset of 2 samples");
    expect(String(dataset)).toContain("Dataset FakeData\n    Number of datapoints: 2\n    StandardTransform\n");
  });
});
