/** Datasets that are folders: each class has one, with a file for each sample. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { check } from "../../tensor/check.ts";
import { readOptions } from "../../tensor/options.ts";
import type { Int } from "../../tensor/shape.ts";
import { Storage, Tensor } from "../../tensor/tensor.ts";
import { checkedIndex, Dataset, rowOf } from "../dataset.ts";
import { naming } from "../formats/file-errors.ts";
import { datasetText } from "../image-dataset.ts";
import { readPixels } from "../read-image.ts";
import { type ImageBatch, ToTensor } from "../to-tensor.ts";
import type { Transform } from "../transform.ts";

/** What names of pictures end in, as in torchvision; those of PNG and JPEG files are read here. */
const IMG_EXTENSIONS = ".jpg .jpeg .png .ppm .bmp .pgm .tif .tiff .webp".split(" ");

/** Which files are samples, and what is done to them. */
export interface DatasetFolderOptions<Loaded, Sample> {
  /** What the names of samples end in. Default: null, `isValidFile` says which they are. */
  extensions?: readonly string[] | null;
  /** Whether the file of that path is a sample. Default: null, its extension says it. */
  isValidFile?: ((path: string) => boolean) | null;
  /** What makes a sample of what the loader gives. Default: null, nothing. */
  transform?: Transform<Loaded, Sample> | null;
  /** What changes the label, which is in a tensor of one. Default: null, nothing. */
  targetTransform?: Transform<Tensor, Tensor> | null;
}

