/** Labelled grey images held as bytes. */
import { cat } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import type { Int } from "../tensor/shape.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";
import { Dataset, gather, rowOf } from "./dataset.ts";
import { type ImageBatch, ToTensor } from "./to-tensor.ts";
import type { Transform } from "./transform.ts";

/** What an ImageDataset is made of. */
export interface ImageDatasetContents {
  /** N·H·W bytes, 0 to 255. */
  images: Uint8Array;
  /** N class indices. */
  targets: Int32Array;
  /** H, in pixels. */
  height: number;
  /** W, in pixels. */
  width: number;
  /** The name of each class. */
  classes: readonly string[];
  /** What makes a tensor of a batch; one that draws is given one sample at a time. Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor> | undefined;
}

/**
 * Samples [image (1, H, W) float32, label int32], after the transform.
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
  readonly classes: readonly string[];
  readonly transform: Transform<ImageBatch, Tensor>;

  constructor(contents: ImageDatasetContents) {
    super();
    const { images, targets, height, width, classes } = contents;
    const otherCount = () =>
      `${targets.length} labels, but ${images.length / (height * width)} images of ${height}x${width}`;
    check(images.length === targets.length * height * width, otherCount);
    this.images = images;
    this.targets = targets;
    this.height = height;
    this.width = width;
    this.classes = classes;
    this.transform = contents.transform ?? new ToTensor();
  }

  get length(): number {
    return this.targets.length;
  }

  override get(index: Int): Tensor[] {
    return this.getBatch([index]).map((x) => rowOf(x, 0));
  }

  override getBatch(indices: ArrayLike<number>): Tensor[] {
    const n = indices.length;
    const labels = gather(this.targets, this.length, indices, new Int32Array(n));
    const isOneByOne = this.transform.isRandom && n > 1;
    const images = isOneByOne ? cat(Array.from(indices, (i) => this.#images([i]))) : this.#images(indices);
    return [images, new Tensor(new Storage(labels), "int32", [n])];
  }

  #images(indices: ArrayLike<number>): Tensor {
    const { images, height, width, length } = this;
    const n = indices.length;
    const bytes = gather(images, length, indices, new Uint8Array(n * height * width));
    return this.transform.apply({ bytes, shape: [n, height, width] });
  }
}
