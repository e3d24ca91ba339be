/** Pictures that are never seen twice in the same way. */
import { Dataset, type Tensor, type transforms } from "lucidgrad";

/** Pictures (N, C, H, W) and the place of each one's class among the classes, (N) int32. */
export interface Labelled {
  readonly pictures: Tensor;
  readonly labels: Tensor;
}

/** Samples [picture, label]; a picture is changed anew whenever it is asked for. */
export class Augmented extends Dataset {
  readonly #samples: Labelled;
  readonly #transform: transforms.Transform<Tensor, Tensor>;

  constructor(samples: Labelled, transform: transforms.Transform<Tensor, Tensor>) {
    super();
    this.#samples = samples;
    this.#transform = transform;
  }

  get length(): number {
    return this.#samples.labels.numel;
  }

  override get(index: number): Tensor[] {
    const { pictures, labels } = this.#samples;
    return [this.#transform.apply(pictures.select(0, index)), labels.select(0, index)];
  }
}
