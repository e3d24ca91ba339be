/** The digits that the experiments train on: few enough that all experiments are done in minutes. */

import type { ImageDataset, Tensor } from "lucidgrad";
import { MNIST } from "lucidgrad/datasets";

export interface Digits {
  /** (N, 784), from 0 to 1 */
  readonly images: Tensor;
  /** (N), int32 */
  readonly labels: Tensor;
}

export interface Data {
  readonly train: Digits;
  readonly test: Digits;
}

/** The first 10,000 digits to train on, and the first 2,000 of the others to test with. */
export async function loadData(): Promise<Data> {
  return {
    train: first(10_000, await MNIST.load({ train: true })),
    test: first(2_000, await MNIST.load({ train: false })),
  };
}

function first(count: number, all: ImageDataset): Digits {
  const [images, labels] = all.getBatch(Array.from({ length: count }, (_, i) => i));
  return { images: images.view(count, 784), labels };
}
