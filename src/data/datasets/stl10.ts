/** STL-10: photographs of ten kinds of things, few with labels and many without. */
import { join } from "node:path";
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import { type Published, provide } from "../archives.ts";
import { gather } from "../dataset.ts";
import { type Expect, expectationsOf } from "../formats/expect.ts";
import { readFile } from "../formats/read-file.ts";
import { ImageDataset } from "../image-dataset.ts";
import { checkSplit, type LoadOptions, loadDefaults } from "./options.ts";
import { rowByRow } from "./transposed.ts";

const archive: Published = {
  name: "stl10_binary.tar.gz",
  mirrors: ["http://ai.stanford.edu/~acoates/stl10/"],
  md5: "91f7769df0f17e558f3565bffb0c7dfb",
  largest: 2 ** 32,
};
const FOLDER = "stl10_binary";

const SIZE = 96;
const PIXELS = 3 * SIZE * SIZE;

/** What each part is made of: files, whose images have labels in a second one, but for those that have none. */
const parts = {
  train: ["train"],
  "train+unlabeled": ["train", "unlabeled"],
  unlabeled: ["unlabeled"],
  test: ["test"],
};

/** What to train on, with and without what has no labels, only that, and what to test on. */
export type STL10Split = keyof typeof parts;

/** What `STL10.load` may be told. */
export interface STL10Options extends LoadOptions {
  /** Which part. Default: "train". */
  split?: STL10Split;
  /** Of the training images, which thousand of the ten that are published: from 0 to 9. Default: null, all. */
  folds?: Int | null;
}

/**
 * Photographs (3, 96, 96) of ten kinds of things (Coates, Ng & Lee 2011): 5,000 to train on, 8,000 to test on, and 100,000 whose label
 * is -1. Mirrors `torchvision.datasets.STL10`.
 * @example
 * // await STL10.load({ split: "test", download: true }) fetches it the first time.
 * await STL10.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class STL10 extends ImageDataset {
  /**
   * Reads the images and labels of one of its parts from files.
   * @throws if there is no such part; if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: STL10Options): Promise<STL10> {
    const defaults: Required<STL10Options> = { ...loadDefaults(), split: "train", folds: null };
    const { root, split, folds, download, transform, targetTransform } = readOptions(options, defaults);
    checkSplit(split, ["train", "train+unlabeled", "unlabeled", "test"]);
    const isFold = folds === null || (folds >= 0 && folds < 10);
    check(isFold, () => `Value for argument folds should be in the range [0, 10), but got ${folds}.`);
    const pathOf = (name: string) => join(root, FOLDER, name);
    const names = parts[split].flatMap((part) => [`${part}_X.bin`, ...(part === "unlabeled" ? [] : [`${part}_y.bin`])]);
    const lists = ["class_names.txt", ...(folds === null ? [] : ["fold_indices.txt"])];
    const wanted = [...names, ...lists].map((name) => ({ member: `${FOLDER}/${name}`, path: pathOf(name) }));
    await provide(archive, wanted, { folder: root, download });
    const read = parts[split].map((part) => {
      const images = readPart(pathOf(`${part}_X.bin`), part === "unlabeled" ? null : pathOf(`${part}_y.bin`));
      return part === "train" && folds !== null ? foldOf(images, pathOf("fold_indices.txt"), folds) : images;
    });
    return new STL10({
      images: read.length === 1 ? read[0].images : Buffer.concat(read.map(({ images }) => images)),
      targets: Int32Array.from(read.flatMap(({ targets }) => [...targets])),
      ...{ height: SIZE, width: SIZE, channels: 3 },
      classes: readFile(pathOf("class_names.txt")).toString().trimEnd().split(/\r?\n/),
      ...{ transform, targetTransform, root, split },
    });
  }
}

interface Part {
  readonly images: Uint8Array;
  readonly targets: Int32Array;
}

/** Images, and labels from 1; without them, -1 stands for each. */
function readPart(imagePath: string, labelPath: string | null): Part {
  const bytes = readFile(imagePath);
  const expect: Expect = expectationsOf(imagePath, "file of STL-10");
  expect(bytes.length % PIXELS === 0, () => `its ${bytes.length} bytes are no whole number of images`);
  const count = bytes.length / PIXELS;
  const images = rowByRow(bytes, SIZE, SIZE);
  if (labelPath === null) return { images, targets: new Int32Array(count).fill(-1) };
  const labels = readFile(labelPath);
  const wrong = labels.findIndex((label) => label < 1 || label > 10);
  check(wrong < 0, () => `${labelPath}: label number ${wrong} is ${labels[wrong]}, but labels are 1 to 10`);
  const otherCount = () => `${imagePath} has ${count} images, but ${labelPath} has ${labels.length} labels`;
  check(labels.length === count, otherCount);
  return { images, targets: Int32Array.from(labels, (label) => label - 1) };
}

/** Those whose numbers are in a line of the file. */
function foldOf({ images, targets }: Part, path: string, fold: number): Part {
  const line = readFile(path).toString().split("\n")[fold]?.trim() ?? "";
  check(/^\d+( +\d+)*$/.test(line), () => `${path}: line ${fold} is no list of numbers. The file is damaged.`);
  const indices = line.split(/ +/).map(Number);
  return {
    images: gather(images, targets.length, indices, new Uint8Array(PIXELS * indices.length)),
    targets: gather(targets, targets.length, indices, new Int32Array(indices.length)),
  };
}
