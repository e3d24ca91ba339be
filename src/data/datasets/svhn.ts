/** SVHN: photographs of house numbers, in files of MATLAB's. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import { fetchPublished, type Published } from "../archives.ts";
import { type Expect, expectationsOf } from "../formats/expect.ts";
import { parseMat } from "../formats/mat.ts";
import { readNumbers } from "../formats/numbers.ts";
import { readFile } from "../formats/read-file.ts";
import { ImageDataset } from "../image-dataset.ts";
import { checkSplit, type LoadOptions, loadDefaults } from "./options.ts";
import { rowByRow } from "./transposed.ts";

/** The MD5 of each part. */
const parts = {
  train: "e26dedcc434d2e4c54c9b2d4a06d8373",
  test: "eb5a983be6a315427106f1b164d9cef3",
  extra: "a93ce644f1a588dc4d68dda5feec44a7",
};

/** What to train on, what to test on, and what is easier than both. */
export type SVHNSplit = keyof typeof parts;

/** What `SVHN.load` may be told. */
export interface SVHNOptions extends LoadOptions {
  /** Which part. Default: "train". */
  split?: SVHNSplit;
}

/**
 * Photographs (3, 32, 32) of digits on houses (Netzer et al. 2011): 73,257 to train on, 26,032 to test on, and 531,131 extra ones that
 * are easier. Mirrors `torchvision.datasets.SVHN`.
 * @example
 * // await SVHN.load({ split: "test", download: true }) fetches it the first time.
 * await SVHN.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class SVHN extends ImageDataset {
  /**
   * Reads the images and labels of one of its three parts from a file.
   * @throws if there is no such part; if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: SVHNOptions): Promise<SVHN> {
    const defaults: Required<SVHNOptions> = { ...loadDefaults(), split: "train" };
    const { root, split, download, transform, targetTransform } = readOptions(options, defaults);
    checkSplit(split, Object.keys(parts) as SVHNSplit[]);
    const path = await fileOf(split, root, download);
    const classes = [..."0123456789"];
    return new SVHN({ ...readImages(path), channels: 3, classes, transform, targetTransform, root, split });
  }
}

async function fileOf(split: SVHNSplit, root: string, download: boolean): Promise<string> {
  const published: Published = {
    name: `${split}_32x32.mat`,
    mirrors: ["http://ufldl.stanford.edu/housenumbers/"],
    md5: parts[split],
    largest: 2 ** 31,
  };
  const path = join(root, published.name);
  if (existsSync(path)) return path;
  check(download, () => `Dataset not found: there is no ${path}. Put it there, or use download: true to fetch it.`);
  return fetchPublished(published, root);
}

/** X (H, W, 3, N), and y, in which 10 stands for the digit 0. */
function readImages(path: string): { images: Uint8Array; targets: Int32Array; height: number; width: number } {
  const expect: Expect = expectationsOf(path, "file of SVHN");
  const arrays = parseMat(readFile(path), path);
  const [x, y] = [arrays.get("X"), arrays.get("y")];
  const isPictures = x?.type === "U8" && x.shape.length === 4 && x.shape[2] === 3;
  expect(isPictures, () => "it has no X of bytes for three colours");
  const [height, width, channels, count] = x.shape;
  expect(x.bytes.length === height * width * channels * count, () => "X has not all of its bytes");
  expect(y !== undefined, () => "it has no y");
  const labels = readNumbers(y.bytes, y.type, false, `${path}: y`, y.type);
  expect(labels.length === count, () => `it has ${count} images, but ${labels.length} labels`);
  const isLabel = (label: number) => Number.isInteger(label) && label >= 0 && label <= 10;
  expect(labels.every(isLabel), () => "y holds something else than 0 to 10");
  const targets = Int32Array.from(labels, (label) => label % 10);
  return { images: rowByRow(x.bytes, height, width), targets, height, width };
}