/** In the order of code points, as Python sorts. */
const sorted = (names: readonly string[]): string[] =>
  names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Samples [what the loader gives, label int32] of the files below `root/<class>`, the classes in the order of their names and so the
 * files of each, folder by folder. They are read when they are asked for. Mirrors `torchvision.datasets.DatasetFolder`.
 * @throws if there are no classes, or one has no file; unless there are extensions, or a function for files, and not both
 * @example
 * try {
 *   new DatasetFolder("nowhere", (path) => path, { extensions: [".txt"] });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export class DatasetFolder<Loaded, Sample = Loaded> extends Dataset<[Sample, Tensor]> {
  /** The folder. */
  readonly root: string;
  /** What reads a file. */
  readonly loader: (path: string) => Loaded;
  /** What the names of samples end in, or null. */
  readonly extensions: readonly string[] | null;
  /** The names of the folders below root. */
  readonly classes: readonly string[];
  /** The index of each class, by its name. */
  readonly classToIdx: Readonly<Record<string, number>>;
  /** The path of each sample, and the index of its class. */
  readonly samples: readonly (readonly [path: string, target: number])[];
  /** What becomes of what was read. */
  readonly transform: Transform<Loaded, Sample> | null;
  /** What becomes of a label. */
  readonly targetTransform: Transform<Tensor, Tensor> | null;

  constructor(root: string, loader: (path: string) => Loaded, options?: DatasetFolderOptions<Loaded, Sample>) {
    super();
    const defaults: Required<DatasetFolderOptions<Loaded, Sample>> = {
      extensions: null,
      isValidFile: null,
      transform: null,
      targetTransform: null,
    };
    const { extensions, isValidFile, transform, targetTransform } = readOptions(options, defaults);
    this.root = root;
    this.loader = loader;
    this.extensions = extensions;
    this.classes = classesOf(root);
    this.classToIdx = Object.fromEntries(this.classes.map((name, index) => [name, index]));
    this.samples = samplesOf(root, this.classes, extensions, isValidFile);
    this.transform = transform;
    this.targetTransform = targetTransform;
  }

  get length(): number {
    return this.samples.length;
  }

  /** The index of each sample's class. */
  get targets(): number[] {
    return this.samples.map(([, target]) => target);
  }

  override get(index: Int): [Sample, Tensor] {
    const [path, target] = this.samples[checkedIndex(index, this.length)];
    const loaded = this.loader(path);
    const sample = this.transform === null ? (loaded as unknown as Sample) : this.transform.apply(loaded);
    return [sample, labelOf(target, this.targetTransform)];
  }

  /** As torchvision prints it. */
  override toString(): string {
    return datasetText(this);
  }
}

/** A label as a number int32, changed. */
export function labelOf(target: number, transform: Transform<Tensor, Tensor> | null): Tensor {
  const labels = new Tensor(new Storage(Int32Array.of(target)), "int32", [1]);
  return rowOf(transform?.apply(labels) ?? labels, 0);
}

/** @throws if there are none */
function classesOf(root: string): string[] {
  const names = naming(root, "read", () => readdirSync(root));
  const classes = sorted(names.filter((name) => isFolder(join(root, name))));
  check(classes.length > 0, () => `Couldn't find any class folder in ${root}.`);
  return classes;
}

/** @throws if a class has none */
function samplesOf(
  root: string,
  classes: readonly string[],
  extensions: readonly string[] | null,
  isValidFile: ((path: string) => boolean) | null,
): [path: string, target: number][] {
  const isOne = (extensions === null) !== (isValidFile === null);
  check(isOne, "Both extensions and is_valid_file cannot be None or not None at the same time");
  const hasExtension = (path: string) =>
    extensions?.some((extension) => path.toLowerCase().endsWith(extension)) ?? false;
  const isSample = isValidFile ?? hasExtension;
  const paths = classes.map((name) => filesBelow(join(root, name)).filter(isSample));
  const empty = classes.filter((_, i) => paths[i].length === 0);
  const supported = extensions ? `Supported extensions are: ${extensions.join(", ")}` : "";
  check(empty.length === 0, () => `Found no valid file for the classes ${empty.join(", ")}. ${supported}`);
  return paths.flatMap((list, target) => list.map((path): [string, number] => [path, target]));
}

/** The files of a folder and those below it, folder by folder. */
function filesBelow(folder: string): string[] {
  const files = new Map<string, string[]>();
  /** @param above the folders that it is in: a link may lead back to one */
  const visit = (path: string, above: readonly string[]) => {
    const real = realpathSync(path);
    if (above.includes(real)) return;
    const entries = naming(path, "read", () => readdirSync(path, { withFileTypes: true }));
    const [folders, own]: [string[], string[]] = [[], []];
    for (const entry of entries) {
      const place = join(path, entry.name);
      const isBelow = entry.isDirectory() || (entry.isSymbolicLink() && isFolder(place));
      (isBelow ? folders : own).push(place);
    }
    files.set(path, sorted(own));
    for (const place of folders) visit(place, [...above, real]);
  };
  visit(folder, []);
  return sorted([...files.keys()]).flatMap((path) => files.get(path) ?? []);
}

/** Which files are pictures, how they are read, and what is done to them. */
export interface ImageFolderOptions {
  /** What makes a tensor of a batch of one picture (1, 3, H, W). Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor>;
  /** What changes the label, which is in a tensor of one. Default: null, nothing. */
  targetTransform?: Transform<Tensor, Tensor> | null;
  /** What reads a file as a batch of one. Default: as red, green and blue, of PNG and JPEG files. */
  loader?: (path: string) => ImageBatch;
  /** Whether the file of that path is a picture. Default: null, the end of its name says it. */
  isValidFile?: ((path: string) => boolean) | null;
}

/**
 * Pictures of the folders `root/<class>`: samples [picture (3, H, W) float32, label int32], after the transforms. They are read when
 * they are asked for. Mirrors `torchvision.datasets.ImageFolder`.
 * @throws if there are no classes, or one has no picture
 * @example
 * try {
 *   new ImageFolder("nowhere", { transform: new transforms.ToTensor() });
 * } catch (problem) {
 *   console.log((problem as Error).message);
 * }
 */
export class ImageFolder extends DatasetFolder<ImageBatch, Tensor> {
  constructor(root: string, options?: ImageFolderOptions) {
    const defaults: Required<ImageFolderOptions> = {
      transform: new ToTensor(),
      targetTransform: null,
      loader: (path) => readPixels(path, "rgb"),
      isValidFile: null,
    };
    const { loader, isValidFile, ...others } = readOptions(options, defaults);
    super(root, loader, { ...others, isValidFile, extensions: isValidFile === null ? IMG_EXTENSIONS : null });
  }

  /** The path of each picture, and the index of its class: `samples`. */
  get imgs(): readonly (readonly [path: string, target: number])[] {
    return this.samples;
  }

  override get(index: Int): [Tensor, Tensor] {
    const [batch, label] = super.get(index);
    return [rowOf(batch, 0), label];
  }
}
