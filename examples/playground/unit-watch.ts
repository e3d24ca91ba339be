/** The pictures with which units are looked at: the first of the training set, as many as a batch has, at all times the same. */
import { type Dataset, type nn, stack, type Tensor } from "lucidgrad";
import { hiddenLayers } from "./hidden-layers.ts";
import { type UnitChoice, type UnitValues, unitValues } from "./unit-statistics.ts";

/** What the pictures are: a label and 784 bytes for each. */
export interface WatchedPictures {
  readonly labels: Uint8Array;
  readonly images: Uint8ClampedArray;
}

export interface UnitReport {
  /** What was asked for, or what comes nearest to it in these networks. */
  readonly choice: UnitChoice;
  /** How many hidden layers there are, and how many units the chosen one has. */
  readonly layers: number;
  readonly units: number;
  /** Null if they are those of the report before. */
  readonly pictures: WatchedPictures | null;
  /** A unit of each network. */
  readonly networks: readonly UnitValues[];
}

/** The first pictures of a set, or of one class in it: images (N, 1, 28, 28) and labels (N). */
export function firstPictures(pictures: Dataset, count: number, only: number | null): [images: Tensor, labels: Tensor] {
  const images: Tensor[] = [];
  const labels: Tensor[] = [];
  for (let i = 0; i < pictures.length && images.length < count; i++) {
    const [image, label] = pictures.get(i);
    if (only !== null && label.item() !== only) continue;
    images.push(image);
    labels.push(label);
  }
  return [stack(images), stack(labels)];
}

export class UnitWatch {
  readonly #train: Dataset;
  readonly #batchSize: number;
  #only: number | null = null;
  #batch: [images: Tensor, labels: Tensor] | null = null;

  constructor(train: Dataset, batchSize: number) {
    this.#train = train;
    this.#batchSize = batchSize;
  }

  look(networks: readonly nn.Sequential[], wanted: UnitChoice): UnitReport {
    const hidden = hiddenLayers(networks[0]);
    const layer = Math.min(wanted.layer, hidden.length - 1);
    const units = hidden[layer].weight.shape[0];
    const choice = { ...wanted, layer, unit: Math.min(wanted.unit, units - 1) };
    const isNew = !this.#batch || this.#only !== choice.only;
    if (isNew) this.#batch = firstPictures(this.#train, this.#batchSize, choice.only);
    this.#only = choice.only;
    const [images, labels] = this.#batch!;
    return {
      choice,
      layers: hidden.length,
      units,
      pictures: isNew
        ? { labels: Uint8Array.from(labels.data), images: Uint8ClampedArray.from(images.mul(255).data) }
        : null,
      networks: networks.map((network) => unitValues(network, [images, labels], choice)),
    };
  }
}
