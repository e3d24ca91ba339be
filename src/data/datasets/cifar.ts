/** CIFAR-10 and CIFAR-100 (Krizhevsky 2009): small photographs, in the pickles of Python 2 that torchvision reads, too. */
import { join } from "node:path";
import { readOptions } from "../../tensor/options.ts";
import { type Published, provide } from "../archives.ts";
import { type Expect, expectationsOf } from "../formats/expect.ts";
import { ByteArray, parsePython2, textOf } from "../formats/python2-pickle.ts";
import { readFile } from "../formats/read-file.ts";
import { ImageDataset, type ImageDatasetContents } from "../image-dataset.ts";
import { type DatasetOptions, datasetDefaults, partName } from "./options.ts";

/** How one of the two is published. */
interface Kind {
  readonly archive: Published;
  /** In the archive, and in root. */
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** The file with the names of the classes. */
  readonly meta: string;
  /** What the files call the names and the labels. */
  readonly names: string;
  readonly labels: string;
}

const mirrors = ["https://www.cs.toronto.edu/~kriz/"];

const cifar10: Kind = {
  archive: { name: "cifar-10-python.tar.gz", mirrors, md5: "c58f30108f718f92721af3b95e74349a", largest: 2 ** 28 },
  folder: "cifar-10-batches-py",
  train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}`),
  test: ["test_batch"],
  meta: "batches.meta",
  names: "label_names",
  labels: "labels",
};

const cifar100: Kind = {
  archive: { name: "cifar-100-python.tar.gz", mirrors, md5: "eb9058c3a382ffc7106e4002c42a8d85", largest: 2 ** 28 },
  folder: "cifar-100-python",
  train: ["train"],
  test: ["test"],
  meta: "meta",
  names: "fine_label_names",
  labels: "fine_labels",
};

const SIZE = 32;
const PIXELS = 3 * SIZE * SIZE;

async function contentsOf(kind: Kind, options?: DatasetOptions): Promise<ImageDatasetContents> {
  const { root, train, download, transform, targetTransform } = readOptions(options, datasetDefaults());
  const names = train ? kind.train : kind.test;
  const pathOf = (name: string) => join(root, kind.folder, name);
  const wanted = [...names, kind.meta].map((name) => ({ member: `${kind.folder}/${name}`, path: pathOf(name) }));
  await provide(kind.archive, wanted, { folder: root, download });
  const classes = classNames(pathOf(kind.meta), kind.names);
  const batches = names.map((name) => readBatch(pathOf(name), kind.labels, classes.length));
  const images = Buffer.concat(batches.map((batch) => batch.images));
  const targets = Int32Array.from(batches.flatMap((batch) => batch.targets));
  const size = { height: SIZE, width: SIZE, channels: 3 };
  return { images, targets, ...size, classes, transform, targetTransform, root, split: partName(train) };
}

/** @throws unless the file has names in such a list */
function classNames(path: string, key: string): string[] {
  const expect: Expect = expectationsOf(path, "pickle of CIFAR");
  const names = parsePython2(readFile(path), path).get(key);
  expect(Array.isArray(names), () => `it has no list ${key}`);
  return names.map((name) => {
    const text = textOf(name);
    expect(text !== undefined, () => `${key} holds something else than texts`);
    return text;
  });
}

/** @throws unless the file has as many labels as images, each of a class */
function readBatch(path: string, key: string, classes: number): { images: Uint8Array; targets: number[] } {
  const expect: Expect = expectationsOf(path, "pickle of CIFAR");
  const batch = parsePython2(readFile(path), path);
  const [data, targets] = [batch.get("data"), batch.get(key)];
  const isData = data instanceof ByteArray && data.shape.length === 2 && data.shape[1] === PIXELS;
  expect(isData, () => `it has no data of ${PIXELS} bytes an image`);
  const isLabel = (label: unknown) => Number.isInteger(label) && Number(label) >= 0 && Number(label) < classes;
  expect(Array.isArray(targets) && targets.every(isLabel), () => `it has no list ${key} of labels below ${classes}`);
  const [count] = data.shape;
  expect(targets.length === count, () => `it has ${count} images, but ${targets.length} labels`);
  return { images: data.bytes, targets };
}

/**
 * 60,000 photographs (3, 32, 32) of ten kinds of things, 10,000 of them to test on. Mirrors `torchvision.datasets.CIFAR10`.
 * @example
 * // await CIFAR10.load({ download: true }) fetches it the first time.
 * await CIFAR10.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class CIFAR10 extends ImageDataset {
  /**
   * Reads the images and labels from files.
   * @throws if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: DatasetOptions): Promise<CIFAR10> {
    return new CIFAR10(await contentsOf(cifar10, options));
  }
}

/**
 * As many photographs as CIFAR-10 has, of a hundred kinds of things. Mirrors `torchvision.datasets.CIFAR100`.
 * @example
 * // await CIFAR100.load({ download: true }) fetches it the first time.
 * await CIFAR100.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class CIFAR100 extends ImageDataset {
  /**
   * Reads the images and labels from files.
   * @throws if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: DatasetOptions): Promise<CIFAR100> {
    return new CIFAR100(await contentsOf(cifar100, options));
  }
}
