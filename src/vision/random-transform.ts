/** Transforms that draw. */
import type { Transform } from "../data/transform.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { chance } from "./draws.ts";

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
