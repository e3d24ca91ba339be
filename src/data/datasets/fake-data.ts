/** Pictures of noise, where real ones are not needed. */
import { check } from "../../tensor/check.ts";
import { randint, randn } from "../../tensor/create.ts";
import { readOptions } from "../../tensor/options.ts";
import { Generator } from "../../tensor/random/generator.ts";
import type { Int } from "../../tensor/shape.ts";
import { elementsOf, type Tensor } from "../../tensor/tensor.ts";
import { checkedIndex, Dataset, rowOf } from "../dataset.ts";
import { datasetText } from "../image-dataset.ts";
import { type ImageBatch, ToTensor } from "../to-tensor.ts";
import type { Transform } from "../transform.ts";
import { labelOf } from "./folder.ts";

/** What FakeData is made of. */
export interface FakeDataOptions {
  /** How many pictures there are. Default: 1000. */
  size?: Int;
  /** What each is: [C, H, W]. Default: [3, 224, 224]. */
  imageSize?: readonly [channels: Int, height: Int, width: Int];
  /** How many classes there are. Default: 10. */
  numClasses?: Int;
  /** What makes a tensor of a batch of one. Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor>;
  /** What changes the label, which is in a tensor of one. Default: null, nothing. */
  targetTransform?: Transform<Tensor, Tensor> | null;
  /** What is added to the index of a picture, which is the seed of its noise. Default: 0. */
  randomOffset?: Int;
}

/**
 * Samples [noise (C, H, W) float32, label int32], each the same whenever it is asked for, and as in torchvision.
 * Mirrors `torchvision.datasets.FakeData`.
 * @example
 * const [picture, label] = new FakeData({ imageSize: [3, 8, 8] }).get(5);
 * console.log(picture.shape, label.item());
 */
export class FakeData extends Dataset {
  readonly length: number;
  /** [C, H, W] */
  readonly imageSize: readonly [channels: number, height: number, width: number];
  /** How many classes there are. */
  readonly numClasses: number;
  /** What is added to the index of a picture, which is the seed of its noise. */
  readonly randomOffset: number;
  /** What becomes of an image. */
  readonly transform: Transform<ImageBatch, Tensor>;
  /** What becomes of a label. */
  readonly targetTransform: Transform<Tensor, Tensor> | null;
  /** It has no folder. */
  readonly root = null;

  constructor(options?: FakeDataOptions) {
    super();
    const defaults: Required<FakeDataOptions> = {
      size: 1000,
      imageSize: [3, 224, 224],
      numClasses: 10,
      transform: new ToTensor(),
      targetTransform: null,
      randomOffset: 0,
    };
    const { size, imageSize, numClasses, transform, targetTransform, randomOffset } = readOptions(options, defaults);
    check(size >= 0, "__len__() should return >= 0");
    this.length = size;
    this.imageSize = imageSize;
    this.numClasses = numClasses;
    this.transform = transform;
    this.targetTransform = targetTransform;
    this.randomOffset = randomOffset;
  }

  override get(index: Int): Tensor[] {
    const generator = new Generator(checkedIndex(index, this.length) + this.randomOffset);
    const noise = elementsOf(randn(this.imageSize, { generator }));
    const label = elementsOf(randint(0, this.numClasses, 1, { generator }))[0];
    // 255 times each, without its fraction, modulo 256
    const bytes = new Uint8Array(noise.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.trunc(Math.fround(noise[i] * 255));
    const picture = this.transform.apply({ bytes, shape: [1, ...this.imageSize] });
    return [rowOf(picture, 0), labelOf(label, this.targetTransform)];
  }

  /** As torchvision prints it. */
  override toString(): string {
    return datasetText(this);
  }
}
