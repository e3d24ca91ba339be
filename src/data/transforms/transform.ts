/** What a transform is, and those that draw. */
import type { Tensor } from "../../tensor/tensor.ts";
import { chance } from "./draws.ts";

/** Anything with `apply`; Compose chains them. */
export interface Transform<From, To> {
  /** What it makes of a whole batch. */
  apply(batch: From): To;
  /** As torchvision prints it. */
  toString(): string;
  /**
   * Whether it draws: a dataset then gives it one sample at a time, so that each is changed in its own way, with the draws that
   * PyTorch makes. By itself it treats all of a batch alike, as torchvision does. Default: false.
   */
  readonly isRandom?: boolean;
}

/** What draws how it changes a picture. */
export abstract class RandomTransform implements Transform<Tensor, Tensor> {
  get isRandom(): boolean {
    return true;
  }

  /** x, or the same picture changed. */
  abstract apply(x: Tensor): Tensor;
  abstract toString(): string;
}

/** What changes a picture with a probability. */
export abstract class Sometimes extends RandomTransform {
  /** How probable it is. */
  readonly p: number;

  constructor(p: number) {
    super();
    this.p = p;
  }

  override apply(x: Tensor): Tensor {
    return chance(this.p) ? this.changed(x) : x;
  }

  /** The picture, changed. */
  protected abstract changed(x: Tensor): Tensor;

  override toString(): string {
    return `${this.constructor.name}(p=${this.p})`;
  }
}
