/** Labelled images held as bytes. */
import { cat } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";
import { Dataset, gather, rowOf } from "./dataset.ts";
import { type ImageBatch, ToTensor } from "./to-tensor.ts";
import type { Transform } from "./transform.ts";

/** What an ImageDataset is made of. */
export interface ImageDatasetContents {
  /** N·C·H·W bytes, 0 to 255. */
  images: Uint8Array;
  /** N class indices. */
  targets: Int32Array;
  /** H, in pixels. */
  height: number;
  /** W, in pixels. */
  width: number;
  /** C: 1 for grey, 3 for red, green and blue. Default: 1. */
  channels?: number;
  /** The name of each class. */
  classes: readonly string[];
  /** What makes a tensor of a batch; one that draws is given one sample at a time. Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor> | undefined;
  /** What changes the labels (N) of a batch; one that draws is given one at a time. Default: null, nothing. */
  targetTransform?: Transform<Tensor, Tensor> | null | undefined;
  /** The folder that it comes from. Default: null. */
  root?: string | null;
  /** Which part of the dataset it is. Default: null. */
  split?: string | null;
}

/**
 * Samples [image (C, H, W) float32, label int32], after the transforms.
 * @throws unless there are as many images as labels
 * @example
 * const images = Uint8Array.from({ length: 2 * 28 * 28 }, (_, i) => i % 256);
 * const targets = Int32Array.of(0, 1);
 * const dataset = new ImageDataset({ images, targets, height: 28, width: 28, classes: ["cat", "dog"] });
 * const [image, label] = dataset.get(1);
 * console.log(image.shape, label);
 */
export class ImageDataset extends Dataset implements ImageDatasetContents {
  readonly images: Uint8Array;
  readonly targets: Int32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: readonly string[];
  readonly transform: Transform<ImageBatch, Tensor>;
  readonly targetTransform: Transform<Tensor, Tensor> | null;
  readonly root: string | null;
  readonly split: string | null;

  constructor(contents: ImageDatasetContents) {
    super();
    const { images, targets, height, width, channels = 1, classes } = contents;
    const size = channels * height * width;
    const kind = channels === 1 ? "" : `${channels}x`;
    const otherCount = () =>
      `${targets.length} labels, but ${images.length / size} images of ${kind}${height}x${width}`;
    check(images.length === targets.length * size, otherCount);
    this.images = images;
    this.targets = targets;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.classes = classes;
    this.transform = contents.transform ?? new ToTensor();
    this.targetTransform = contents.targetTransform ?? null;
    this.root = contents.root ?? null;
    this.split = contents.split ?? null;
  }

  get length(): number {
    return this.targets.length;
  }

  /** The index of each class, by its name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, index) => [name, index]));
  }

  override get(index: Int): Tensor[] {
    return this.getBatch([index]).map((x) => rowOf(x, 0));
  }

  override getBatch(indices: ArrayLike<number>): Tensor[] {
    const { transform, targetTransform } = this;
    const isOneByOne = transform.isRandom === true || targetTransform?.isRandom === true;
    if (!isOneByOne || indices.length < 2) return this.#batch(indices);
    // Each sample's image and label draw one after the other, as in PyTorch.
    const samples = Array.from(indices, (index) => this.#batch([index]));
    return [0, 1].map((part) => cat(samples.map((sample) => sample[part])));
  }

  #batch(indices: ArrayLike<number>): Tensor[] {
    const { images, height, width, channels, length } = this;
    const n = indices.length;
    const bytes = gather(images, length, indices, new Uint8Array(n * channels * height * width));
    const shape: ImageBatch["shape"] = channels === 1 ? [n, height, width] : [n, channels, height, width];
    const image = this.transform.apply({ bytes, shape });
    const labels = gather(this.targets, length, indices, new Int32Array(n));
    const label = new Tensor(new Storage(labels), "int32", [n]);
    return [image, this.targetTransform?.apply(label) ?? label];
  }
  /** As torchvision prints it. */
  override toString(): string {
    return datasetText(this, this.split === null ? [] : [`Split: ${this.split}`]);
  }
}

/** As torchvision prints a dataset. @param more lines about it */
export function datasetText(
  { constructor: { name }, length, root, transform, targetTransform }: ReadonlyDataset,
  more: readonly string[] = [],
): string {
  const changed = [
    ...(transform ? [headed("Transform: ", transform)] : []),
    ...(targetTransform ? [headed("Target transform: ", targetTransform)] : []),
  ];
  const lines = [`Number of datapoints: ${length}`, ...(root === null ? [] : [`Root location: ${root}`]), ...more];
  if (changed.length > 0) lines.push(["StandardTransform", ...changed].join("\n"));
  return [`Dataset ${name}`, ...lines.map((line) => `    ${line}`)].join("\n");
}

interface ReadonlyDataset {
  readonly constructor: { readonly name: string };
  readonly length: number;
  readonly root: string | null;
  readonly transform: object | null;
  readonly targetTransform: object | null;
}

/** A text after a heading, its lines below each other. */
const headed = (heading: string, value: object): string =>
  heading + String(value).replaceAll("\n", `\n${" ".repeat(heading.length)}`);
